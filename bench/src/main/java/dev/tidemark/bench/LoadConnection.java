package dev.tidemark.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One keep-alive connection with at most one request in flight. It belongs to one load loop and is not thread-safe.
 *
 * <p>States: idle; in flight (composed and being sent, or awaiting its response); backing off, which is a refused request
 * that is sent again, unchanged, when its time has come.
 */
final class LoadConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final BatchComposer composer;
    private final byte[] head;
    private final byte[] request;
    private final ByteBuffer outgoing;
    private final HttpAnswer answer = new HttpAnswer();
    private boolean idle = true;
    private long since;
    private long retryAt = Long.MIN_VALUE;

    LoadConnection(Selector selector, InetSocketAddress server, byte[] head, BatchComposer composer)
            throws IOException {
        this.composer = composer;
        this.head = head;
        request = new byte[composer.capacity(head)];
        outgoing = ByteBuffer.wrap(request);
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    boolean idle() {
        return idle;
    }

    /** Nanoseconds at which the request in flight counts as begun. */
    long since() {
        return since;
    }

    boolean backingOff() {
        return retryAt != Long.MIN_VALUE;
    }

    long retryAt() {
        return retryAt;
    }

    int batch() {
        return composer.batch();
    }

    HttpAnswer answer() {
        return answer;
    }

    /** Composes fresh events. The caller sends them with {@link #flush}. */
    void compose(long nowMillis) {
        outgoing.limit(composer.compose(head, request, nowMillis));
        idle = false;
    }

    /** Starts to send what was composed. */
    void flush(long begunNanos) throws IOException {
        since = begunNanos;
        sendAgain();
    }

    /** Sends the same bytes again; their latency still counts from the first time. */
    void sendAgain() throws IOException {
        retryAt = Long.MIN_VALUE;
        outgoing.position(0);
        answer.reset();
        write();
    }

    /** Keeps the request for later. */
    void backOff(long untilNanos) {
        retryAt = untilNanos;
    }

    /** Takes the answer as the acknowledgement of the request, arrived at a moment. */
    void done(long nowNanos) {
        idle = true;
        composer.acknowledged(nowNanos);
    }

    /** Continues to send. */
    void write() throws IOException {
        channel.write(outgoing);
        key.interestOps(outgoing.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Reads what has arrived; tells whether the response is whole. */
    boolean read(ByteBuffer scratch) throws IOException {
        scratch.clear();
        if (channel.read(scratch) < 0) {
            throw new IOException("the server closed a connection under load");
        }
        return scratch.flip().hasRemaining() && answer.add(scratch);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
