package dev.tidemark.collect;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.BlockingDispatch;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.RouteTable;
import dev.tidemark.journal.Journal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The collect routes on a real server at a free port of the loopback interface. */
final class CollectServer implements AutoCloseable {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final int port;
    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final Collector collector;

    CollectServer(FixedTenants tenants, Journal journal, CollectConfig config, KnownIds known) throws Exception {
        this(tenants, journal, config, known, _ -> {});
    }

    CollectServer(FixedTenants tenants, Journal journal, CollectConfig config, KnownIds known, Consumer<Router> more)
            throws Exception {
        this(tenants, journal, config, known, FairShare.UNBOUNDED, more);
    }

    CollectServer(
            FixedTenants tenants,
            Journal journal,
            CollectConfig config,
            KnownIds known,
            FairShare fairShare,
            Consumer<Router> more)
            throws Exception {
        collector = new Collector(
                config,
                tenants,
                EventAllowance.UNLIMITED,
                fairShare,
                journal,
                known,
                Pace.UNHELD,
                TimeSource.system(),
                new Random(7),
                meters,
                Alerts.NONE);
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(new UuidV7(TimeSource.system(), new Random(8))));
        more.accept(router);
        new CollectRoutes(collector)
                .register(new RouteTable(router, new BlockingDispatch(virtualThreads, (call, _) -> call, 10)));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(30))
                .requestHandler(router);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
    }

    double inFlight() {
        return meters.get("tidemark.collect.in_flight").gauge().value();
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        collector.close();
        virtualThreads.close();
    }
}
