package dev.tidemark.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** A stream as {@code text/event-stream}: the head goes out with the first event. */
final class ServerSentEvents extends BufferedSink {
    private final HttpServerResponse response;
    private volatile Map<String, String> headers = Map.of();
    private boolean begun;

    /** On the request's event loop. */
    ServerSentEvents(RoutingContext context, Context eventLoop) {
        super(eventLoop);
        this.response = context.response();
        response.setWriteQueueMaxSize(MAX_UNREAD_BYTES);
        response.closeHandler(_ -> closed());
        response.exceptionHandler(_ -> closed());
        response.drainHandler(_ -> drained());
    }

    /** What goes into the head besides. */
    void headers(Map<String, String> further) {
        headers = Map.copyOf(further);
    }

    @Override
    boolean isFull() {
        return response.writeQueueFull();
    }

    @Override
    void write(StreamEvent event) {
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

    private void begin() {
        if (!begun) {
            begun = true;
            response.setChunked(true);
            headers.forEach(response::putHeader);
            response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
            response.putHeader("Cache-Control", "no-store, no-transform");
            response.putHeader("X-Content-Type-Options", "nosniff");
            // Compression holds small events back, and so do proxies that buffer.
            response.putHeader("Content-Encoding", "identity");
            response.putHeader("X-Accel-Buffering", "no");
        }
    }
}
