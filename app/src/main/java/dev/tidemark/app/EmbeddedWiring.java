package dev.tidemark.app;

import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.LocalRateLimiter;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.Tenant;
import dev.tidemark.account.quota.FairShares;
import dev.tidemark.account.quota.FairnessSettings;
import dev.tidemark.account.quota.MeasuredSizes;
import dev.tidemark.account.quota.PlanRoutes;
import dev.tidemark.account.quota.Plans;
import dev.tidemark.account.quota.QuotaStore;
import dev.tidemark.account.quota.QuotaWatch;
import dev.tidemark.account.quota.Quotas;
import dev.tidemark.account.quota.SqliteQuotaStore;
import dev.tidemark.account.quota.UsageRoutes;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.demo.Demo;
import dev.tidemark.app.demo.DemoRoutes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.cohort.CohortRoutes;
import dev.tidemark.cohort.Cohorts;
import dev.tidemark.cohort.SqliteCohortStore;
import dev.tidemark.collect.CollectRoutes;
import dev.tidemark.embed.EmbedRoutes;
import dev.tidemark.embed.ShareRoutes;
import dev.tidemark.govern.Alerting;
import dev.tidemark.govern.AuditedActs;
import dev.tidemark.govern.Webhook;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.BlockingDispatch;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.HttpLimits;
import dev.tidemark.http.HttpServers;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SecurityHeaders;
import dev.tidemark.http.StaticRoutes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.live.EngineFolding;
import dev.tidemark.live.LiveSettings;
import dev.tidemark.live.ReportStreams;
import dev.tidemark.live.StreamRoutes;
import dev.tidemark.operate.HealthRoutes;
import dev.tidemark.operate.MetricsRoutes;
import dev.tidemark.operate.PartState;
import dev.tidemark.operate.PipelineRoutes;
import dev.tidemark.operate.ProcessorReadiness;
import dev.tidemark.operate.ReadinessPart;
import dev.tidemark.process.Processor;
import dev.tidemark.query.Admission;
import dev.tidemark.query.AdmissionSettings;
import dev.tidemark.query.Catalog;
import dev.tidemark.query.CatalogRoutes;
import dev.tidemark.query.CohortPeople;
import dev.tidemark.query.DrillDown;
import dev.tidemark.query.ExportRoutes;
import dev.tidemark.query.Exports;
import dev.tidemark.query.KeptBuckets;
import dev.tidemark.query.PropertyValues;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.QueryRoutes;
import dev.tidemark.report.CacheSettings;
import dev.tidemark.report.CaffeineResultCache;
import dev.tidemark.report.EngineAnswers;
import dev.tidemark.report.ReportAnswerRoutes;
import dev.tidemark.report.ReportExportRoutes;
import dev.tidemark.report.ReportGrantRoutes;
import dev.tidemark.report.ReportRoutes;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.ReportViewerRoutes;
import dev.tidemark.report.Reports;
import dev.tidemark.report.SqliteReportStore;
import dev.tidemark.report.TemplateRoutes;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoreLimits;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
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
        AccessParts access = AccessParts.open(closing, metadata, configuration, time, random, ids);
        SnapshotDirectory directory = access.directory();
        EmbedTokens tokens = access.embedTokens();
        String named = configuration.tenant();
        TenantId tenant = new TenantId(named != null ? named : configuration.demo() ? "demo" : "default");
        Credentials credentials = Credentials.ensure(data, tenant, access.accounts(), directory);

        ClickHouseStore store =
                closing.add("store", new ClickHouseStore(engine::address, StoreLimits.defaults(), time, registry));
        prepare(store);
        QuotaStore quotaStore = new SqliteQuotaStore(metadata);
        MeasuredSizes sizes = new MeasuredSizes(store::sizes);
        Quotas quotas = new Quotas(new Plans(quotaStore), quotaStore, new LocalRateLimiter(time), sizes, time);
        Alerting alerting = closing.add(
                "alerts", new Alerting(metadata, directory, new Webhook(access.webhooks(), time), time, ids, registry));
        FairShares fairShares = closing.add(
                "fair shares",
                new FairShares(
                        FairnessSettings.busyFrom(configuration.fairness().busyPercent() / 100.0),
                        new ProcessorLoad(),
                        time,
                        registry));
        quotas.queries().tells(fairShares::asks);
        fairShares.start();
        PipelineParts pipeline = PipelineParts.open(
                closing,
                configuration,
                data,
                access.directory(),
                quotas.events(),
                fairShares,
                store,
                time,
                random,
                registry,
                alerting);
        Positions positions = pipeline.positions();
        Journal journal = pipeline.journal();
        Processor processor = pipeline.processor();
        quotas.countedBy(processor.counts());
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
        Partitioner partitioner = pipeline.partitioner();
        ReportStreams streams = closing.add(
                "streams",
                new ReportStreams(
                        reports,
                        runner,
                        new EngineFolding(queries),
                        positions,
                        new ProcessorProgress(processor, partitioner),
                        time,
                        LiveSettings.DEFAULTS
                                .withMostStreams(
                                        OpenFiles.ofThisProcess()
                                                .streams(configuration.live().mostStreams()),
                                        configuration.live().mostStreamsOfTenant())
                                .withStandingMemory(
                                        configuration.live().memory(),
                                        configuration.live().memoryOfTenant()),
                        registry));
        pipeline.events().bring(streams);
        streams.allowedBy(quotas);
        quotas.watchedBy(streams::streams);
        streams.start();
        processor.start();
        GovernParts govern = GovernParts.open(
                closing,
                metadata,
                Credentials.auditKey(data, random),
                access,
                pipeline,
                alerting,
                store,
                asked,
                catalog,
                runner::invalidate,
                time,
                ids);
        Authentication authentication = access.authentication();
        WebFiles web = new WebFiles(home.resolve("web").resolve("dist"));

        List<Routes> routes = new ArrayList<>(List.of(
                new CollectRoutes(pipeline.collector()),
                new QueryRoutes(queries, asked, positions, directory, cohorts, time),
                new ExportRoutes(exports, store, positions, directory, cohorts, time),
                new CohortRoutes(cohorts, new CohortPeople(asked), time),
                new ReportRoutes(reports, access.authorization()),
                new ReportGrantRoutes(reports, access.people()),
                new ReportExportRoutes(reports, exports, runner, time),
                new ReportViewerRoutes(
                        reports,
                        runner,
                        new PropertyValues(catalog, directory, cohorts, time),
                        new DrillDown(asked, queries),
                        time),
                new ReportAnswerRoutes(reports, runner),
                new CatalogRoutes(catalog, directory, cohorts, time),
                new TemplateRoutes(reports, catalog::propertiesOf),
                new StreamRoutes(streams, authentication, time),
                new EmbedRoutes(
                        reports,
                        tokens,
                        access.revocations(),
                        web,
                        time,
                        configuration.http().publicUrl()),
                new ShareRoutes(
                        metadata,
                        reports,
                        tokens,
                        access.revocations(),
                        access.passwords(),
                        web,
                        access.address(),
                        time,
                        random,
                        ids),
                new PipelineRoutes(processor::status, partitioner::of),
                new HealthRoutes(List.of(
                        new ReadinessPart("journal", pipeline::journalState),
                        new ReadinessPart("processor", new ProcessorReadiness(processor)),
                        new ReadinessPart("engine", () -> engine.state(store)),
                        new ReadinessPart("accounts", () -> state(metadata)))),
                new MetricsRoutes(registry),
                new OpenApiRoutes(),
                new StaticRoutes(web)));
        routes.addAll(access.routes(configuration, time, random));
        routes.add(new UsageRoutes(quotas));
        routes.add(new PlanRoutes(quotas.plans(), access.accounts()));
        routes.addAll(govern.routes());
        if (configuration.demo()) {
            routes.add(DemoRoutes.withReport(
                    reports,
                    tokens,
                    web,
                    tenant,
                    credentials.writeKey(),
                    configuration.http().publicUrl()));
        }
        Vertx vertx = closing.add(
                        "event loops", new EventLoops(configuration.http().eventLoops()))
                .vertx();
        ExecutorService virtualThreads = closing.add("request threads", Executors.newVirtualThreadPerTaskExecutor());
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(ids));
        router.route()
                .handler(new SecurityHeaders(
                        configuration.http().publicUrl(), configuration.http().trustedProxies()));
        RouteTable table = new RouteTable(
                router,
                new BlockingDispatch(virtualThreads, authentication, MAX_BLOCKING_REQUESTS, quotas.queries()),
                new AuditedActs(govern.audit(), time));
        routes.forEach(part -> part.register(table));
        HttpServers servers = closing.add(
                "http",
                HttpServers.start(
                        vertx,
                        router,
                        configuration.http().host(),
                        configuration.http().port(),
                        configuration.http().eventLoops(),
                        HTTP_GRACE,
                        HttpLimits.DEFAULTS.withConnectionsOfAddress(
                                configuration.http().connectionsOfAddress()),
                        time,
                        ids));
        RunningServer running = new RunningServer(
                URI.create("http://" + reachable(configuration.http().host()) + ":" + servers.port()),
                data.root(),
                credentials,
                configuration.demo(),
                access.operatorKey(),
                access.signIn().firstSetup().map(Secret::new).orElse(null));
        if (configuration.demo()) {
            closing.add("demo", Demo.start(data.resolve("demo.json"), journal, quotas.events(), tenant, time, random));
        }
        govern.jobs().start();
        alerting.start();
        QuotaWatch quotaWatch = closing.add(
                "quotas",
                new QuotaWatch(
                        quotas,
                        quotaStore,
                        () -> access.accounts().tenants().stream()
                                .map(Tenant::id)
                                .toList(),
                        alerting,
                        sizes::refresh,
                        time,
                        registry));
        quotaWatch.start();
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
        new FileDescriptorMetrics().bindTo(registry);
        return registry;
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
        run.put("operator_key", running.operatorKey().reveal());
        run.put("secret_key", running.credentials().secretKey().reveal());
        DataDirectory.writePrivate(data.runFile(), run);
    }
}
