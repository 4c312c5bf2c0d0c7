package dev.tidemark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One reader of a dashboard's stream, on a connection of its own. Belongs to one loop; not thread-safe. */
final class StreamViewer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a viewer stands. */
    enum State {
        WAITING,
        OPENING,
        LIVE,
        GONE
    }

    private final Dashboard dashboard;
    private final Pictures pictures;
    private final ViewerTally tally;
    private final StreamResponse response = new StreamResponse();
    private final EventStreamParser parser = new EventStreamParser();
    private @Nullable ByteArrayOutputStream refusal;
    private @Nullable SocketChannel channel;
    private @Nullable Picture picture;
    private State state = State.WAITING;
    private long seen;
    private long heardNanos;

    /** @param pictures those of all viewers of the dashboard */
    StreamViewer(Dashboard dashboard, Pictures pictures, ViewerTally tally) {
        this.dashboard = dashboard;
        this.pictures = pictures;
        this.tally = tally;
    }

    State state() {
        return state;
    }

    boolean watches(Dashboard any) {
        return dashboard.number() == any.number();
    }

    /** When something last arrived, or opening began. */
    long heardNanos() {
        return heardNanos;
    }

    /** Whether the picture counts every event that was acknowledged so far, and no more. */
    boolean isCurrent() {
        return seen == dashboard.acknowledged().total();
    }

    /** What it lacks, for a report. */
    String difference() {
        return dashboard.kind() + " " + dashboard.number() + ": " + seen + " of "
                + dashboard.acknowledged().total() + " events";
    }

    void open(Selector selector, InetSocketAddress server, long nowNanos) {
        state = State.OPENING;
        heardNanos = nowNanos;
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = opened.connect(server);
            SelectionKey key = opened.register(selector, SelectionKey.OP_CONNECT, this);
            if (connected) {
                ask(key, opened);
            }
        } catch (IOException e) {
            leave("connect: " + e.getMessage(), nowNanos);
        }
    }

    /** Goes on with what the network is ready for. */
    void proceed(SelectionKey key, ByteBuffer scratch, long nowNanos) {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            if (key.isConnectable() && open.finishConnect()) {
                ask(key, open);
            } else if (key.isReadable()) {
                read(open, scratch, nowNanos);
            }
        } catch (IOException e) {
            leave("broken: " + e.getMessage(), nowNanos);
        }
    }

    private void ask(SelectionKey key, SocketChannel open) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(("GET " + dashboard.path() + "/stream HTTP/1.1\r\nHost: tidemark\r\n"
                        + "Accept: text/event-stream\r\nAuthorization: Bearer " + dashboard.token() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        open.write(request);
        if (request.hasRemaining()) {
            throw new IOException("a request did not fit into an empty connection");
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read(SocketChannel open, ByteBuffer scratch, long nowNanos) throws IOException {
        scratch.clear();
        if (open.read(scratch) < 0) {
            leave("closed by the server", nowNanos);
            return;
        }
        heardNanos = nowNanos;
        response.feed(scratch.flip(), body -> body(body, nowNanos));
        if (response.isOver() && state != State.GONE) {
            leave(response.status() == 200 ? "ended by the server" : refused(), nowNanos);
        }
    }

    private void body(ByteBuffer body, long nowNanos) {
        if (response.status() == 200) {
            parser.feed(body, (name, id, data, from, to) -> event(name, id, data, from, to, nowNanos));
        } else {
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            ByteArrayOutputStream all = refusal == null ? new ByteArrayOutputStream() : refusal;
            all.writeBytes(bytes);
            refusal = all;
        }
    }

    private String refused() {
        String code = "";
        if (refusal != null) {
            try {
                code = " " + JSON.readTree(refusal.toByteArray()).path("code").asText("");
            } catch (IOException noProblemDetails) {
                code = " (no JSON)";
            }
        }
        return "refused: " + response.status() + code;
    }

    private void event(String name, String id, byte[] data, int from, int to, long nowNanos) {
        if (state == State.GONE) {
            return;
        }
        try {
            switch (name) {
                case "snapshot" -> {
                    Picture shown = pictures.snapshot(id, data, from, to);
                    if (state == State.OPENING) {
                        tally.joined(to - from);
                    } else {
                        tally.snapshot(nowNanos, to - from);
                    }
                    show(shown, nowNanos);
                }
                case "delta" -> {
                    Picture before = picture;
                    if (before == null) {
                        throw new Pictures.Wrong("a change before any snapshot");
                    }
                    Picture shown = pictures.change(before, id, data, from, to);
                    tally.delta(nowNanos, to - from);
                    show(shown, nowNanos);
                }
                case "heartbeat" -> tally.heartBeat(nowNanos);
                case "stale" -> tally.stale(nowNanos);
                case "end" -> leave("end: " + reason(data, from, to), nowNanos);
                default -> {}
            }
        } catch (Pictures.Wrong wrong) {
            tally.wrong(dashboard.kind() + " " + dashboard.number() + ": " + wrong.getMessage());
            leave("wrong", nowNanos);
        }
    }

    private void show(Picture shown, long nowNanos) {
        boolean first = state == State.OPENING;
        state = State.LIVE;
        picture = shown;
        long count = shown.count;
        if (count == Picture.NO_COUNT) {
            tally.withoutCount();
            return;
        }
        if (count < seen) {
            tally.wrong(dashboard.kind() + " " + dashboard.number() + ": the count fell from " + seen + " to " + count);
        }
        if (count > seen && !first) {
            tally.fresh(nowNanos, dashboard.acknowledged().momentOf(seen + 1));
        }
        seen = count;
    }

    private static String reason(byte[] data, int from, int to) {
        try {
            return JSON.readTree(data, from, to - from).path("reason").asText("");
        } catch (IOException e) {
            return "no JSON";
        }
    }

    /** Closes the connection, for a reason. Once. */
    void leave(String reason, long nowNanos) {
        if (state == State.GONE) {
            return;
        }
        tally.gone(reason, state == State.LIVE, nowNanos);
        close();
    }

    void close() {
        state = State.GONE;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException alreadyBroken) {
            channel = null;
        }
    }
}
