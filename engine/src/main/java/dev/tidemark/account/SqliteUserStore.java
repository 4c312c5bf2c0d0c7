package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Users in the metadata database, in tables that the account stage's migrations make. */
public final class SqliteUserStore implements UserStore {
    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteUserStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("account");
    }

    @Override
    public void addUser(User user) {
        database.write(handle -> {
            int added = bound(handle.createUpdate("""
                    INSERT INTO users (user_id, email, name, password_hash, identity, administrator, created_at)
                    VALUES (:id, :email, :name, :password, :identity, :administrator, :created)
                    ON CONFLICT DO NOTHING
                    """), user).execute();
            if (added == 0) {
                throw taken();
            }
            return added;
        });
    }

    @Override
    public boolean replaceUser(User user) {
        return database.write(handle -> {
            if (!exists(
                    handle, "SELECT 1 FROM users WHERE user_id = :id", user.id().value())) {
                return false;
            }
            int changed = bound(handle.createUpdate("""
                    UPDATE OR IGNORE users SET email = :email, name = :name, password_hash = :password, identity = :identity,
                        administrator = :administrator, created_at = :created
                    WHERE user_id = :id
                    """), user).execute();
            if (changed == 0) {
                throw taken();
            }
            return true;
        });
    }

    @Override
    public boolean removeUser(UserId user) {
        return database.write(handle -> {
            handle.createUpdate("DELETE FROM memberships WHERE user_id = :id")
                    .bind("id", user.value())
                    .execute();
            handle.createUpdate("DELETE FROM report_grants WHERE holder = 'user' AND subject = :id")
                    .bind("id", user.value())
                    .execute();
            return handle.createUpdate("DELETE FROM users WHERE user_id = :id")
                            .bind("id", user.value())
                            .execute()
                    == 1;
        });
    }

    @Override
    public List<User> users() {
        return database.read(handle -> handle.createQuery(
                        "SELECT user_id, email, name, password_hash, identity, administrator, created_at"
                                + " FROM users ORDER BY created_at, user_id")
                .map((row, _) -> user(row))
                .list());
    }

    @Override
    public void putMembership(Membership membership) {
        database.write(handle -> {
            requireTenant(handle, membership.tenant());
            if (!exists(
                    handle,
                    "SELECT 1 FROM users WHERE user_id = :id",
                    membership.user().value())) {
                throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such user");
            }
            return handle.createUpdate("""
                            INSERT INTO memberships (tenant_id, user_id, role, created_at)
                            VALUES (:tenant, :user, :role, :created)
                            ON CONFLICT (tenant_id, user_id) DO UPDATE SET role = :role
                            """)
                    .bind("tenant", membership.tenant().value())
                    .bind("user", membership.user().value())
                    .bind("role", membership.role().wireName())
                    .bind("created", membership.createdAt().toEpochMilli())
                    .execute();
        });
    }

    @Override
    public boolean removeMembership(TenantId tenant, UserId user) {
        return database.write(handle -> {
            handle.createUpdate(
                            "DELETE FROM report_grants WHERE tenant_id = :tenant AND holder = 'user' AND subject = :user")
                    .bind("tenant", tenant.value())
                    .bind("user", user.value())
                    .execute();
            return handle.createUpdate("DELETE FROM memberships WHERE tenant_id = :tenant AND user_id = :user")
                            .bind("tenant", tenant.value())
                            .bind("user", user.value())
                            .execute()
                    == 1;
        });
    }

    @Override
    public List<Membership> memberships() {
        return database.read(handle -> handle.createQuery(
                        "SELECT tenant_id, user_id, role, created_at FROM memberships ORDER BY created_at, tenant_id, user_id")
                .map((row, _) -> new Membership(
                        new TenantId(row.getString("tenant_id")),
                        new UserId(row.getString("user_id")),
                        Role.of(row.getString("role"), "role"),
                        Instant.ofEpochMilli(row.getLong("created_at"))))
                .list());
    }

    @Override
    public void replaceGrants(TenantId tenant, String reportId, List<ReportGrant> grants) {
        database.write(handle -> {
            requireTenant(handle, tenant);
            handle.createUpdate("DELETE FROM report_grants WHERE tenant_id = :tenant AND report_id = :report")
                    .bind("tenant", tenant.value())
                    .bind("report", reportId)
                    .execute();
            for (ReportGrant grant : grants) {
                handle.createUpdate("""
                                INSERT INTO report_grants (tenant_id, report_id, holder, subject, level)
                                VALUES (:tenant, :report, :holder, :subject, :level)
                                """)
                        .bind("tenant", tenant.value())
                        .bind("report", reportId)
                        .bind("holder", kind(grant.holder()))
                        .bind("subject", subject(grant.holder()))
                        .bind("level", grant.level().name().toLowerCase(Locale.ROOT))
                        .execute();
            }
            return grants.size();
        });
    }

    @Override
    public Map<String, List<ReportGrant>> grants(TenantId tenant) {
        return database.read(handle -> {
            Map<String, List<ReportGrant>> byReport = new LinkedHashMap<>();
            handle.createQuery("""
                            SELECT report_id, holder, subject, level FROM report_grants
                            WHERE tenant_id = :tenant ORDER BY report_id, holder, subject
                            """)
                    .bind("tenant", tenant.value())
                    .map((row, _) -> byReport.computeIfAbsent(row.getString("report_id"), _ -> new ArrayList<>())
                            .add(grant(row)))
                    .list();
            return byReport;
        });
    }

    private static ReportGrant grant(ResultSet row) throws SQLException {
        String subject = row.getString("subject");
        return new ReportGrant(
                row.getString("holder").equals("user")
                        ? new ReportGrant.Holder.Named(new UserId(subject))
                        : new ReportGrant.Holder.Everyone(Role.of(subject, "role")),
                ReportGrant.Level.valueOf(row.getString("level").toUpperCase(Locale.ROOT)));
    }

    private static String kind(ReportGrant.Holder holder) {
        return switch (holder) {
            case ReportGrant.Holder.Named _ -> "user";
            case ReportGrant.Holder.Everyone _ -> "role";
        };
    }

    private static String subject(ReportGrant.Holder holder) {
        return switch (holder) {
            case ReportGrant.Holder.Named named -> named.user().value();
            case ReportGrant.Holder.Everyone everyone -> everyone.role().wireName();
        };
    }

    private static Update bound(Update update, User user) {
        Secret password = user.passwordHash();
        return update.bind("id", user.id().value())
                .bind("email", user.email())
                .bind("name", user.name())
                .bind("password", password == null ? null : password.reveal())
                .bind("identity", user.identity())
                .bind("administrator", user.administrator() ? 1 : 0)
                .bind("created", user.createdAt().toEpochMilli());
    }

    private static User user(ResultSet row) throws SQLException {
        String password = row.getString("password_hash");
        return new User(
                new UserId(row.getString("user_id")),
                row.getString("email"),
                row.getString("name"),
                password == null ? null : new Secret(password),
                row.getString("identity"),
                row.getInt("administrator") == 1,
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    private static void requireTenant(Handle handle, TenantId tenant) {
        if (!exists(handle, "SELECT 1 FROM tenants WHERE tenant_id = :id", tenant.value())) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }

    private static boolean exists(Handle handle, String query, String id) {
        return handle.createQuery(query)
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static TidemarkException taken() {
        return new TidemarkException(ErrorCode.CONFLICT, "there is such a user already");
    }
}
