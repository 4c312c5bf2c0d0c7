package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Loads a server with the events of many tenants and times the analyses of its largest and of a small one. */
final class QueryBench {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final int PASSWORD_BYTES = 16;
    private static final int SMALL_SHARE = 3;

    private final Plan plan;
    private final TimeSource time;
    private final Consumer<String> progress;

    /**
     * What to measure.
     *
     * @param runs timed runs of each question
     * @param analyses in this order
     * @param contention whether to measure what tenants do to each other
     * @param engineMemory in the server's form; empty for its default
     */
    record Plan(
            long events,
            int tenants,
            long seed,
            int runs,
            List<Analysis> analyses,
            boolean contention,
            String engineMemory,
            List<String> javaOptions) {
        Plan {
            analyses = List.copyOf(analyses);
            javaOptions = List.copyOf(javaOptions);
        }

        String largest() {
            return SyntheticEvents.tenant(1);
        }

        /** Has one in two thousand of the events, of 1,000 tenants. */
        String small() {
            return SyntheticEvents.tenant(Math.max(2, tenants / SMALL_SHARE));
        }
    }

    QueryBench(Plan plan, TimeSource time, Consumer<String> progress) {
        this.plan = plan;
        this.time = time;
        this.progress = progress;
    }

    /** Tells each result as soon as it is known. True when every number was right. */
    boolean run(Scratch scratch, Consumer<AnalysisResult> results) throws IOException, InterruptedException {
        String largestKey = keyOf(scratch, plan.largest());
        boolean right = true;
        int enginePort = ServerProcess.freePort();
        byte[] bytes = new byte[PASSWORD_BYTES];
        new Random(time.nanos()).nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        ServerProcess.Plan started = server(
                scratch,
                plan.small(),
                Map.of("TIDEMARK_ENGINE_PORT", Integer.toString(enginePort), "TIDEMARK_ENGINE_PASSWORD", password));
        try (ServerProcess server = ServerProcess.start(started, time);
                EngineHttp engine = new EngineHttp(enginePort, password)) {
            server.awaitReady(START_LIMIT);
            SyntheticEvents loaded = new LoadedStore(engine, scratch.resolve("events.json"), time, progress)
                    .ensure(plan.events, plan.tenants, plan.seed);
            try (TidemarkClient largest = new TidemarkClient(started.url(), largestKey);
                    TidemarkClient small = new TidemarkClient(started.url(), server.secretKey())) {
                AnalysisTimer ofLargest =
                        new AnalysisTimer(largest, engine, plan.largest(), loaded.until(), plan.runs, time);
                AnalysisTimer ofSmall = new AnalysisTimer(small, engine, plan.small(), loaded.until(), plan.runs, time);
                progress.accept("warming up");
                ofSmall.warmUp(plan.analyses);
                for (Analysis analysis : plan.analyses) {
                    for (AnalysisTimer timer : List.of(ofLargest, ofSmall)) {
                        progress.accept(analysis.wireName());
                        AnalysisResult result = timer.measure(analysis);
                        right &= result.right();
                        results.accept(result);
                    }
                }
                if (plan.contention) {
                    results.accept(
                            new Contention(largest, small, plan.small(), loaded.until(), plan.runs, time).measure());
                }
            }
        }
        return right;
    }

    /** A server makes one tenant when it starts; the key of each stays good. */
    private String keyOf(Scratch scratch, String tenant) throws IOException, InterruptedException {
        progress.accept("starting a server on " + scratch);
        try (ServerProcess server = ServerProcess.start(server(scratch, tenant, Map.of()), time)) {
            server.awaitReady(START_LIMIT);
            return server.secretKey();
        }
    }

    private ServerProcess.Plan server(Scratch scratch, String tenant, Map<String, String> more) throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.put("TIDEMARK_TENANT", tenant);
        if (!plan.engineMemory.isEmpty()) {
            environment.put("TIDEMARK_ENGINE_MEMORY_LIMIT", plan.engineMemory);
        }
        return new ServerProcess.Plan(
                scratch.data(),
                ServerProcess.freePort(),
                scratch.log(),
                new ArrayList<>(plan.javaOptions),
                environment);
    }
}
