package dev.tidemark.app;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.Tenant;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.collect.Collector;
import dev.tidemark.govern.AlertRoutes;
import dev.tidemark.govern.Alerting;
import dev.tidemark.govern.AuditKey;
import dev.tidemark.govern.AuditLog;
import dev.tidemark.govern.AuditRoutes;
import dev.tidemark.govern.Eraser;
import dev.tidemark.govern.JobRoutes;
import dev.tidemark.govern.Jobs;
import dev.tidemark.govern.PersonExport;
import dev.tidemark.govern.PersonRoutes;
import dev.tidemark.govern.ReplayRoutes;
import dev.tidemark.govern.Replays;
import dev.tidemark.govern.RetentionWork;
import dev.tidemark.http.Routes;
import dev.tidemark.process.Processor;
import dev.tidemark.query.Catalog;
import dev.tidemark.query.DeadLetterRoutes;
import dev.tidemark.query.DeadLetters;
import dev.tidemark.query.SchemaReportRoutes;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.EventStore;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is done with events after they came, and the log of who did what.
 *
 * @param jobs are not started
 */
record GovernParts(Jobs jobs, AuditLog audit, List<Routes> routes) {

    /**
     * Applies what a crash kept from being applied.
     *
     * @param store what is changed
     * @param asked the same, for questions
     * @param kept makes every answer of a tenant begin anew, those that are watched included
     */
    static GovernParts open(
            Closing closing,
            MetadataDatabase metadata,
            AuditKey key,
            AccessParts access,
            PipelineParts pipeline,
            Alerting alerting,
            ClickHouseStore store,
            EventStore asked,
            Catalog catalog,
            Consumer<TenantId> kept,
            TimeSource time,
            UuidV7 ids) {
        Processor processor = pipeline.processor();
        Collector collector = pipeline.collector();
        DeadLetters letters = new DeadLetters(asked);
        Jobs jobs = closing.add("jobs", new Jobs(metadata, time, ids));
        Replays replays = new Replays(
                letters,
                collector,
                store,
                tenant -> processor
                        .status()
                        .get(pipeline.partitioner().of(tenant))
                        .lagSeconds(),
                time);
        AuditLog audit = new AuditLog(metadata, key, time, ids);
        RetentionWork retention = RetentionWork.of(jobs, access.directory(), store, kept);
        Supplier<List<TenantId>> tenants =
                () -> access.accounts().tenants().stream().map(Tenant::id).toList();
        access.accounts().onSettings(retention);
        retention.checkAll(tenants.get());
        jobs.daily(() -> retention.dayIsOver(tenants.get()));
        alerting.watch(() -> collector.lookAtAlerts(tenants.get()));
        return new GovernParts(
                jobs,
                audit,
                List.of(
                        new DeadLetterRoutes(asked),
                        new ReplayRoutes(replays, jobs, letters, store),
                        new JobRoutes(jobs),
                        new AuditRoutes(audit),
                        new AlertRoutes(alerting, time),
                        new PersonRoutes(
                                jobs,
                                new Eraser(store, store, processor, collector, kept, time),
                                new PersonExport(store, collector)),
                        new SchemaReportRoutes(catalog, asked, access.directory())));
    }
}
