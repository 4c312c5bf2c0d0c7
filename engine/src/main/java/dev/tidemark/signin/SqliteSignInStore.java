package dev.tidemark.signin;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.Role;
import dev.tidemark.account.UserId;
import dev.tidemark.base.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sessions and links in the metadata database. */
final class SqliteSignInStore implements SignInStore {
    private static final String LINK =
            "SELECT link_id, link_hash, purpose, tenant_id, role, email, created_at, expires_at, used_at FROM one_time_links ";

    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    SqliteSignInStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("signin");
    }

    @Override
    public void put(StoredSession session) {
        TenantId tenant = session.tenant();
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO sessions (session_hash, user_id, tenant_id, created_at, last_used_at, address, agent)
                        VALUES (:hash, :user, :tenant, :created, :used, :address, :agent)
                        ON CONFLICT (session_hash) DO UPDATE SET tenant_id = :tenant, last_used_at = :used
                        """)
                .bind("hash", session.hash())
                .bind("user", session.user().value())
                .bind("tenant", tenant == null ? null : tenant.value())
                .bind("created", session.createdAt().toEpochMilli())
                .bind("used", session.lastUsedAt().toEpochMilli())
                .bind("address", session.arrival().address())
                .bind("agent", session.arrival().agent())
                .execute());
    }

    @Override
    public void removeSession(String hash) {
        database.write(handle -> handle.createUpdate("DELETE FROM sessions WHERE session_hash = :hash")
                .bind("hash", hash)
                .execute());
    }

    @Override
    public List<StoredSession> sessions() {
        return database.read(handle -> handle.createQuery(
                        "SELECT session_hash, user_id, tenant_id, created_at, last_used_at, address, agent"
                                + " FROM sessions ORDER BY created_at")
                .map((row, _) -> new StoredSession(
                        row.getString("session_hash"),
                        new UserId(row.getString("user_id")),
                        tenant(row),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        Instant.ofEpochMilli(row.getLong("last_used_at")),
                        new Arrival(row.getString("address"), row.getString("agent"))))
                .list());
    }

    @Override
    public void putDisabled(UserId user, Instant at) {
        database.write(handle -> handle.createUpdate(
                        "INSERT INTO disabled_users (user_id, disabled_at) VALUES (:user, :at) ON CONFLICT DO NOTHING")
                .bind("user", user.value())
                .bind("at", at.toEpochMilli())
                .execute());
    }

    @Override
    public void removeDisabled(UserId user) {
        database.write(handle -> handle.createUpdate("DELETE FROM disabled_users WHERE user_id = :user")
                .bind("user", user.value())
                .execute());
    }

    @Override
    public Map<UserId, Instant> disabled() {
        return database.read(handle -> handle
                .createQuery("SELECT user_id, disabled_at FROM disabled_users")
                .map((row, _) -> Map.entry(
                        new UserId(row.getString("user_id")), Instant.ofEpochMilli(row.getLong("disabled_at"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public void addLink(OneTimeLink link) {
        TenantId tenant = link.tenant();
        Role role = link.role();
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO one_time_links (link_id, link_hash, purpose, tenant_id, role, email, created_at, expires_at)
                        VALUES (:id, :hash, :purpose, :tenant, :role, :email, :created, :expires)
                        """)
                .bind("id", link.id())
                .bind("hash", link.hash())
                .bind("purpose", lower(link.purpose()))
                .bind("tenant", tenant == null ? null : tenant.value())
                .bind("role", role == null ? null : role.wireName())
                .bind("email", link.email())
                .bind("created", link.createdAt().toEpochMilli())
                .bind("expires", link.expiresAt().toEpochMilli())
                .execute());
    }

    @Override
    public Optional<OneTimeLink> findLink(String hash) {
        return database.read(handle -> handle.createQuery(LINK + "WHERE link_hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> link(row))
                .findOne());
    }

    @Override
    public boolean useLink(String hash, Instant now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE one_time_links SET used_at = :now
                        WHERE link_hash = :hash AND used_at IS NULL AND expires_at > :now
                        """)
                        .bind("hash", hash)
                        .bind("now", now.toEpochMilli())
                        .execute()
                == 1);
    }

    @Override
    public List<OneTimeLink> invitations(TenantId tenant, Instant now) {
        return database.read(handle -> handle.createQuery(LINK
                        + "WHERE tenant_id = :tenant AND purpose = 'invitation' AND used_at IS NULL AND expires_at > :now"
                        + " ORDER BY created_at DESC, link_id")
                .bind("tenant", tenant.value())
                .bind("now", now.toEpochMilli())
                .map((row, _) -> link(row))
                .list());
    }

    @Override
    public List<OneTimeLink> invitationsFor(String email, Instant now) {
        return database.read(handle -> handle.createQuery(LINK
                        + "WHERE email = :email AND purpose = 'invitation' AND used_at IS NULL AND expires_at > :now"
                        + " ORDER BY created_at, link_id")
                .bind("email", email)
                .bind("now", now.toEpochMilli())
                .map((row, _) -> link(row))
                .list());
    }

    @Override
    public boolean removeLink(TenantId tenant, String id) {
        return database.write(
                handle -> handle.createUpdate("DELETE FROM one_time_links WHERE tenant_id = :tenant AND link_id = :id")
                                .bind("tenant", tenant.value())
                                .bind("id", id)
                                .execute()
                        == 1);
    }

    @Override
    public void removeLinks(OneTimeLink.Purpose purpose, @Nullable String email) {
        database.write(handle -> handle.createUpdate(
                        "DELETE FROM one_time_links WHERE purpose = :purpose AND COALESCE(email, '') = :email")
                .bind("purpose", lower(purpose))
                .bind("email", email == null ? "" : email)
                .execute());
    }

    @Override
    public void forgetLinks(Instant before) {
        database.write(handle -> handle.createUpdate("DELETE FROM one_time_links WHERE expires_at <= :before")
                .bind("before", before.toEpochMilli())
                .execute());
    }

    private static OneTimeLink link(ResultSet row) throws SQLException {
        String role = row.getString("role");
        long used = row.getLong("used_at");
        Instant usedAt = row.wasNull() ? null : Instant.ofEpochMilli(used);
        return new OneTimeLink(
                row.getString("link_id"),
                row.getString("link_hash"),
                OneTimeLink.Purpose.valueOf(row.getString("purpose").toUpperCase(Locale.ROOT)),
                tenant(row),
                role == null ? null : Role.of(role, "role"),
                row.getString("email"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                usedAt);
    }

    private static @Nullable TenantId tenant(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant_id");
        return tenant == null ? null : new TenantId(tenant);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
