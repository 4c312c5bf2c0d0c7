package dev.tidemark.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens streams: authenticates, and hands the reader's end to the handler on a virtual thread. A WebSocket that comes without a
 * credential sends {@code {"token"}} as its first message, because browsers let no page set its headers. Thread-safe.
 */
final class StreamDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(StreamDispatch.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long FIRST_MESSAGE_MILLIS = 10_000;

    private final ExecutorService virtualThreads;
    private final Authentication authentication;

    StreamDispatch(ExecutorService virtualThreads, Authentication authentication) {
        this.virtualThreads = virtualThreads;
        this.authentication = authentication;
    }

    /** As server-sent events. */
    void events(RoutingContext context, Access access, StreamHandler handler) {
        Context eventLoop = context.vertx().getOrCreateContext();
        Call unauthenticated;
        try {
            unauthenticated = BlockingDispatch.call(context, new byte[0]);
        } catch (TidemarkException failure) {
            Reply reply = Problem.reply(failure, CorrelationId.of(context));
            Replies.send(context, BlockingDispatch.opened(reply, access, context));
            return;
        }
        ServerSentEvents sink = new ServerSentEvents(context, eventLoop);
        Consumer<Reply> refuse = reply -> eventLoop.runOnContext(_ -> {
            if (sink.isRefusedPlainly()) {
                Replies.send(context, BlockingDispatch.opened(reply, access, context));
            } else {
                sink.end(failure(reply));
            }
        });
        execute(unauthenticated, refuse, () -> {
            Call call = authentication.authenticate(unauthenticated, access);
            sink.headers(CrossOrigin.open(Reply.empty(200), call.header("Origin"), call.credential())
                    .headers());
            sink.opening();
            handler.open(call, sink);
        });
    }

    /** As a WebSocket. */
    void socket(RoutingContext context, Access access, StreamHandler handler) {
        Context eventLoop = context.vertx().getOrCreateContext();
        Call unauthenticated;
        try {
            if (!context.request().canUpgradeToWebSocket()) {
                throw new TidemarkException(ErrorCode.MALFORMED_BODY, "this address speaks WebSocket");
            }
            unauthenticated = BlockingDispatch.call(context, new byte[0]);
        } catch (TidemarkException failure) {
            Replies.send(context, Problem.reply(failure, CorrelationId.of(context)));
            return;
        }
        context.request()
                .toWebSocket()
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("a WebSocket did not open"))
                .onSuccess(socket ->
                        greet(context, socket, new WebSocketSink(socket, eventLoop), unauthenticated, access, handler));
    }

    private void greet(
            RoutingContext context,
            ServerWebSocket socket,
            WebSocketSink sink,
            Call unauthenticated,
            Access access,
            StreamHandler handler) {
        if (unauthenticated.header("Authorization").isPresent()) {
            open(unauthenticated, access, sink, handler);
            return;
        }
        AtomicBoolean greeted = new AtomicBoolean();
        long timer = context.vertx().setTimer(FIRST_MESSAGE_MILLIS, _ -> {
            if (greeted.compareAndSet(false, true)) {
                sink.end(failure(Problem.reply(
                        ErrorCode.UNAUTHENTICATED, "no token came", "", unauthenticated.correlationId())));
            }
        });
        sink.onClose(() -> context.vertx().cancelTimer(timer));
        sink.onMessage(text -> {
            if (greeted.compareAndSet(false, true)) {
                context.vertx().cancelTimer(timer);
                sink.onMessage(_ -> {});
                open(withToken(unauthenticated, text), access, sink, handler);
            }
        });
    }

    private void open(Call unauthenticated, Access access, WebSocketSink sink, StreamHandler handler) {
        execute(
                unauthenticated,
                reply -> sink.end(failure(reply)),
                () -> handler.open(authentication.authenticate(unauthenticated, access), sink));
    }

    private void execute(Call call, Consumer<Reply> refuse, Runnable opening) {
        try {
            virtualThreads.execute(() -> {
                try {
                    opening.run();
                } catch (TidemarkException failure) {
                    refuse.accept(Problem.reply(failure, call.correlationId()));
                } catch (RuntimeException | Error failure) {
                    LOG.atError()
                            .addKeyValue("correlation_id", call.correlationId())
                            .setCause(failure)
                            .log("a stream failed to open");
                    refuse.accept(Problem.reply(
                            ErrorCode.INTERNAL, "something went wrong on this side", "", call.correlationId()));
                }
            });
        } catch (RejectedExecutionException _) {
            refuse.accept(Problem.reply(ErrorCode.SHUTTING_DOWN, "the server is stopping", "", call.correlationId()));
        }
    }

    private static StreamEvent failure(Reply problem) {
        return StreamEvent.of("error", null, problem.body());
    }

    /** The call as if the token of a message had come in its head. Whatever the message is, it is no more than a wrong token. */
    static Call withToken(Call call, String message) {
        Map<String, String> headers = new LinkedHashMap<>(call.headers());
        headers.put("authorization", "Bearer " + token(message));
        return call.withHeaders(headers);
    }

    private static String token(String message) {
        try {
            JsonNode node = JSON.readTree(message);
            return node == null ? "" : node.path("token").asText("");
        } catch (JsonProcessingException _) {
            return "";
        }
    }
}
