package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures durable ingest from HTTP to queryable on a running server that gets no other events: a warm-up that is not
 * counted and is waited out, then a window of load with probes beside it, then the time until everything is counted by a
 * query, then the disk.
 */
final class IngestBench {
    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(50);
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(5);
    private static final Duration SETTLING_LIMIT = Duration.ofSeconds(90);

    private final Load load;
    private final TimeSource time;
    private final Consumer<String> progress;
    private final List<TidemarkClient> clients;
    private final Questions.Range range;

    /**
     * What to send.
     *
     * @param keys one for each tenant, in which the load is dealt; the first one's tenant is also probed
     * @param catchUpLimit how long acknowledged events are waited for before they are given up
     * @param eventsPerSecond 0 for as fast as the server acknowledges
     */
    record Load(
            String url,
            InetSocketAddress address,
            List<String> keys,
            Duration warmUp,
            Duration window,
            Duration catchUpLimit,
            int batch,
            int connections,
            int threads,
            double eventsPerSecond,
            long seed) {
        Load {
            keys = List.copyOf(keys);
        }

        double requestsPerSecond() {
            return eventsPerSecond / batch;
        }
    }

    IngestBench(Load load, TimeSource time, Consumer<String> progress) {
        this.load = load;
        this.time = time;
        this.progress = progress;
        clients = load.keys().stream()
                .map(key -> new TidemarkClient(load.url(), key))
                .toList();
        Instant now = Instant.ofEpochMilli(time.millis());
        range = new Questions.Range(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(23)));
    }

    /**
     * Runs it.
     *
     * @param engineDirectory where the engine keeps its data; null to leave the disk unmeasured
     */
    IngestResult run(@Nullable Path engineDirectory) throws IOException, InterruptedException {
        LoadGenerator.Shape shape = new LoadGenerator.Shape(
                load.address(), load.keys(), load.connections(), load.batch(), load.threads(), load.seed());
        try (LoadGenerator generator = new LoadGenerator(shape, time)) {
            long before = count();
            progress.accept("warming up for " + load.warmUp().toSeconds() + " s");
            Phase warmUp = phase("warm-up", generator, load.warmUp());
            long baseline = awaitCount(before + warmUp.load().accepted());
            if (baseline != before + warmUp.load().accepted()) {
                throw new IOException("after the warm-up a query counts " + (baseline - before) + " events of "
                        + warmUp.load().accepted() + " that were acknowledged");
            }
            progress.accept("loading for " + load.window().toSeconds() + " s");
            Phase window = phase("window", generator, load.window());
            LoadResult result = window.load();
            Histogram queryable = window.queryableMicros();
            progress.accept("waiting until everything is queryable");
            long stored = awaitCount(baseline + result.accepted()) - baseline;
            double windowSeconds = (result.lastAckNanos() - result.startNanos()) / 1e9;
            double allSeconds = (time.nanos() - result.startNanos()) / 1e9;

            Disk disk = engineDirectory == null ? new Disk(0, true) : settledDisk(engineDirectory, count(List.of()));
            return new IngestResult(
                    stored / allSeconds,
                    result.ackMillis(50),
                    result.ackMillis(99),
                    millis(queryable.getValueAtPercentile(99)),
                    result.accepted(),
                    stored,
                    disk.bytesPerEvent(),
                    windowSeconds,
                    allSeconds - windowSeconds,
                    result.ackMillis(100),
                    millis(queryable.getValueAtPercentile(50)),
                    millis(queryable.getMaxValue()),
                    result.refusals(),
                    queryable.getTotalCount(),
                    disk.settled());
        } finally {
            clients.forEach(TidemarkClient::close);
        }
    }

    /** A phase of load with probes beside it, until the load is acknowledged and the probes were seen. */
    private Phase phase(String name, LoadGenerator generator, Duration duration)
            throws IOException, InterruptedException {
        CompletableFuture<LoadResult> result = new CompletableFuture<>();
        Thread.ofPlatform().name("load").daemon().start(() -> {
            try {
                result.complete(generator.run(duration, load.requestsPerSecond()));
            } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        Histogram queryable = new VisibilityProbe(clients.getFirst(), time, name, range).runUntil(result);
        try {
            return new Phase(result.join(), queryable);
        } catch (CompletionException e) {
            throw new IOException("the load failed: " + e.getCause(), e);
        }
    }

    private long count() throws IOException, InterruptedException {
        return count(ShopTemplates.EVENT_TYPES);
    }

    private long count(List<String> eventTypes) throws IOException, InterruptedException {
        long count = 0;
        for (TidemarkClient client : clients) {
            count += Math.round(
                    client.ask(Questions.count(range, eventTypes)).path("value").asDouble());
        }
        return count;
    }

    private long awaitCount(long expected) throws IOException, InterruptedException {
        long deadline = time.nanos() + load.catchUpLimit().toNanos();
        while (true) {
            long count = count();
            if (count >= expected || time.nanos() > deadline) {
                return count;
            }
            time.sleep(BETWEEN_COUNTS);
        }
    }

    private Disk settledDisk(Path engineDirectory, long events) throws IOException, InterruptedException {
        progress.accept("waiting until merges have settled");
        long start = time.nanos();
        long unchangedSince = start;
        StoreSize size = StoreSize.of(engineDirectory);
        while (true) {
            time.sleep(Duration.ofMillis(500));
            StoreSize next = StoreSize.of(engineDirectory);
            long now = time.nanos();
            if (!next.parts().equals(size.parts())) {
                unchangedSince = now;
            }
            size = next;
            boolean settled = now - unchangedSince >= SETTLED_AFTER.toNanos();
            if (settled || now - start > SETTLING_LIMIT.toNanos()) {
                return new Disk(events == 0 ? 0 : (double) size.bytes() / events, settled);
            }
        }
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }

    private record Phase(LoadResult load, Histogram queryableMicros) {}

    private record Disk(double bytesPerEvent, boolean settled) {}
}
