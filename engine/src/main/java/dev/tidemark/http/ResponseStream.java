package dev.tidemark.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response as a stream for a virtual thread. At most a chunk is on its way: the thread waits until the connection takes more,
 * so that a slow reader fills no memory, and not longer than a minute for a reader that takes nothing. Status and headers are
 * sent with the first chunk, so a failure before it can still become an answer. For one thread.
 */
final class ResponseStream extends OutputStream {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RoutingContext context;
    private final Context eventLoop;
    private final Reply reply;
    private final Thread writer = Thread.currentThread();
    private final Semaphore taken = new Semaphore(0);
    private Buffer chunk = Buffer.buffer();
    private boolean begun;
    private boolean ended;
    private volatile boolean gone;
    private volatile boolean closed;

    private ResponseStream(RoutingContext context, Context eventLoop, Reply reply) {
        this.context = context;
        this.eventLoop = eventLoop;
        this.reply = reply;
    }

    /** For the calling thread, which is interrupted when the reader leaves before the stream is closed. */
    static ResponseStream open(RoutingContext context, Context eventLoop, Reply reply) {
        ResponseStream stream = new ResponseStream(context, eventLoop, reply);
        eventLoop.runOnContext(_ -> stream.watch());
        return stream;
    }

    private void watch() {
        HttpServerResponse response = context.response();
        context.request().resume();
        response.exceptionHandler(_ -> leave());
        response.closeHandler(_ -> leave());
        if (response.closed()) {
            leave();
        }
    }

    private void leave() {
        gone = true;
        if (!closed && !context.response().ended()) {
            writer.interrupt();
        }
        taken.release();
    }

    @Override
    public void write(int value) throws IOException {
        chunk.appendByte((byte) value);
        sendFull();
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            int part = Math.min(end - at, CHUNK_BYTES - chunk.length());
            chunk.appendBytes(bytes, at, part);
            at += part;
            sendFull();
        }
    }

    private void sendFull() throws IOException {
        if (chunk.length() >= CHUNK_BYTES) {
            send();
        }
    }

    private void send() throws IOException {
        Buffer full = chunk;
        chunk = Buffer.buffer();
        boolean first = !begun;
        begun = true;
        await(response -> {
            if (first) {
                Replies.head(response, reply);
                response.setChunked(true);
            }
            response.write(full);
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> taken.release());
            } else {
                taken.release();
            }
        });
    }

    /** Sends what is left and the trailers; the response is whole then. */
    void finish(Map<String, String> trailers) throws IOException {
        Buffer rest = chunk;
        boolean first = !begun;
        begun = true;
        ended = true;
        await(response -> {
            if (first) {
                Replies.head(response, reply);
                response.setChunked(true);
            }
            trailers.forEach(response::putTrailer);
            response.end(rest);
            taken.release();
        });
    }

    /** Sends a failure in place of the body, or breaks the connection off when there is some of that already. True when nobody is there any more. */
    boolean abort(Reply failure) {
        boolean answer = !begun;
        closed = true;
        eventLoop.runOnContext(_ -> {
            HttpServerResponse response = context.response();
            if (response.closed() || response.ended()) {
                return;
            }
            if (answer) {
                Replies.send(context, failure);
            } else {
                response.reset();
            }
        });
        return gone;
    }

    /** The response is whole, or was broken off. */
    @Override
    public void close() {
        closed = true;
        if (!ended) {
            abort(reply);
        }
        Thread.interrupted();
    }

    private void await(Step step) throws IOException {
        if (gone) {
            throw new IOException("the reader is gone");
        }
        eventLoop.runOnContext(_ -> {
            HttpServerResponse response = context.response();
            if (response.closed() || response.ended()) {
                leave();
            } else {
                step.take(response);
            }
        });
        try {
            if (!taken.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the reader has taken nothing for " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            throw new IOException("the reader is gone", e);
        }
        if (gone && !context.response().ended()) {
            throw new IOException("the reader is gone");
        }
    }

    private interface Step {
        void take(HttpServerResponse response);
    }
}
