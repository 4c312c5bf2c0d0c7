package dev.tidemark.http;

import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;

/** A stream as text messages of a WebSocket. */
final class WebSocketSink extends BufferedSink {
    private final ServerWebSocket socket;

    /** On the socket's event loop. */
    WebSocketSink(ServerWebSocket socket, Context eventLoop) {
        super(eventLoop);
        this.socket = socket;
        socket.setWriteQueueMaxSize(MAX_UNREAD_BYTES);
        socket.closeHandler(_ -> closed());
        socket.exceptionHandler(_ -> closed());
        socket.drainHandler(_ -> drained());
        socket.textMessageHandler(this::received);
    }

    @Override
    boolean isFull() {
        return socket.writeQueueFull();
    }

    @Override
    void write(StreamEvent event) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(event.text());
        }
    }

    @Override
    void finish() {
        if (!socket.isClosed()) {
            socket.close();
        }
    }
}
