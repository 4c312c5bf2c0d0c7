package dev.tidemark.http;

import dev.tidemark.account.Credential;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs blocking handlers on virtual threads, a bounded number at a time, three quarters of them of one tenant at most; past the bound the
 * answer is 503 at once. Thread-safe.
 */
public final class BlockingDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingDispatch.class);
    private static final int MAX_BODY_BYTES = 4 << 20;
    /** Of somebody who need not be known: a password, a link, a token. */
    private static final int MAX_UNKNOWN_BYTES = 64 << 10;
    /** All bodies together. */
    private static final long ROOM_BYTES = 256L << 20;

    private static final List<String> CREDENTIALS = List.of("Authorization", "X-API-Key", "X-Write-Key", "Cookie");

    private final ExecutorService virtualThreads;
    private final Authentication authentication;
    private final Semaphore permits;
    private final Allowance allowance;
    private final int placesOfTenant;
    private final Map<TenantId, Integer> placesTaken = new ConcurrentHashMap<>();
    private final BodyRoom room = new BodyRoom(ROOM_BYTES);

    /** With as much to ask as anybody likes. */
    public BlockingDispatch(ExecutorService virtualThreads, Authentication authentication, int maxConcurrent) {
        this(virtualThreads, authentication, maxConcurrent, Allowance.UNBOUNDED);
    }

    public BlockingDispatch(
            ExecutorService virtualThreads, Authentication authentication, int maxConcurrent, Allowance allowance) {
        this.virtualThreads = virtualThreads;
        this.authentication = authentication;
        this.permits = new Semaphore(maxConcurrent);
        this.allowance = allowance;
        this.placesOfTenant = Math.max(1, maxConcurrent * 3 / 4);
    }

    /** Streams with the same threads and credentials; they hold no place among the requests. */
    StreamDispatch streams() {
        return new StreamDispatch(virtualThreads, authentication);
    }

    void dispatch(RoutingContext context, Access access, boolean asking, BlockingHandler handler) {
        String encoding = context.request().getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            refuse(context, access, ErrorCode.UNSUPPORTED_ENCODING, "send the body as it is, without Content-Encoding");
            return;
        }
        HttpServerRequest request = context.request();
        if (access.kind() != Access.Kind.ANYONE
                && !request.isEnded()
                && CREDENTIALS.stream().noneMatch(request.headers()::contains)) {
            Replies.send(context, opened(Problem.reply(unauthenticated(), CorrelationId.of(context)), access, context));
            return;
        }
        int most = access.kind() == Access.Kind.ANYONE ? MAX_UNKNOWN_BYTES : MAX_BODY_BYTES;
        BodyRoom.Hold hold = room.hold();
        context.addEndHandler(_ -> hold.close());
        Bodies.read(request, most, hold::grow)
                .map(body -> call(context, body))
                .onSuccess(call -> run(context, access, asking, handler, call))
                .onFailure(
                        failure -> Replies.send(context, opened(Replies.failure(context, failure), access, context)));
    }

    static TidemarkException unauthenticated() {
        return new TidemarkException(
                ErrorCode.UNAUTHENTICATED,
                "this needs a key, sent as 'Authorization: Bearer <key>', or that you sign in");
    }

    private void run(RoutingContext context, Access access, boolean asking, BlockingHandler handler, Call call) {
        if (!permits.tryAcquire()) {
            refuse(context, access, ErrorCode.OVERLOADED, "too many requests are being answered");
            return;
        }
        Context eventLoop = context.vertx().getOrCreateContext();
        try {
            virtualThreads.execute(() -> {
                Asker asker = new Asker(asking);
                try {
                    Reply reply = answer(call, access, asker, handler);
                    StreamedBody stream = reply.stream();
                    if (stream == null || context.request().method() == HttpMethod.HEAD) {
                        eventLoop.runOnContext(_ -> Replies.send(context, reply));
                    } else {
                        stream(context, eventLoop, reply, stream, failure -> opened(failure, access, context));
                    }
                } finally {
                    asker.end();
                    permits.release();
                }
            });
        } catch (RejectedExecutionException _) {
            permits.release();
            refuse(context, access, ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
    }

    /** Sends the body of a reply while it is made, on the thread that makes it. */
    private static void stream(
            RoutingContext context, Context eventLoop, Reply reply, StreamedBody stream, UnaryOperator<Reply> opening) {
        String correlationId = CorrelationId.of(context);
        try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", correlationId);
                ResponseStream target = ResponseStream.open(context, eventLoop, reply)) {
            try {
                Map<String, String> trailers = stream.writeTo(target);
                target.finish(trailers);
            } catch (IOException | RuntimeException | Error e) {
                Reply failure = e instanceof TidemarkException known
                        ? Problem.reply(known, correlationId)
                        : Problem.reply(ErrorCode.INTERNAL, "something went wrong on this side", "", correlationId);
                if (target.abort(opening.apply(failure))) {
                    LOG.atDebug().setCause(e).log("the reader of a stream is gone");
                } else {
                    LOG.atWarn().setCause(e).log("a stream was broken off");
                }
            }
        }
    }

    private static void refuse(RoutingContext context, Access access, ErrorCode code, String detail) {
        Replies.send(context, opened(Problem.reply(code, detail, "", CorrelationId.of(context)), access, context));
    }

    static Reply opened(Reply reply, Access access, RoutingContext context) {
        return access.byEmbedToken()
                ? CrossOrigin.open(reply, Optional.ofNullable(context.request().getHeader("Origin")), null)
                : reply;
    }

    private Reply answer(Call unauthenticated, Access access, Asker asker, BlockingHandler handler) {
        try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", unauthenticated.correlationId())) {
            @Nullable Credential credential = null;
            Reply reply;
            try {
                Call call = authentication.authenticate(unauthenticated, access);
                credential = call.credential();
                reply = asker.handle(handler, call);
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
            return access.byEmbedToken()
                    ? CrossOrigin.open(reply, unauthenticated.header("Origin"), credential)
                    : reply;
        }
    }

    /** Holds a request's place among those of its tenant, and among its questions, until its answer is made. Of one thread. */
    private final class Asker {
        private final boolean asking;
        private final boolean[] asked = {true};
        private @Nullable TenantId tenant;
        private Allowance.@Nullable Turn turn;

        private Asker(boolean asking) {
            this.asking = asking;
        }

        private Reply handle(BlockingHandler handler, Call call) {
            if (call.credential() != null) {
                enter(call.tenant());
            }
            if (!asking) {
                return handler.handle(call);
            }
            Allowance.Turn begun = allowance.begin(call.tenant());
            turn = begun;
            Reply reply = Asking.noting(asked, handler, call);
            for (Map.Entry<String, String> header : begun.headers().entrySet()) {
                reply = reply.withHeader(header.getKey(), header.getValue());
            }
            return reply;
        }

        private void enter(TenantId of) {
            tenant = of;
            if (placesTaken.merge(of, 1, Integer::sum) > placesOfTenant) {
                throw new TidemarkException(
                        ErrorCode.OVERLOADED, "too many requests of this tenant are being answered");
            }
        }

        private void end() {
            if (tenant != null) {
                placesTaken.computeIfPresent(tenant, (_, taken) -> taken == 1 ? null : taken - 1);
            }
            if (turn != null) {
                turn.end(asked[0]);
            }
        }
    }

    static Call call(RoutingContext context, Buffer body) {
        MultiMap query;
        try {
            query = context.queryParams();
        } catch (HttpException | IllegalArgumentException e) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the address is not well-formed", e);
        }
        HttpServerRequest request = context.request();
        @Nullable Credential none = null;
        String authority =
                request.authority() == null ? "localhost" : request.authority().toString();
        return new Call(
                request.method().name(),
                path(request),
                request.scheme() + "://" + authority,
                Map.copyOf(context.pathParams()),
                flat(query, false),
                flat(request.headers(), true),
                body.getBytes(),
                none,
                CorrelationId.of(context),
                null,
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress());
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
