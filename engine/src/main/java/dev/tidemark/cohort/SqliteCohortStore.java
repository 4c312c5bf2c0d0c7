package dev.tidemark.cohort;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Cohorts in the metadata database. */
public final class SqliteCohortStore implements CohortStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SELECT = """
            SELECT cohort_id, name, description, definition, list_id, version, created_at, updated_at FROM cohorts
            WHERE tenant_id = :tenant
            """;

    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteCohortStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("cohort");
    }

    @Override
    public void add(DefinedCohort cohort) {
        int added = database.write(handle -> {
            adopt(handle, cohort);
            return bound(cohort, handle.createUpdate("""
                            INSERT INTO cohorts (tenant_id, cohort_id, name, description, definition, list_id, version,
                                created_at, updated_at)
                            VALUES (:tenant, :id, :name, :description, :definition, :list, :version, :created, :updated)
                            ON CONFLICT DO NOTHING
                            """))
                    .bind("created", cohort.createdAt().toEpochMilli())
                    .execute();
        });
        if (added == 0) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there is such a cohort already");
        }
    }

    @Override
    public Optional<DefinedCohort> find(TenantId tenant, CohortId id) {
        return database.read(handle -> find(handle, tenant, id));
    }

    @Override
    public List<DefinedCohort> list(TenantId tenant) {
        return database.read(handle -> handle.createQuery(SELECT + "ORDER BY created_at, cohort_id")
                .bind("tenant", tenant.value())
                .map((row, _) -> cohort(tenant, row))
                .list());
    }

    @Override
    public boolean replace(DefinedCohort cohort) {
        return database.write(handle -> {
            Optional<DefinedCohort> before = find(handle, cohort.tenant(), cohort.id());
            if (before.isEmpty() || before.get().version() != cohort.version() - 1) {
                return false;
            }
            abandon(handle, before.get());
            adopt(handle, cohort);
            return bound(cohort, handle.createUpdate("""
                                    UPDATE cohorts SET name = :name, description = :description,
                                        definition = :definition, list_id = :list, version = :version,
                                        updated_at = :updated
                                    WHERE tenant_id = :tenant AND cohort_id = :id
                                    """)).execute() == 1;
        });
    }

    @Override
    public boolean remove(TenantId tenant, CohortId id) {
        return database.write(handle -> {
            find(handle, tenant, id).ifPresent(cohort -> abandon(handle, cohort));
            return handle.createUpdate("DELETE FROM cohorts WHERE tenant_id = :tenant AND cohort_id = :id")
                            .bind("tenant", tenant.value())
                            .bind("id", id.value())
                            .execute()
                    == 1;
        });
    }

    @Override
    public void abandon(AbandonedList list) {
        database.write(handle -> mark(handle, list.tenant(), list.list()));
    }

    @Override
    public void removed(AbandonedList list) {
        database.write(handle -> unmark(handle, list.tenant(), list.list()));
    }

    @Override
    public List<AbandonedList> abandoned() {
        return database.read(handle -> handle.createQuery(
                        "SELECT tenant_id, list_id FROM abandoned_lists ORDER BY list_id")
                .map((row, _) -> new AbandonedList(
                        new TenantId(row.getString("tenant_id")), new MemberList(row.getString("list_id"))))
                .list());
    }

    private static Optional<DefinedCohort> find(Handle handle, TenantId tenant, CohortId id) {
        return handle.createQuery(SELECT + "AND cohort_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map((row, _) -> cohort(tenant, row))
                .findOne();
    }

    private static void abandon(Handle handle, DefinedCohort cohort) {
        if (cohort.content() instanceof DefinedCohort.Static content) {
            mark(handle, cohort.tenant(), content.list());
        }
    }

    private static void adopt(Handle handle, DefinedCohort cohort) {
        if (cohort.content() instanceof DefinedCohort.Static content) {
            unmark(handle, cohort.tenant(), content.list());
        }
    }

    private static int mark(Handle handle, TenantId tenant, MemberList list) {
        return handle.createUpdate(
                        "INSERT INTO abandoned_lists (tenant_id, list_id) VALUES (:tenant, :list) ON CONFLICT DO NOTHING")
                .bind("tenant", tenant.value())
                .bind("list", list.value())
                .execute();
    }

    private static int unmark(Handle handle, TenantId tenant, MemberList list) {
        return handle.createUpdate("DELETE FROM abandoned_lists WHERE tenant_id = :tenant AND list_id = :list")
                .bind("tenant", tenant.value())
                .bind("list", list.value())
                .execute();
    }

    private static Update bound(DefinedCohort cohort, Update update) {
        return update.bind("tenant", cohort.tenant().value())
                .bind("id", cohort.id().value())
                .bind("name", cohort.name())
                .bind("description", cohort.description())
                .bind("definition", definition(cohort))
                .bind("list", list(cohort))
                .bind("version", cohort.version())
                .bind("updated", cohort.updatedAt().toEpochMilli());
    }

    private static @Nullable String definition(DefinedCohort cohort) {
        return cohort.content() instanceof DefinedCohort.Dynamic dynamic
                ? dynamic.definition().toString()
                : null;
    }

    private static @Nullable String list(DefinedCohort cohort) {
        return cohort.content() instanceof DefinedCohort.Static content
                ? content.list().value()
                : null;
    }

    private static DefinedCohort cohort(TenantId tenant, ResultSet row) throws SQLException {
        String list = row.getString("list_id");
        return new DefinedCohort(
                tenant,
                new CohortId(row.getString("cohort_id")),
                row.getString("name"),
                row.getString("description"),
                list == null ? dynamic(row.getString("definition")) : new DefinedCohort.Static(new MemberList(list)),
                row.getLong("version"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }

    private static DefinedCohort.Dynamic dynamic(String definition) {
        try {
            return new DefinedCohort.Dynamic(JSON.readTree(definition));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored cohort is not JSON", e);
        }
    }
}
