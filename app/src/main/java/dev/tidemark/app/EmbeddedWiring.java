package dev.tidemark.app;

import dev.tidemark.account.Accounts;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.SqliteAccountStore;
import dev.tidemark.account.routes.AccountRoutes;
import dev.tidemark.account.routes.SchemaRoutes;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.demo.Demo;
import dev.tidemark.app.demo.DemoRoutes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.cohort.CohortRoutes;
import dev.tidemark.cohort.Cohorts;
import dev.tidemark.cohort.SqliteCohortStore;
import dev.tidemark.collect.CollectConfig;
import dev.tidemark.collect.CollectRoutes;
import dev.tidemark.collect.Collector;
import dev.tidemark.embed.EmbedRoutes;
import dev.tidemark.govern.AuditLog;
import dev.tidemark.govern.AuditRoutes;
import dev.tidemark.govern.AuditedActs;
import dev.tidemark.govern.Eraser;
import dev.tidemark.govern.JobRoutes;
import dev.tidemark.govern.Jobs;
import dev.tidemark.govern.PersonExport;
import dev.tidemark.govern.PersonRoutes;
import dev.tidemark.govern.ReplayRoutes;
import dev.tidemark.govern.Replays;
import dev.tidemark.govern.RetentionWork;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.BlockingDispatch;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.HttpAuthentication;
import dev.tidemark.http.HttpServers;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.StaticRoutes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalSettings;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.journal.RocksJournal;
import dev.tidemark.live.LiveSettings;
import dev.tidemark.live.ReportStreams;
import dev.tidemark.live.StreamRoutes;
import dev.tidemark.operate.HealthRoutes;
import dev.tidemark.operate.MetricsRoutes;
import dev.tidemark.operate.PartState;
import dev.tidemark.operate.PipelineRoutes;
import dev.tidemark.operate.ProcessorReadiness;
import dev.tidemark.operate.ReadinessPart;
import dev.tidemark.process.ProcessSettings;
import dev.tidemark.process.Processor;
import dev.tidemark.process.StoredListener;
import dev.tidemark.query.Admission;
import dev.tidemark.query.AdmissionSettings;
import dev.tidemark.query.Catalog;
import dev.tidemark.query.CatalogRoutes;
import dev.tidemark.query.CohortPeople;
import dev.tidemark.query.DeadLetterRoutes;
import dev.tidemark.query.DeadLetters;
import dev.tidemark.query.ExportRoutes;
import dev.tidemark.query.Exports;
import dev.tidemark.query.KeptBuckets;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.QueryRoutes;
import dev.tidemark.query.SchemaReportRoutes;
import dev.tidemark.report.CacheSettings;
import dev.tidemark.report.CaffeineResultCache;
import dev.tidemark.report.EngineAnswers;
import dev.tidemark.report.ReportAnswerRoutes;
import dev.tidemark.report.ReportExportRoutes;
import dev.tidemark.report.ReportRoutes;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.report.SqliteReportStore;
import dev.tidemark.report.TemplateRoutes;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoreLimits;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server in one process: every part made, in the order in which an event meets them, and closed in reverse. */
final class EmbeddedWiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWiring.class);
    private static final Duration HTTP_GRACE = Duration.ofSeconds(4);
    private static final int MAX_BLOCKING_REQUESTS = 512;
    /** What buckets hold gets half of the memory for results. */
    private static final int SHARE_OF_KEPT_BUCKETS = 2;

    private final Closing closing;
    private final RouteTable routes;
    private final RunningServer running;

    private EmbeddedWiring(Closing closing, RouteTable routes, RunningServer running) {
        this.closing = closing;
        this.routes = routes;
        this.running = running;
    }

    /** Returns when the server is ready. On failure nothing is left open, and the message is one line for the operator. */
    static EmbeddedWiring start(Configuration configuration, Path home, TimeSource time, SecureRandom random) {
        Closing closing = new Closing();
        try {
            return wire(configuration, home, time, random, closing);
        } catch (RuntimeException | Error failure) {
            closing.close();
            throw failure;
        }
    }

    private static EmbeddedWiring wire(
            Configuration configuration, Path home, TimeSource time, SecureRandom random, Closing closing) {
        DataDirectory data = closing.add("data directory", DataDirectory.open(configuration.data()));
        LogFiles.in(data.resolve("logs"));
        PrometheusMeterRegistry registry = registry();
        closing.add("metrics", registry::close);
        UuidV7 ids = new UuidV7(time, random);
        AnalyticalEngine engine = closing.add(
                "engine",
                AnalyticalEngine.start(
                        configuration.engine(), data.resolve("clickhouse"), home, time, random, registry));

        MetadataDatabase metadata = closing.add("metadata", MetadataDatabase.open(data.resolve("tidemark.db")));
        SqliteAccountStore accountStore = new SqliteAccountStore(metadata);
        SnapshotDirectory directory = new SnapshotDirectory(accountStore, time);
        Accounts accounts = closing.add("accounts", new Accounts(accountStore, directory, time, random));
        EmbedTokens tokens = new EmbedTokens(directory, time, ids);
        String named = configuration.tenant();
        TenantId tenant = new TenantId(named != null ? named : configuration.demo() ? "demo" : "default");
        Credentials credentials = Credentials.ensure(data, tenant, accounts, directory);

        ClickHouseStore store =
                closing.add("store", new ClickHouseStore(engine::address, StoreLimits.defaults(), time, registry));
        prepare(store);
        Positions positions = new Positions();
        Journal journal = closing.add("journal", RocksJournal.open(journal(configuration, data), registry));
        AtomicReference<StoredListener> stored = new AtomicReference<>((_, _, _, _) -> {});
        Processor processor = closing.add(
                "processor",
                new Processor(
                        process(configuration, data),
                        journal,
                        store,
                        positions,
                        (partition, before, received, tenants) ->
                                stored.get().stored(partition, before, received, tenants),
                        time,
                        registry));
        processor.start();
        Collector collector = closing.add(
                "collector",
                new Collector(
                        new CollectConfig(
                                configuration.geo().database(),
                                configuration.http().trustedProxies(),
                                CollectConfig.DEFAULT_MAX_IN_FLIGHT,
                                Credentials.maskingKey(data, random)),
                        directory,
                        journal,
                        processor::known,
                        processor::ackDelayMillis,
                        time,
                        random,
                        registry));
        EventStore asked = Admission.to(
                store, AdmissionSettings.ofCores(Runtime.getRuntime().availableProcessors()), time, registry);
        ByteSize cacheSize = configuration.cache().maxSize();
        ByteSize keptSize = new ByteSize(Math.max(1, cacheSize.bytes() / SHARE_OF_KEPT_BUCKETS));
        QueryEngine queries = new QueryEngine(asked, new KeptBuckets(positions, keptSize, time), time, registry);
        Exports exports = new Exports(queries);
        Catalog catalog = new Catalog(asked);
        Cohorts cohorts = new Cohorts(new SqliteCohortStore(metadata), store, directory, time, ids);
        cohorts.sweep();
        Reports reports = new Reports(new SqliteReportStore(metadata), directory, cohorts, time, ids);
        ReportRunner runner = closing.add(
                "report runner",
                new ReportRunner(
                        new EngineAnswers(queries, store::healthy),
                        new CaffeineResultCache(new ByteSize(cacheSize.bytes() - keptSize.bytes()), time),
                        positions,
                        directory,
                        cohorts,
                        time,
                        new CacheSettings(
                                configuration.cache().openLifetime(),
                                configuration.cache().closedLifetime(),
                                CacheSettings.DEFAULTS.patience()),
                        registry));
        Partitioner partitioner = new Partitioner(journal.partitions());
        ReportStreams streams = closing.add(
                "streams",
                new ReportStreams(
                        reports,
                        runner,
                        positions,
                        asker -> processor.status().get(partitioner.of(asker)).lagSeconds(),
                        time,
                        LiveSettings.DEFAULTS,
                        registry));
        stored.set(streams);
        streams.start();
        DeadLetters letters = new DeadLetters(asked);
        Jobs jobs = closing.add("jobs", new Jobs(metadata, time, ids));
        Replays replays = new Replays(
                letters,
                collector,
                store,
                of -> processor.status().get(partitioner.of(of)).lagSeconds(),
                time);
        AuditLog audit = new AuditLog(metadata, Credentials.auditKey(data, random), time, ids);
        RetentionWork retention = RetentionWork.of(jobs, directory, store, runner::invalidate);
        accounts.onSettings(retention);
        retention.checkAll(accountStore.tenants());
        jobs.daily(() -> retention.dayIsOver(accountStore.tenants()));
        Authentication authentication = new HttpAuthentication(directory, tokens);
        WebFiles web = new WebFiles(home.resolve("web").resolve("dist"));

        List<Routes> routes = new ArrayList<>(List.of(
                new CollectRoutes(collector),
                new QueryRoutes(queries, asked, positions, directory, cohorts, time),
                new DeadLetterRoutes(asked),
                new ReplayRoutes(replays, jobs, letters, store),
                new JobRoutes(jobs),
                new AuditRoutes(audit),
                new PersonRoutes(
                        jobs,
                        new Eraser(store, store, processor, collector, runner::invalidate, time),
                        new PersonExport(store, collector)),
                new ExportRoutes(exports, store, positions, directory, cohorts, time),
                new CohortRoutes(cohorts, new CohortPeople(asked), time),
                new ReportRoutes(reports),
                new ReportExportRoutes(reports, exports, directory, cohorts, time),
                new ReportAnswerRoutes(reports, runner),
                new CatalogRoutes(catalog),
                new SchemaReportRoutes(catalog, asked, directory),
                new TemplateRoutes(reports, catalog::propertiesOf),
                new StreamRoutes(streams, authentication, time),
                new EmbedRoutes(reports, tokens, web, time, configuration.http().publicUrl()),
                new AccountRoutes(accounts),
                new SchemaRoutes(accounts),
                new PipelineRoutes(processor::status, partitioner::of),
                new HealthRoutes(List.of(
                        new ReadinessPart("journal", () -> state(journal)),
                        new ReadinessPart("processor", new ProcessorReadiness(processor)),
                        new ReadinessPart("engine", () -> engine.state(store)),
                        new ReadinessPart("accounts", () -> state(metadata)))),
                new MetricsRoutes(registry),
                new OpenApiRoutes(),
                new StaticRoutes(web)));
        if (configuration.demo()) {
            routes.add(DemoRoutes.withReport(
                    reports, tokens, web, tenant, configuration.http().publicUrl()));
        }
        Vertx vertx = closing.add(
                        "event loops", new EventLoops(configuration.http().eventLoops()))
                .vertx();
        ExecutorService virtualThreads = closing.add("request threads", Executors.newVirtualThreadPerTaskExecutor());
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(ids));
        RouteTable table = new RouteTable(
                router,
                new BlockingDispatch(virtualThreads, authentication, MAX_BLOCKING_REQUESTS),
                new AuditedActs(audit, time));
        routes.forEach(part -> part.register(table));
        HttpServers servers = closing.add(
                "http",
                HttpServers.start(
                        vertx,
                        router,
                        configuration.http().host(),
                        configuration.http().port(),
                        configuration.http().eventLoops(),
                        HTTP_GRACE));
        RunningServer running = new RunningServer(
                URI.create("http://" + reachable(configuration.http().host()) + ":" + servers.port()),
                data.root(),
                credentials,
                configuration.demo());
        if (configuration.demo()) {
            closing.add("demo", Demo.start(data.resolve("demo.json"), journal, tenant, time, random));
        }
        jobs.start();
        announce(data, running);
        return new EmbeddedWiring(closing, table, running);
    }

    List<RouteTable.Entry> routes() {
        return routes.entries();
    }

    RunningServer running() {
        return running;
    }

    /** Stops accepting, finishes what is under way, and closes every part. Once. */
    @Override
    public void close() {
        closing.close();
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        return registry;
    }

    private static JournalSettings journal(Configuration configuration, DataDirectory data) {
        JournalSettings defaults = JournalSettings.defaults(data.resolve("journal"));
        return new JournalSettings(
                defaults.directory(),
                configuration.journal().partitions(),
                configuration.journal().maxSize(),
                configuration.journal().diskReserve(),
                defaults.maxQueued());
    }

    private static ProcessSettings process(Configuration configuration, DataDirectory data) {
        ProcessSettings defaults = ProcessSettings.defaults(data.resolve("process"));
        return new ProcessSettings(
                defaults.directory(),
                configuration.process().deduplicationHorizon(),
                configuration.process().batchEvents(),
                defaults.maxBatchBytes(),
                configuration.process().linger(),
                defaults.insertsInFlight(),
                defaults.keptBytes(),
                defaults.keptAge(),
                defaults.refusalsBeforeQuarantine(),
                defaults.retryPause());
    }

    /** An external engine may be down at the start: events are accepted all the same, and the store prepares itself later. */
    private static void prepare(ClickHouseStore store) {
        try {
            store.prepare();
        } catch (TidemarkException failure) {
            if (failure.code() != ErrorCode.ENGINE_UNAVAILABLE) {
                throw failure;
            }
            LOG.atWarn().addKeyValue("why", failure.detail()).log("the engine does not answer yet");
        }
    }

    private static PartState state(Journal journal) {
        return switch (journal.capacity()) {
            case AVAILABLE -> PartState.READY;
            case JOURNAL_FULL -> new PartState.NotReady("the journal is full: the store is too far behind");
            case DISK_FULL -> new PartState.NotReady("there is too little room on the disk");
            case FAILED -> new PartState.NotReady("the journal's disk failed");
        };
    }

    private static PartState state(MetadataDatabase metadata) {
        return metadata.answers() ? PartState.READY : new PartState.NotReady("the database does not answer");
    }

    /** The host under which this machine reaches a listener. */
    private static String reachable(String host) {
        if (host.equals("0.0.0.0") || host.equals("::")) {
            return "127.0.0.1";
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static void announce(DataDirectory data, RunningServer running) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("url", running.url().toString());
        run.put("pid", ProcessHandle.current().pid());
        run.put("tenant", running.credentials().tenant().value());
        run.put("write_key", running.credentials().writeKey().reveal());
        run.put("secret_key", running.credentials().secretKey().reveal());
        DataDirectory.writePrivate(data.runFile(), run);
    }
}
