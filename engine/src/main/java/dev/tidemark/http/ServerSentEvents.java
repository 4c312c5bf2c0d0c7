package dev.tidemark.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A stream as {@code text/event-stream}: the head goes out with the first event. Where that takes long, signs of life go before it, so
 * that neither the reader nor a timer in between gives up and makes the crowd that waits larger.
 */
final class ServerSentEvents extends BufferedSink {
    private static final long SIGN_MILLIS = 5_000;
    private static final StreamEvent SIGN = StreamEvent.of("heartbeat", null, "{}".getBytes(StandardCharsets.UTF_8));
    private static final long NO_TIMER = -1;

    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context eventLoop;
    private long signs = NO_TIMER;
    private boolean answered;
    private volatile Map<String, String> headers = Map.of();
    private boolean begun;

    /** On the request's event loop. */
    ServerSentEvents(RoutingContext context, Context eventLoop) {
        super(eventLoop);
        this.eventLoop = eventLoop;
        this.vertx = context.vertx();
        this.response = context.response();
        response.setWriteQueueMaxSize(MAX_UNREAD_BYTES);
        response.closeHandler(_ -> gone());
        response.exceptionHandler(_ -> gone());
        response.drainHandler(_ -> drained());
    }

    /** What goes into the head besides. */
    void headers(Map<String, String> further) {
        headers = Map.copyOf(further);
    }

    /** The reader may watch and waits for the first event from now on. */
    void opening() {
        eventLoop.runOnContext(_ -> {
            if (!answered && signs == NO_TIMER) {
                signs = vertx.setPeriodic(SIGN_MILLIS, _ -> put(SIGN));
            }
        });
    }

    /** Refuses the stream on its event loop: by a plain reply where nothing was sent yet. Tells whether that is left to the caller. */
    boolean isRefusedPlainly() {
        answered();
        return !begun;
    }

    @Override
    boolean isFull() {
        return response.writeQueueFull();
    }

    @Override
    void write(StreamEvent event) {
        answered();
        put(event);
    }

    private void put(StreamEvent event) {
        if (!response.ended() && !response.closed()) {
            begin();
            response.write(event.lines());
        }
    }

    @Override
    void finish() {
        if (!response.ended() && !response.closed()) {
            begin();
            response.end();
        }
    }

    private void gone() {
        answered();
        closed();
    }

    private void answered() {
        answered = true;
        if (signs != NO_TIMER) {
            vertx.cancelTimer(signs);
            signs = NO_TIMER;
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            response.setChunked(true);
            headers.forEach(response::putHeader);
            response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
            response.putHeader("Cache-Control", "no-store, no-transform");
            // Compression holds small events back, and so do proxies that buffer.
            response.putHeader("Content-Encoding", "identity");
            response.putHeader("X-Accel-Buffering", "no");
        }
    }
}
