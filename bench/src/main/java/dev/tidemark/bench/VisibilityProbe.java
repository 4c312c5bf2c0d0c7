package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;

/**
 * Measures how long after its 202 an event is counted by a query, while the load runs.
 *
 * <p>One thread sends a {@code bench_probe} event on a fixed schedule; another asks again and again how many of this probe's
 * events there are, filtered by a property. When the answer first reaches n, the n-th probe has become visible; its time runs
 * from the arrival of its 202 to the arrival of that answer, so the question's own duration and the pause between two
 * questions are counted in. Not thread-safe.
 */
final class VisibilityProbe {
    static final String EVENT_TYPE = "bench_probe";
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final TidemarkClient client;
    private final TimeSource time;
    private final String name;
    private final Questions.Range range;
    private final List<Long> acknowledged = new ArrayList<>();
    private final Histogram micros = new Histogram(LoadLoop.HIGHEST_MICROS, 3);
    private final AtomicBoolean sending = new AtomicBoolean(true);

    /**
     * @param name tells this probe's events from those of others
     */
    VisibilityProbe(TidemarkClient client, TimeSource time, String name, Questions.Range range) {
        this.client = client;
        this.time = time;
        this.name = name;
        this.range = range;
    }

    /**
     * Runs beside the load until it is over and every probe was seen.
     *
     * @return microseconds from 202 to visible, one value for each probe
     */
    Histogram runUntil(CompletableFuture<?> loadIsOver) throws IOException, InterruptedException {
        loadIsOver.whenComplete((_, _) -> sending.set(false));
        try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> sent = sender.submit(this::send);
            try {
                watch(sent);
                sent.get();
            } catch (ExecutionException e) {
                throw new IOException("the probe could not be sent: " + e.getCause(), e);
            } finally {
                sending.set(false);
                sent.cancel(true);
            }
        }
        return micros;
    }

    private Void send() throws IOException, InterruptedException {
        long start = time.nanos();
        for (int n = 0; sending.get(); n++) {
            long due = start + n * BETWEEN_PROBES.toNanos();
            Duration early = Duration.ofNanos(due - time.nanos());
            if (early.isPositive()) {
                time.sleep(early);
            }
            TidemarkClient.Answer answer = client.postEvents(event(n));
            if (answer.status() != 202) {
                throw new IOException("probe event: " + answer);
            }
            synchronized (acknowledged) {
                acknowledged.add(time.nanos());
            }
        }
        return null;
    }

    private String event(int number) {
        return "{\"event_type\":\"" + EVENT_TYPE + "\",\"event_id\":\"" + name + "-" + number + "\",\"timestamp\":\""
                + Instant.ofEpochMilli(time.millis()) + "\",\"user_id\":\"prober\",\"properties\":{\"probe\":\"" + name
                + "\",\"number\":" + number + "}}";
    }

    private void watch(Future<?> sent) throws IOException, InterruptedException {
        ObjectNode question = Questions.count(range, List.of(EVENT_TYPE));
        question.set("filter", Questions.propertyEquals("properties.probe", name));
        int seen = 0;
        long lastProgress = time.nanos();
        while (true) {
            boolean last = sent.isDone();
            int known = known();
            if (last && seen >= known) {
                return;
            }
            if (seen < known) {
                long visible = Math.round(client.ask(question).path("value").asDouble());
                long now = time.nanos();
                // A probe may be visible before the thread that sent it has noted its 202; it is taken in a later
                // round.
                for (; seen < Math.min(visible, known()); seen++) {
                    micros.recordValue(Math.min(LoadLoop.HIGHEST_MICROS, Math.max(0, now - ackOf(seen)) / 1000));
                    lastProgress = now;
                }
                if (now - lastProgress > GRACE.toNanos()) {
                    throw new IOException("acknowledged probes were not visible after " + GRACE.toSeconds() + " s: saw "
                            + visible + " of " + known);
                }
            } else {
                lastProgress = time.nanos();
            }
            time.sleep(BETWEEN_QUESTIONS);
        }
    }

    private int known() {
        synchronized (acknowledged) {
            return acknowledged.size();
        }
    }

    private long ackOf(int number) {
        synchronized (acknowledged) {
            return acknowledged.get(number);
        }
    }
}
