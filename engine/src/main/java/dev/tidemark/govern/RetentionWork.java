package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.Retention;
import dev.tidemark.store.Table;
import dev.tidemark.store.Upkeep;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Has what is stored follow a tenant's retention when that changes: every row gets its new day of expiry, and what has expired by it goes.
 * Between the days the engine's own merges remove what expires; no question sees it from its day on.
 */
public final class RetentionWork implements JobWork, Accounts.SettingsListener {
    static final String KIND = "apply_retention";
    private static final List<Table> TABLES =
            List.of(Table.EVENTS, Table.ROLLUP_HOUR, Table.ROLLUP_MINUTE, Table.DEAD_LETTERS);

    private final Jobs jobs;
    private final TenantDirectory tenants;
    private final Upkeep upkeep;
    private final Consumer<TenantId> kept;

    /**
     * The work of jobs.
     *
     * @param kept forgets the answers that are kept for a tenant
     */
    public static RetentionWork of(Jobs jobs, TenantDirectory tenants, Upkeep upkeep, Consumer<TenantId> kept) {
        RetentionWork work = new RetentionWork(jobs, tenants, upkeep, kept);
        jobs.does(work);
        return work;
    }

    RetentionWork(Jobs jobs, TenantDirectory tenants, Upkeep upkeep, Consumer<TenantId> kept) {
        this.jobs = jobs;
        this.tenants = tenants;
        this.upkeep = upkeep;
        this.kept = kept;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Permission seenWith() {
        return Permission.SETTINGS_READ;
    }

    @Override
    public void changed(TenantId tenant, TenantSettings before, TenantSettings after) {
        if (!rules(before).equals(rules(after))) {
            Job _ = jobs.submit(tenant, KIND, rules(after));
        }
    }

    /** At the start: what a crash kept from being applied, is. */
    public void checkAll(List<TenantId> all) {
        for (TenantId tenant : all) {
            ObjectNode now = rules(tenants.settings(tenant));
            Optional<Job> last = jobs.last(tenant, KIND);
            boolean applied = last.map(job -> job.request().equals(now) && job.state() != Job.State.FAILED)
                    .orElse(now.equals(rules(TenantSettings.DEFAULTS)));
            if (!applied) {
                Job _ = jobs.submit(tenant, KIND, now);
            }
        }
    }

    /** Has kept answers forget what expired with the day. */
    public void dayIsOver(List<TenantId> all) {
        ObjectNode forEver = rules(TenantSettings.DEFAULTS);
        all.stream()
                .filter(tenant -> !rules(tenants.settings(tenant)).equals(forEver))
                .forEach(kept);
    }

    /** One table a step, by the settings of this moment: a later change has a job of its own, which changes nothing more. */
    @Override
    public Advance advance(Job job) {
        ObjectNode progress = job.progress().deepCopy();
        int done = progress.path("tables").asInt();
        if (done == TABLES.size()) {
            kept.accept(job.tenant());
            return new Advance.Done(job.request(), progress);
        }
        TenantSettings settings = tenants.settings(job.tenant());
        upkeep.retain(
                new Retention(
                        job.tenant(),
                        settings.retentionDays(),
                        settings.governance().retentionDaysByType()),
                TABLES.get(done));
        return new Advance.Further(progress.put("tables", done + 1));
    }

    private static ObjectNode rules(TenantSettings settings) {
        ObjectNode rules = JsonNodeFactory.instance.objectNode();
        rules.put("retention_days", settings.retentionDays());
        ObjectNode byType = rules.putObject("retention_days_by_type");
        new TreeMap<>(settings.governance().retentionDaysByType()).forEach(byType::put);
        return rules;
    }
}
