package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * One thread's share of the load: an event loop over its connections.
 *
 * <p>Without a rate every connection sends as soon as it has its answer (closed loop), and the latency of a request counts
 * from its first byte. With a rate, requests fall due on a fixed schedule whatever the server does, and the latency counts
 * from the moment a request was due, so that waiting behind a slow answer is not left out. Not thread-safe.
 */
final class LoadLoop implements AutoCloseable {
    private static final long LONGEST_WAIT_MILLIS = 50;
    private static final Duration DEFAULT_BACK_OFF = Duration.ofMillis(100);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);
    static final long HIGHEST_MICROS = 600_000_000L;

    private final TimeSource time;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
    private final Histogram latency = new Histogram(HIGHEST_MICROS, 3);
    /** Whose turn it is on a schedule, so that all connections are used alike. */
    private int turn;

    private long requests;
    private long accepted;
    private long refusals;
    private long lastAck;
    private long lastAnswer;

    LoadLoop(TimeSource time) throws IOException {
        this.time = time;
        selector = Selector.open();
    }

    void connect(InetSocketAddress server, byte[] head, BatchComposer composer) throws IOException {
        connections.add(new LoadConnection(selector, server, head, composer));
    }

    /**
     * Sends for a while, then awaits the answers to what is in flight.
     *
     * @param requestsPerSecond the schedule, or 0 for as fast as the answers come
     */
    LoadResult run(Duration duration, double requestsPerSecond) {
        latency.reset();
        requests = 0;
        accepted = 0;
        refusals = 0;
        long start = time.nanos();
        lastAck = start;
        lastAnswer = start;
        try {
            if (requestsPerSecond > 0) {
                onSchedule(start, duration.toNanos(), 1e9 / requestsPerSecond);
            } else {
                asFastAsAnswered(start + duration.toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the load generator lost the server: " + e.getMessage(), e);
        }
        return new LoadResult(start, lastAck, requests, accepted, refusals, latency.copy());
    }

    private void asFastAsAnswered(long end) throws IOException {
        while (true) {
            long now = time.nanos();
            boolean open = now < end;
            for (LoadConnection connection : connections) {
                if (connection.idle() && open) {
                    connection.compose(time.millis());
                    connection.flush(time.nanos());
                }
            }
            if (!open && allIdle()) {
                return;
            }
            await(now, Long.MAX_VALUE);
        }
    }

    private void onSchedule(long start, long length, double interval) throws IOException {
        long sent = 0;
        while (true) {
            long now = time.nanos();
            long due = (long) (sent * interval);
            for (int tried = 0; tried < connections.size() && due < length && due <= now - start; tried++) {
                LoadConnection connection = connections.get(turn);
                turn = (turn + 1) % connections.size();
                if (connection.idle()) {
                    connection.compose(time.millis());
                    connection.flush(start + due);
                    due = (long) (++sent * interval);
                }
            }
            if (due >= length && allIdle()) {
                return;
            }
            await(now, due < length && anyIdle() ? start + due : Long.MAX_VALUE);
        }
    }

    /** Waits for the network until the next retry or the next due request, and handles what came. */
    private void await(long now, long nextDue) throws IOException {
        long until = now + LONGEST_WAIT_MILLIS * 1_000_000L;
        if (nextDue != Long.MAX_VALUE && nextDue < until) {
            until = nextDue;
        }
        for (LoadConnection connection : connections) {
            if (connection.backingOff()) {
                if (connection.retryAt() <= now) {
                    connection.sendAgain();
                } else {
                    until = Math.min(until, connection.retryAt());
                }
            }
        }
        // Whole milliseconds, because a selector knows no less: a due request is up to 1 ms late, and that counts as
        // latency.
        if (until > now) {
            selector.select(Math.max(1, (until - now) / 1_000_000L));
        } else {
            selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            if (key.isWritable()) {
                connection.write();
            }
            if (key.isReadable() && connection.read(scratch)) {
                answered(connection);
            }
        }
        selector.selectedKeys().clear();
        if (now - lastAnswer > SILENCE_LIMIT.toNanos() && !allIdle()) {
            throw new IOException("no answer for " + SILENCE_LIMIT.toSeconds() + " s");
        }
    }

    private void answered(LoadConnection connection) {
        HttpAnswer answer = connection.answer();
        long now = time.nanos();
        lastAnswer = now;
        switch (answer.status()) {
            case 202 -> {
                if (answer.accepted() != connection.batch()) {
                    throw new IllegalStateException("the server did not accept every event: " + answer.excerpt());
                }
                requests++;
                accepted += connection.batch();
                latency.recordValue(Math.min(HIGHEST_MICROS, (now - connection.since()) / 1000));
                lastAck = now;
                connection.done(now);
            }
            case 429, 503 -> {
                refusals++;
                connection.backOff(now + backOff(answer).toNanos());
            }
            default -> throw new IllegalStateException("unexpected answer under load: " + answer.excerpt());
        }
    }

    private static Duration backOff(HttpAnswer answer) {
        String seconds = answer.header("retry-after");
        return seconds.matches("\\d{1,4}") ? Duration.ofSeconds(Long.parseLong(seconds)) : DEFAULT_BACK_OFF;
    }

    private boolean allIdle() {
        return connections.stream().allMatch(LoadConnection::idle);
    }

    private boolean anyIdle() {
        return connections.stream().anyMatch(LoadConnection::idle);
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
