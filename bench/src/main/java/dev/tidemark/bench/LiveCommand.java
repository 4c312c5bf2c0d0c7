package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench live}. */
@Command(
        name = "live",
        description =
                "Live dashboards: viewers of server-sent events beside ingest, from the 202 of an event to its frame.",
        footer = {
            "",
            "A picture that counts other events than were acknowledged, or differs from a plain request at the end, is",
            "printed and makes the exit code 1."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class LiveCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int VIEWER_THREADS = 2;
    private static final int MOST_DASHBOARDS = 9_999;

    private final TimeSource time;

    @Mixin
    private RunOptions options;

    @Option(names = "--viewers", description = "Open streams.")
    private int viewers = 10_000;

    @Option(names = "--dashboards", description = "Distinct dashboards, watched by as many viewers each.")
    private int dashboards = 1_000;

    @Option(names = "--events-per-second", description = "On a fixed schedule, over all tenants.")
    private int eventsPerSecond = 20_000;

    @Option(names = "--seconds", description = "Length of the measured window.")
    private int seconds = 60;

    @Option(names = "--settle", description = "Seconds between the last viewer's first picture and the window.")
    private int settle = 5;

    @Option(names = "--drain", description = "Seconds that pictures may take to show everything at the end.")
    private int drain = 30;

    @Option(names = "--tenants", description = "Among which dashboards and events are dealt.")
    private int tenants = 4;

    @Option(names = "--batch", description = "Events a request.")
    private int batch = 50;

    @Option(names = "--connections", description = "Connections that send events.")
    private int connections = 16;

    @Option(names = "--opening", description = "Streams that are being opened at the same time; all, if not given.")
    private @Nullable Integer opening;

    @Option(
            names = "--compare",
            description = "Dashboards whose pictures are compared with a plain request at the end.")
    private int compared = 100;

    @Option(names = "--seed", description = "Seed of the events' content.")
    private long seed = 1;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    LiveCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        options.positive("--viewers", viewers);
        options.positive("--dashboards", dashboards);
        options.positive("--events-per-second", eventsPerSecond);
        options.positive("--seconds", seconds);
        options.positive("--drain", drain);
        options.positive("--tenants", tenants);
        options.positive("--batch", batch);
        if (opening != null) {
            options.positive("--opening", opening);
        }
        options.require(settle >= 0 && compared >= 0, "--settle and --compare: 0 or more.");
        options.require(connections >= tenants, "--connections: at least one for each of the tenants.");
        options.require(
                dashboards <= Math.min(viewers, MOST_DASHBOARDS),
                "--dashboards: at most " + MOST_DASHBOARDS + ", and a viewer for each.");
        PrintWriter progress = options.progress();
        LiveResult result;
        try (Scratch scratch = Scratch.create()) {
            try {
                result = run(scratch);
            } catch (Exception e) {
                options.keep(scratch);
                throw e;
            }
            if (!result.wrong().isEmpty()) {
                result.wrong().forEach(progress::println);
                options.keep(scratch);
            }
        }
        options.print(options.json() ? result.toJson() : result.toTable());
        return result.wrong().isEmpty() && result.connected() > 0 ? 0 : 1;
    }

    private LiveResult run(Scratch scratch) throws IOException, InterruptedException {
        PrintWriter progress = options.progress();
        List<String> keys = new ArrayList<>();
        for (int tenant = 1; tenant < tenants; tenant++) {
            progress.println("making tenant " + tenant + " of " + tenants);
            try (ServerProcess server = ServerProcess.start(plan(scratch, tenant), time)) {
                server.awaitReady(START_LIMIT);
                keys.add(server.secretKey());
            }
        }
        ServerProcess.Plan plan = plan(scratch, tenants);
        progress.println("starting a server on " + scratch.data());
        try (ServerProcess server = ServerProcess.start(plan, time)) {
            server.awaitReady(START_LIMIT);
            keys.add(server.secretKey());
            List<ProcessHandle> itself = ProcessHandle.of(server.pid()).stream().toList();
            return new LiveBench(
                            load(plan, keys, server.operatorKey()),
                            () -> itself,
                            server::engine,
                            time,
                            progress::println)
                    .run();
        }
    }

    private LiveBench.Load load(ServerProcess.Plan plan, List<String> keys, String operatorKey) {
        return new LiveBench.Load(
                plan.url(),
                plan.address(),
                keys,
                operatorKey,
                viewers,
                dashboards,
                eventsPerSecond,
                batch,
                connections,
                Duration.ofSeconds(settle),
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(drain),
                opening == null ? viewers : opening,
                VIEWER_THREADS,
                compared,
                seed);
    }

    /** A server makes the tenant that it is started for; the key of each stays good. */
    private ServerProcess.Plan plan(Scratch scratch, int tenant) throws IOException {
        return new ServerProcess.Plan(
                scratch.data(),
                ServerProcess.freePort(),
                scratch.log(),
                options.javaOptions(),
                Map.of("TIDEMARK_TENANT", "bench-" + tenant));
    }
}
