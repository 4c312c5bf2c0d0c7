package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * One thread's share of the viewers: opens their streams, a bounded number at a time, and reads them all. Everything about its viewers
 * happens on its thread; others hand in questions. Thread-safe.
 */
final class ViewerLoop implements AutoCloseable {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(45);
    private static final long WAIT_MILLIS = 200;
    private static final int SCRATCH_BYTES = 256 << 10;

    private final TimeSource time;
    private final InetSocketAddress server;
    private final int mostOpening;
    private final Selector selector;
    private final ViewerTally tally = new ViewerTally();
    private final List<StreamViewer> viewers = new ArrayList<>();
    private final ArrayDeque<StreamViewer> waiting = new ArrayDeque<>();
    private final List<StreamViewer> opening = new ArrayList<>();
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long reviewed;
    private volatile boolean over;

    /** @param mostOpening streams that wait for their first event at the same time */
    ViewerLoop(TimeSource time, InetSocketAddress server, int mostOpening) throws IOException {
        this.time = time;
        this.server = server;
        this.mostOpening = mostOpening;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().name("viewers").daemon().unstarted(this::run);
    }

    /** Adds viewers of a dashboard, before the start. */
    void add(Dashboard dashboard, Pictures pictures, int count) {
        for (int i = 0; i < count; i++) {
            StreamViewer viewer = new StreamViewer(dashboard, pictures, tally);
            viewers.add(viewer);
            waiting.add(viewer);
        }
    }

    void start() {
        thread.start();
    }

    /** Answers a question on the loop's thread. Fails when the loop has failed. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        questions.add(() -> answer.complete(question.get()));
        selector.wakeup();
        CompletableFuture.anyOf(answer, ended).join();
        if (!answer.isDone()) {
            throw new IllegalStateException("the viewers have been closed");
        }
        return answer.join();
    }

    /** How many viewers are in a state. */
    int count(StreamViewer.State state) {
        return ask(() ->
                (int) viewers.stream().filter(viewer -> viewer.state() == state).count());
    }

    /** Whether a dashboard has a live viewer here. */
    boolean isWatched(Dashboard dashboard) {
        return ask(() -> viewers.stream()
                .anyMatch(viewer -> viewer.state() == StreamViewer.State.LIVE && viewer.watches(dashboard)));
    }

    /** How many live viewers' pictures do not count exactly what was acknowledged. */
    List<String> notCurrent() {
        return ask(() -> viewers.stream()
                .filter(viewer -> viewer.state() == StreamViewer.State.LIVE && !viewer.isCurrent())
                .map(StreamViewer::difference)
                .toList());
    }

    void openWindow(long atNanos) {
        ask(() -> {
            tally.open(atNanos);
            return true;
        });
    }

    void closeWindow(long atNanos) {
        ask(() -> {
            tally.close(atNanos);
            return true;
        });
    }

    /** Adds what was seen so far to a tally of all. */
    void tellTo(ViewerTally all) {
        ask(() -> {
            all.add(tally);
            return true;
        });
    }

    private void run() {
        try {
            while (!over) {
                for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
                    question.run();
                }
                openMore();
                selector.select(WAIT_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.attachment() instanceof StreamViewer viewer) {
                        viewer.proceed(key, scratch, time.nanos());
                    }
                }
                selector.selectedKeys().clear();
                review();
            }
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(new UncheckedIOException("the viewers' network failed: " + e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    private void openMore() {
        opening.removeIf(viewer -> viewer.state() != StreamViewer.State.OPENING);
        while (opening.size() < mostOpening && !waiting.isEmpty()) {
            StreamViewer next = waiting.remove();
            next.open(selector, server, time.nanos());
            opening.add(next);
        }
    }

    /** Gives up on streams that don't open or have fallen silent. */
    private void review() {
        long now = time.nanos();
        if (now - reviewed < Duration.ofSeconds(1).toNanos()) {
            return;
        }
        reviewed = now;
        for (StreamViewer viewer : viewers) {
            long silent = now - viewer.heardNanos();
            if (viewer.state() == StreamViewer.State.OPENING && silent > OPEN_LIMIT.toNanos()) {
                viewer.leave("no first event for " + OPEN_LIMIT.toSeconds() + " s", now);
            } else if (viewer.state() == StreamViewer.State.LIVE && silent > SILENCE_LIMIT.toNanos()) {
                viewer.leave("silent for " + SILENCE_LIMIT.toSeconds() + " s", now);
            }
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        viewers.forEach(StreamViewer::close);
        selector.close();
    }
}
