package dev.tidemark.http;

import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every connection of one listener meets before the routes: a bounded number for each address, a bounded time for each head and each
 * body, and an answer to what is no request at all. On the listener's event loop alone.
 */
final class FrontDoor {
    private static final String NOBODY = "";
    /** A WebSocket has no further requests. */
    private static final int SWITCHING = 101;

    private final Handler<HttpServerRequest> routes;
    private final OpenConnections connections;
    private final HttpLimits limits;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final Map<HttpConnection, Visit> visits = new IdentityHashMap<>();

    FrontDoor(
            Handler<HttpServerRequest> routes,
            OpenConnections connections,
            HttpLimits limits,
            TimeSource clock,
            UuidV7 ids) {
        this.routes = routes;
        this.connections = connections;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
    }

    void opened(HttpConnection connection) {
        String address = connection.remoteAddress() == null
                ? NOBODY
                : String.valueOf(connection.remoteAddress().hostAddress());
        if (!connections.enter(address)) {
            connection.close();
            return;
        }
        visits.put(connection, new Visit(clock.nanos()));
        connection.closeHandler(_ -> {
            visits.remove(connection);
            connections.leave(address);
        });
    }

    void request(HttpServerRequest request) {
        Visit visit = visits.get(request.connection());
        if (visit != null) {
            visit.request = request;
            visit.since = clock.nanos();
        }
        routes.handle(request);
    }

    /** Of a request that could not be read. */
    void invalid(HttpServerRequest request) {
        Throwable cause =
                request.decoderResult() == null ? null : request.decoderResult().cause();
        switch (cause) {
            case TooLongHttpLineException _ -> refuse(request, 414, "address_too_long", "the address is too long");
            case TooLongHttpHeaderException _ ->
                refuse(request, 431, "headers_too_large", "the headers are larger than this server reads");
            case null, default -> refuse(request, 400, "malformed_body", "the request is not well-formed HTTP");
        }
    }

    private void refuse(HttpServerRequest request, int status, String code, String detail) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            request.connection().close();
            return;
        }
        String id = ids.next().toString();
        Reply reply = Problem.reply(status, code, detail, id);
        response.putHeader(CorrelationId.HEADER, id);
        SecurityHeaders.onEvery(response);
        response.putHeader("Connection", "close");
        Replies.head(response, reply);
        response.end(Buffer.buffer(reply.body()))
                .onComplete(_ -> request.connection().close());
    }

    /** Ends what has kept the server waiting for too long. */
    void sweep() {
        long now = clock.nanos();
        for (HttpConnection each : List.copyOf(visits.keySet())) {
            Visit visit = visits.get(each);
            if (visit != null) {
                check(each, visit, now);
            }
        }
    }

    private void check(HttpConnection connection, Visit visit, long now) {
        HttpServerRequest request = visit.request;
        Duration waited = Duration.ofNanos(now - visit.since);
        if (request == null) {
            Duration patience = visit.served ? limits.nextHead() : limits.firstHead();
            if (waited.compareTo(patience) > 0) {
                connection.close();
            }
        } else if (!request.isEnded()) {
            Duration patience =
                    limits.bodyGrace().plusSeconds(request.bytesRead() / Math.max(1, limits.bodyBytesPerSecond()));
            if (waited.compareTo(patience) > 0) {
                visit.since = now;
                refuse(request, 408, "request_timeout", "the body of the request takes too long");
            }
        } else if (request.response().ended() && request.response().getStatusCode() != SWITCHING) {
            visit.request = null;
            visit.served = true;
            visit.since = now;
        }
    }

    /** A connection: with the request that is being read or answered, or waiting for one. */
    private static final class Visit {
        private long since;
        private boolean served;
        private @Nullable HttpServerRequest request;

        Visit(long since) {
            this.since = since;
        }
    }
}
