package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends replies. On the request's event loop only. */
public final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    public static void send(RoutingContext context, Reply reply) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        head(response, reply);
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            if (hasBodyUnread(request)) {
                response.putHeader("Connection", "close");
            }
            request.resume();
        }
        if (request.method() == HttpMethod.HEAD) {
            if (reply.stream() == null) {
                response.putHeader("Content-Length", Integer.toString(reply.body().length));
            }
            response.end();
        } else {
            response.end(Buffer.buffer(reply.body()));
        }
    }

    /** Sets status and headers. */
    static void head(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        if (!response.headers().contains("Cache-Control")) {
            response.putHeader("Cache-Control", "no-store");
        }
    }

    /** Whether the rest of a body stands between this request and the next on its connection. */
    private static boolean hasBodyUnread(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.version() != HttpVersion.HTTP_2
                && (request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0")));
    }

    /** The reply for any failure; what is not a {@link TidemarkException} is logged and becomes a 500. */
    public static Reply failure(RoutingContext context, Throwable failure) {
        if (failure instanceof TidemarkException known) {
            return Problem.reply(known, CorrelationId.of(context));
        }
        LOG.atError()
                .addKeyValue("correlation_id", CorrelationId.of(context))
                .setCause(failure)
                .log("request failed");
        return Problem.reply(ErrorCode.INTERNAL, "something went wrong on this side", "", CorrelationId.of(context));
    }
}
