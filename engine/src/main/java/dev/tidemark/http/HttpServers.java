package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: one listener per event loop on the same port, all with the same routes. Closing it stops accepting, lets
 * requests under way finish within the grace, and then ends what is left.
 */
public final class HttpServers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServers.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_HEADER_BYTES = 32 << 10;
    /** A reader of a WebSocket sends a token and nothing else. */
    private static final int MAX_MESSAGE_BYTES = 64 << 10;

    private static final long SWEEP_MILLIS = 500;
    private static final int MAX_INITIAL_LINE_BYTES = 16 << 10;

    private final List<HttpServer> servers;
    private final Duration grace;

    private HttpServers(List<HttpServer> servers, Duration grace) {
        this.servers = servers;
        this.grace = grace;
    }

    /**
     * Starts listening.
     *
     * @param port 0 for any free one
     * @param eventLoops how many; at most those of the Vertx
     * @param grace how long closing waits for requests under way
     * @param limits of what one caller may take up
     * @param ids for answers to what is no request
     */
    public static HttpServers start(
            Vertx vertx,
            Router router,
            String host,
            int port,
            int eventLoops,
            Duration grace,
            HttpLimits limits,
            TimeSource clock,
            UuidV7 ids) {
        OpenConnections connections = new OpenConnections(limits);
        List<HttpServer> servers = new CopyOnWriteArrayList<>();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port == 0 ? -1 : port)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(true)
                // Whatever stands in front speaks HTTP/1.1 to this server; what is not spoken cannot be abused.
                .setHttp2ClearTextEnabled(false)
                .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES)
                .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
                .setTcpNoDelay(true);
        try {
            await(
                    vertx.deployVerticle(
                            () -> new Listener(
                                    options, new FrontDoor(router, connections, limits, clock, ids), servers),
                            new DeploymentOptions().setInstances(eventLoops)),
                    START_LIMIT);
        } catch (ExecutionException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "cannot listen on " + host + ":" + port + ": " + reason(e),
                    e.getCause());
        }
        return new HttpServers(List.copyOf(servers), grace);
    }

    /** The port that was taken. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    @Override
    public void close() {
        try {
            await(
                    Future.join(servers.stream()
                            .map(server -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
                            .toList()),
                    grace.plus(START_LIMIT));
        } catch (ExecutionException e) {
            LOG.atWarn().setCause(e).log("the HTTP server did not close cleanly");
        }
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        String message = cause == null ? null : cause.getMessage();
        return message == null ? "refused" : message;
    }

    private static void await(Future<?> future, Duration atMost) throws ExecutionException {
        try {
            future.toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting for the HTTP server");
        } catch (TimeoutException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the HTTP server did not answer in time", e);
        }
    }

    private static final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final FrontDoor door;
        private final List<HttpServer> servers;

        Listener(HttpServerOptions options, FrontDoor door, List<HttpServer> servers) {
            this.options = options;
            this.door = door;
            this.servers = servers;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(door::request)
                    .invalidRequestHandler(door::invalid)
                    .connectionHandler(door::opened);
            vertx.setPeriodic(SWEEP_MILLIS, _ -> door.sweep());
            server.exceptionHandler(
                    failure -> LOG.atDebug().setCause(failure).log("a connection failed before its request"));
            return server.listen().onSuccess(servers::add);
        }
    }
}
