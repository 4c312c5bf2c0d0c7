package dev.tidemark.http;

import dev.tidemark.account.Credential;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs blocking handlers on virtual threads, a bounded number at a time; past the bound the answer is 503 at once. Thread-safe.
 */
public final class BlockingDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingDispatch.class);
    private static final int MAX_BODY_BYTES = 4 << 20;

    private final ExecutorService virtualThreads;
    private final Authentication authentication;
    private final Semaphore permits;

    public BlockingDispatch(ExecutorService virtualThreads, Authentication authentication, int maxConcurrent) {
        this.virtualThreads = virtualThreads;
        this.authentication = authentication;
        this.permits = new Semaphore(maxConcurrent);
    }

    void dispatch(RoutingContext context, Access access, BlockingHandler handler) {
        String encoding = context.request().getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            Replies.send(
                    context,
                    Problem.reply(
                            ErrorCode.UNSUPPORTED_ENCODING,
                            "send the body as it is, without Content-Encoding",
                            "",
                            CorrelationId.of(context)));
            return;
        }
        Bodies.read(context.request(), MAX_BODY_BYTES)
                .onSuccess(body -> run(context, access, handler, body))
                .onFailure(failure -> Replies.send(context, Replies.failure(context, failure)));
    }

    private void run(RoutingContext context, Access access, BlockingHandler handler, Buffer body) {
        if (!permits.tryAcquire()) {
            Replies.send(
                    context,
                    Problem.reply(
                            ErrorCode.OVERLOADED,
                            "too many requests are being answered",
                            "",
                            CorrelationId.of(context)));
            return;
        }
        Context eventLoop = context.vertx().getOrCreateContext();
        Call call = call(context, body);
        try {
            virtualThreads.execute(() -> {
                Reply reply = answer(call, access, handler);
                permits.release();
                eventLoop.runOnContext(_ -> Replies.send(context, reply));
            });
        } catch (RejectedExecutionException _) {
            permits.release();
            Replies.send(
                    context,
                    Problem.reply(ErrorCode.SHUTTING_DOWN, "the server is stopping", "", call.correlationId()));
        }
    }

    private Reply answer(Call unauthenticated, Access access, BlockingHandler handler) {
        try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", unauthenticated.correlationId())) {
            @Nullable Credential credential = null;
            Reply reply;
            try {
                Call call = authentication.authenticate(unauthenticated, access);
                credential = call.credential();
                reply = handler.handle(call);
            } catch (TidemarkException e) {
                if (Problem.status(e.code()) == 500) {
                    LOG.atError().setCause(e).log("request failed");
                }
                reply = Problem.reply(e, unauthenticated.correlationId());
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("request failed");
                reply = Problem.reply(
                        ErrorCode.INTERNAL, "something went wrong on this side", "", unauthenticated.correlationId());
            }
            return access == Access.VIEW
                    ? CrossOrigin.open(reply, unauthenticated.header("Origin"), credential)
                    : reply;
        }
    }

    private static Call call(RoutingContext context, Buffer body) {
        HttpServerRequest request = context.request();
        @Nullable Credential none = null;
        String authority =
                request.authority() == null ? "localhost" : request.authority().toString();
        return new Call(
                request.method().name(),
                path(request),
                request.scheme() + "://" + authority,
                Map.copyOf(context.pathParams()),
                flat(context.queryParams(), false),
                flat(request.headers(), true),
                body.getBytes(),
                none,
                CorrelationId.of(context));
    }

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "/" : path;
    }

    private static Map<String, String> flat(MultiMap values, boolean lowerCase) {
        Map<String, String> flat = new LinkedHashMap<>();
        values.forEach((name, value) -> flat.put(lowerCase ? name.toLowerCase(Locale.ROOT) : name, value));
        return flat;
    }
}
