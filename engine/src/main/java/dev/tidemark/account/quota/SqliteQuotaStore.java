package dev.tidemark.account.quota;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Plans in the metadata database, in tables that the account stage's migrations make. */
public final class SqliteQuotaStore implements QuotaStore {
    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteQuotaStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("account");
    }

    @Override
    public List<Plan> plans() {
        return database.read(handle -> handle.createQuery("SELECT plan_id, limits FROM plans ORDER BY plan_id")
                .map((row, _) -> new Plan(row.getString("plan_id"), LimitsJson.parse(row.getString("limits"))))
                .list());
    }

    @Override
    public void replacePlans(List<Plan> plans) {
        boolean _ = database.write(handle -> {
            handle.execute("DELETE FROM plans");
            for (Plan plan : plans) {
                handle.createUpdate("INSERT INTO plans (plan_id, limits) VALUES (:id, :limits)")
                        .bind("id", plan.id())
                        .bind("limits", LimitsJson.said(plan.limits()).toString())
                        .execute();
            }
            return true;
        });
    }

    @Override
    public Map<TenantId, TenantPlan> tenants() {
        return database.read(handle -> handle
                .createQuery("SELECT tenant_id, plan_id, overrides FROM tenant_plans")
                .map((row, _) -> Map.entry(
                        new TenantId(row.getString("tenant_id")),
                        new TenantPlan(row.getString("plan_id"), LimitsJson.parse(row.getString("overrides")))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public void give(TenantId tenant, TenantPlan plan) {
        int given = database.write(handle -> handle.createUpdate("""
                        INSERT INTO tenant_plans (tenant_id, plan_id, overrides)
                        SELECT tenant_id, :plan, :overrides FROM tenants WHERE tenant_id = :tenant
                        ON CONFLICT (tenant_id) DO UPDATE SET plan_id = excluded.plan_id, overrides = excluded.overrides
                        """)
                .bind("tenant", tenant.value())
                .bind("plan", plan.plan())
                .bind("overrides", LimitsJson.said(plan.overrides()).toString())
                .execute());
        if (given == 0) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }

    @Override
    public void addQueries(Map<TenantId, Long> queries, LocalDate day) {
        if (queries.isEmpty()) {
            return;
        }
        boolean _ = database.write(handle -> {
            try (PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO queries_by_day (tenant_id, day, queries)
                    SELECT tenant_id, :day, :queries FROM tenants WHERE tenant_id = :tenant
                    ON CONFLICT (tenant_id, day) DO UPDATE SET queries = queries + excluded.queries
                    """)) {
                queries.forEach((tenant, count) -> batch.bind("tenant", tenant.value())
                        .bind("day", day.toEpochDay())
                        .bind("queries", count)
                        .add());
                batch.execute();
            }
            return true;
        });
    }

    @Override
    public Map<LocalDate, Long> queries(TenantId tenant, LocalDate from) {
        return database.read(handle -> handle
                .createQuery("SELECT day, queries FROM queries_by_day WHERE tenant_id = :tenant AND day >= :from")
                .bind("tenant", tenant.value())
                .bind("from", from.toEpochDay())
                .map((row, _) -> Map.entry(LocalDate.ofEpochDay(row.getLong("day")), row.getLong("queries")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new)));
    }

    @Override
    public void forgetQueries(LocalDate before) {
        int _ = database.write(handle -> handle.createUpdate("DELETE FROM queries_by_day WHERE day < :before")
                .bind("before", before.toEpochDay())
                .execute());
    }
}
