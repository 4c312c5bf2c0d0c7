package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.collect.CollectConfig;
import dev.tidemark.collect.CollectRoutes;
import dev.tidemark.collect.Collector;
import dev.tidemark.journal.JournalSettings;
import dev.tidemark.journal.RocksJournal;
import dev.tidemark.process.AcceptedListener;
import dev.tidemark.process.ProcessSettings;
import dev.tidemark.process.Processor;
import dev.tidemark.query.Catalog;
import dev.tidemark.query.DeadLetterRoutes;
import dev.tidemark.query.DeadLetters;
import dev.tidemark.query.SchemaReportRoutes;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import dev.tidemark.store.Upkeep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/** A server from the first byte of an event to the engine, with a tenant that no other test has. */
final class GovernFixture implements AutoCloseable {
    final TenantId tenant = new TenantId("g-" + UUID.randomUUID());
    final ServerFixture server;
    final EventStore store = EngineFixture.shared().store();
    final Upkeep upkeep = EngineFixture.shared().upkeep();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RocksJournal journal;
    final Processor processor;
    final Collector collector;
    final MetadataDatabase database;
    final DeadLetters letters = new DeadLetters(store);
    final Jobs jobs;
    final Alerting alerting;
    final AuditLog audit;
    final Replays replays;
    final UuidV7 ids;
    final String key;
    final List<TenantId> forgotten = new CopyOnWriteArrayList<>();
    volatile ToDoubleFunction<TenantId> lag = _ -> 0;

    GovernFixture(Path directory) {
        server = new ServerFixture(directory);
        server.accounts.ensureTenant(tenant);
        key = server.key(tenant, AccessKey.Kind.SECRET);
        journal = RocksJournal.open(
                new JournalSettings(
                        directory.resolve("journal"),
                        1,
                        ByteSize.mebibytes(100),
                        new ByteSize(0),
                        ByteSize.mebibytes(16)),
                meters);
        processor = new Processor(
                new ProcessSettings(
                        directory.resolve("process"),
                        Duration.ofHours(1),
                        500,
                        ByteSize.mebibytes(1),
                        Duration.ofMillis(1),
                        3,
                        ByteSize.mebibytes(1),
                        Duration.ofHours(1),
                        4,
                        Duration.ofMillis(1)),
                journal,
                store,
                server.positions,
                (_, _, _, _) -> {},
                AcceptedListener.NONE,
                TimeSource.system(),
                meters);
        processor.start();
        ids = new UuidV7(server.time, new Random(11));
        database = MetadataDatabase.open(directory.resolve("govern.db"));
        alerting = alerting(new OutboundWeb(true));
        collector = new Collector(
                new CollectConfig(null, 0, ByteSize.mebibytes(64), new Secret("masking key of a test")),
                server.tenants,
                EventAllowance.UNLIMITED,
                FairShare.UNBOUNDED,
                journal,
                processor::known,
                _ -> 0,
                server.time,
                new Random(12),
                meters,
                alerting);
        jobs = new Jobs(database, server.time, ids);
        replays = new Replays(letters, collector, upkeep, of -> lag.applyAsDouble(of), server.time);
        audit = new AuditLog(database, AuditKey.make(new SecureRandom()), server.time, ids);
        server.acts = new AuditedActs(audit, server.time);
        RetentionWork retention = new RetentionWork(jobs, server.tenants, upkeep, forgotten::add);
        jobs.does(retention);
        server.accounts.onSettings(retention);
        new AuditRoutes(audit).register(server.table);
        new AlertRoutes(alerting, server.time).register(server.table);
        new SchemaReportRoutes(new Catalog(store), store, server.tenants).register(server.table);
        new CollectRoutes(collector).register(server.table);
        new DeadLetterRoutes(store).register(server.table);
        new ReplayRoutes(replays, jobs, letters, upkeep).register(server.table);
        new JobRoutes(jobs).register(server.table);
        Eraser eraser = new Eraser(store, upkeep, processor, collector, forgotten::add, server.time);
        new PersonRoutes(jobs, eraser, new PersonExport(store, collector)).register(server.table);
    }

    /** Another one on the same database, as after a restart. It is not started. */
    Alerting alerting(OutboundWeb web) {
        return new Alerting(database, server.tenants, new Webhook(web, server.time), server.time, ids, meters);
    }

    TenantSettings settings(String json) {
        return server.accounts.changeSettings(tenant, json(json));
    }

    /** Sends JSON, with single quotes read as double ones. */
    HttpResponse<String> send(String method, String path, String body) {
        return server.send(method, path, body.replace('\'', '"'), "Authorization", "Bearer " + key);
    }

    JsonNode ok(String method, String path, String body) {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return ServerFixture.json(response);
    }

    JsonNode get(String path) {
        return ok("GET", path, "");
    }

    /** Waits until everything that was sent is in the store. */
    void settle() {
        await(() -> processor.status().stream()
                .allMatch(status -> status.storedThrough() == journal.endOffset(status.partition())));
    }

    /** Does every job to its end. */
    JsonNode finish(String jobId) {
        for (int round = 0; round < 1_000; round++) {
            JsonNode job = get("/api/v1/jobs/" + jobId);
            String state = job.path("state").asText();
            if (state.equals("done") || state.equals("failed")) {
                return job;
            }
            if (!jobs.round()) {
                server.time.advance(Duration.ofMinutes(2));
            }
        }
        throw new AssertionError("the job does not end: " + get("/api/v1/jobs/" + jobId));
    }

    long count(Table table, String expression) {
        return ask(table, expression).longAt(0, 0);
    }

    Rows ask(Table table, String expression) {
        return store.query(
                tenant,
                Select.from(table, new Parameters(tenant))
                        .column(expression, "answer")
                        .build());
    }

    static JsonNode json(String text) {
        try {
            return ServerFixture.JSON.readTree(text.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        jobs.close();
        alerting.close();
        server.close();
        collector.close();
        processor.close();
        journal.close();
        database.close();
    }
}
