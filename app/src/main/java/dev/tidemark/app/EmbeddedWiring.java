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
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
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
import dev.tidemark.operate.HealthRoutes;
import dev.tidemark.operate.MetricsRoutes;
import dev.tidemark.operate.PipelineRoutes;
import dev.tidemark.operate.ReadinessPart;
import dev.tidemark.process.ProcessSettings;
import dev.tidemark.process.Processor;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.QueryRoutes;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.EngineAddress;
import dev.tidemark.store.EngineSettings;
import dev.tidemark.store.EngineSupervisor;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoreLimits;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One server in one process: every part made, in the order in which an event meets them, and closed in reverse. */
final class EmbeddedWiring implements AutoCloseable {
    private static final Duration HTTP_GRACE = Duration.ofSeconds(4);
    private static final int MAX_BLOCKING_REQUESTS = 512;

    private final Closing closing;
    private final RunningServer running;

    private EmbeddedWiring(Closing closing, RunningServer running) {
        this.closing = closing;
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
        PrometheusMeterRegistry registry = closing.add("metrics", registry());
        UuidV7 ids = new UuidV7(time, random);
        Engine engine = Engine.start(configuration, home, data, time, random, registry, closing);

        MetadataDatabase metadata = closing.add("metadata", MetadataDatabase.open(data.resolve("tidemark.db")));
        SqliteAccountStore accountStore = new SqliteAccountStore(metadata);
        SnapshotDirectory directory = new SnapshotDirectory(accountStore, time);
        Accounts accounts = closing.add("accounts", new Accounts(accountStore, directory, time, random));
        EmbedTokens tokens = new EmbedTokens(directory, time, ids);
        TenantId tenant = new TenantId(configuration.demo() ? "demo" : "default");
        Credentials credentials = Credentials.ensure(data, tenant, accounts, directory);

        ClickHouseStore store = closing.add(
                "store", new ClickHouseStore(engine.address(), StoreLimits.defaults(), time, registry));
        engine.awaitReady(store);
        Positions positions = new Positions();
        Journal journal = closing.add("journal", RocksJournal.open(journal(configuration, data), registry));
        Processor processor = closing.add(
                "processor",
                new Processor(
                        process(configuration, data), journal, store, positions, (_, _, _) -> {}, time, registry));
        processor.start();
        QueryEngine queries = new QueryEngine(store, time, registry);
        WebFiles web = new WebFiles(home.resolve("web").resolve("dist"));

        List<Routes> routes = List.of(
                new QueryRoutes(queries, store, positions, directory, time),
                new AccountRoutes(accounts),
                new SchemaRoutes(accounts),
                new PipelineRoutes(processor::status, new Partitioner(journal.partitions())::of),
                new HealthRoutes(List.of(
                        new ReadinessPart("journal", () -> trouble(journal)),
                        new ReadinessPart("engine", () -> engine.trouble(store)))),
                new MetricsRoutes(registry),
                new StaticRoutes(web));
        Vertx vertx = closing.add("event loops", new EventLoops(configuration.http().eventLoops())).vertx();
        ExecutorService virtualThreads = closing.add("request threads", Executors.newVirtualThreadPerTaskExecutor());
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(ids));
        RouteTable table = new RouteTable(
                router,
                new BlockingDispatch(
                        virtualThreads, new HttpAuthentication(directory, tokens), MAX_BLOCKING_REQUESTS));
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
        announce(data, running);
        return new EmbeddedWiring(closing, running);
    }
}
