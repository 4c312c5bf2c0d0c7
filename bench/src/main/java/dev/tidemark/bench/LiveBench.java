package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures live dashboards on a running server that gets no other events: dashboards, then the load at its rate, then the viewers, all
 * at once, then a window, then the comparison of what they see with what is asked for.
 */
final class LiveBench {
    private static final Duration CONNECT_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final double MEBIBYTE = 1 << 20;

    private final Load load;
    private final Supplier<List<ProcessHandle>> server;
    private final Supplier<List<ProcessHandle>> engine;
    private final TimeSource time;
    private final Consumer<String> progress;

    /**
     * What is to be.
     *
     * @param keys a secret key for each tenant
     * @param operatorKey reads the metrics
     * @param settle between the last viewer's first picture and the window
     * @param drain how long pictures may take at the end to show every event
     * @param opening streams that are being opened at the same time
     * @param viewerThreads that read the streams
     * @param verified how many dashboards are compared
     */
    record Load(
            String url,
            InetSocketAddress address,
            List<String> keys,
            String operatorKey,
            int viewers,
            int dashboards,
            double eventsPerSecond,
            int batch,
            int connections,
            Duration settle,
            Duration window,
            Duration drain,
            int opening,
            int viewerThreads,
            int verified,
            long seed) {
        Load {
            keys = List.copyOf(keys);
        }
    }

    LiveBench(
            Load load,
            Supplier<List<ProcessHandle>> server,
            Supplier<List<ProcessHandle>> engine,
            TimeSource time,
            Consumer<String> progress) {
        this.load = load;
        this.server = server;
        this.engine = engine;
        this.time = time;
        this.progress = progress;
    }

    LiveResult run() throws IOException, InterruptedException {
        List<TidemarkClient> clients = load.keys().stream()
                .map(key -> new TidemarkClient(load.url(), key))
                .toList();
        try {
            return run(clients);
        } finally {
            clients.forEach(TidemarkClient::close);
        }
    }

    private LiveResult run(List<TidemarkClient> clients) throws IOException, InterruptedException {
        progress.accept("making " + load.dashboards() + " dashboards");
        List<AckLog> ofTenants = clients.stream().map(_ -> new AckLog()).toList();
        List<Dashboard> dashboards = new DashboardMix(load.dashboards(), clients, ofTenants).create();
        progress.accept(described(dashboards));
        LoadGenerator.Shape shape =
                new LoadGenerator.Shape(load.address(), load.keys(), load.connections(), load.batch(), 1, load.seed());
        List<AccountShare> shares = LiveLoad.shares(dashboards, ofTenants, load.connections());
        double idle = ProcessUsage.of(server.get()).residentBytes() / MEBIBYTE;
        try (LiveLoad events = new LiveLoad(shape, shares, load.eventsPerSecond(), load.window(), time);
                Audience audience = new Audience(dashboards, load, time)) {
            events.start();
            progress.accept("opening " + load.viewers() + " streams beside the load");
            Duration connecting = connect(audience, events);
            progress.accept(audience.live() + " viewers have a picture after " + connecting.toMillis() + " ms");
            Duration starting = connecting.plus(awaitStarted(audience));
            time.sleep(load.settle());
            progress.accept("window of " + load.window().toSeconds() + " s");
            ServerHistogram before = histogram();
            ProcessUsage serverBefore = ProcessUsage.of(server.get());
            ProcessUsage engineBefore = ProcessUsage.of(engine.get());
            ProcessUsage ownBefore = ProcessUsage.of(List.of(ProcessHandle.current()));
            int watching = audience.live();
            long begun = begin(events, audience);
            Peak peak = awaitWindow(events.result());
            long ended = time.nanos();
            audience.closeWindow(ended);
            Duration between = Duration.ofNanos(ended - begun);
            LiveResult.Usage usage = new LiveResult.Usage(
                    ProcessUsage.of(server.get()).coresSince(serverBefore, between),
                    ProcessUsage.of(engine.get()).coresSince(engineBefore, between),
                    ProcessUsage.of(List.of(ProcessHandle.current())).coresSince(ownBefore, between),
                    idle,
                    peak.server / MEBIBYTE,
                    peak.engine / MEBIBYTE);
            progress.accept("waiting until every picture shows every event");
            List<String> wrong = new ArrayList<>(audience.awaitCurrent(load.drain()));
            ServerHistogram freshness = histogram().since(before);
            progress.accept("comparing pictures with plain requests");
            int verified = Math.min(load.verified(), dashboards.size());
            wrong.addAll(audience.compare(load.url(), verified, load.drain()));
            ViewerTally seen = audience.tally();
            wrong.addAll(seen.findings());
            return new LiveResult(
                    load.viewers(),
                    load.dashboards(),
                    DashboardMix.whole(load.dashboards()),
                    load.keys().size(),
                    watching,
                    connecting.toNanos() / 1e9,
                    starting.toNanos() / 1e9,
                    between.toNanos() / 1e9,
                    seen,
                    events.result().join(),
                    freshness,
                    audience.modes(),
                    usage,
                    verified,
                    wrong);
        } catch (CompletionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        }
    }

    private Duration connect(Audience audience, LiveLoad events) throws InterruptedException {
        long begun = time.nanos();
        audience.start();
        while (audience.opening() > 0 && time.nanos() - begun < CONNECT_LIMIT.toNanos()) {
            if (events.result().isCompletedExceptionally()) {
                events.result().join();
            }
            time.sleep(POLL);
        }
        return Duration.ofNanos(time.nanos() - begun);
    }

    /** Waits until all answers that are to be kept in memory are, as far as the streams tell. */
    private Duration awaitStarted(Audience audience) throws InterruptedException {
        long begun = time.nanos();
        while (audience.starting() > 0 && time.nanos() - begun < START_LIMIT.toNanos()) {
            time.sleep(POLL);
        }
        return Duration.ofNanos(time.nanos() - begun);
    }

    private static long begin(LiveLoad events, Audience audience) {
        long begun = events.beginWindow();
        audience.openWindow(begun);
        return begun;
    }

    private Peak awaitWindow(CompletableFuture<LoadResult> result) throws InterruptedException {
        Peak peak = new Peak();
        while (!result.isDone()) {
            peak.server = Math.max(peak.server, ProcessUsage.of(server.get()).residentBytes());
            peak.engine = Math.max(peak.engine, ProcessUsage.of(engine.get()).residentBytes());
            time.sleep(POLL);
        }
        result.join();
        return peak;
    }

    /** Bytes at most. */
    private static final class Peak {
        private long server;
        private long engine;
    }

    private ServerHistogram histogram() throws IOException, InterruptedException {
        try (TidemarkClient operator = new TidemarkClient(load.url(), load.operatorKey())) {
            return ServerHistogram.read(operator.call("GET", "/metrics", "").body(), "tidemark_live_freshness_seconds");
        }
    }

    private static String described(List<Dashboard> dashboards) {
        Map<String, Integer> kinds = new HashMap<>();
        dashboards.forEach(dashboard -> kinds.merge(dashboard.kind(), 1, Integer::sum));
        return kinds.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(kind -> kind.getValue() + " x " + kind.getKey())
                .collect(Collectors.joining("; "));
    }
}
