package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends realistic events over keep-alive connections, several phases one after another. The connections are dealt to the
 * keys in turn and stay open between phases.
 */
final class LoadGenerator implements AutoCloseable {
    private static final int ACTORS = 100_000;
    private static final double ZIPF_EXPONENT = 1.0;

    private final List<LoadLoop> loops = new ArrayList<>();
    private final ExecutorService threads;

    /** The shape of the load: what connects to what. */
    record Shape(InetSocketAddress server, List<String> keys, int connections, int batch, int threads, long seed) {
        Shape {
            keys = List.copyOf(keys);
        }
    }

    LoadGenerator(Shape shape, TimeSource time) throws IOException {
        this(shape, List.of(), time);
    }

    /**
     * With events of accounts.
     *
     * @param shares of which accounts each connection sends events, one share a connection; none for events without accounts
     */
    LoadGenerator(Shape shape, List<AccountShare> shares, TimeSource time) throws IOException {
        SplittableRandom random = new SplittableRandom(shape.seed());
        List<EventTemplate> templates =
                shares.isEmpty() ? ShopTemplates.render(random) : ShopTemplates.ofAccounts(random);
        ZipfSampler actors = new ZipfSampler(shares.isEmpty() ? ACTORS : AccountShare.PEOPLE, ZIPF_EXPONENT);
        for (int i = 0; i < Math.min(shape.threads(), shape.connections()); i++) {
            loops.add(new LoadLoop(time));
        }
        threads = Executors.newFixedThreadPool(
                loops.size(), Thread.ofPlatform().name("load-", 0).daemon().factory());
        for (int i = 0; i < shape.connections(); i++) {
            String key = shape.keys().get(i % shape.keys().size());
            byte[] head = BatchComposer.head(
                    shape.server().getHostString(), shape.server().getPort(), key);
            AccountShare accounts = shares.isEmpty() ? null : shares.get(i);
            loops.get(i % loops.size())
                    .connect(
                            shape.server(),
                            head,
                            new BatchComposer(templates, actors, random.split(), shape.batch(), accounts));
        }
    }

    /**
     * Runs one phase to its end.
     *
     * @param requestsPerSecond over all connections; 0 for as fast as the answers come
     */
    LoadResult run(Duration duration, double requestsPerSecond) throws InterruptedException {
        List<Callable<LoadResult>> phases = loops.stream()
                .<Callable<LoadResult>>map(loop -> () -> loop.run(duration, requestsPerSecond / loops.size()))
                .toList();
        List<LoadResult> results = new ArrayList<>();
        for (Future<LoadResult> result : threads.invokeAll(phases)) {
            try {
                results.add(result.get());
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                throw new IllegalStateException(cause.getMessage(), cause);
            }
        }
        return LoadResult.merge(results);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (LoadLoop loop : loops) {
            loop.close();
        }
    }
}
