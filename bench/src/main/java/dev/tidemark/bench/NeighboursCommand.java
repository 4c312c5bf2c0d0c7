package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench neighbours}. */
@Command(
        name = "neighbours",
        description =
                "Many tenants of which one misbehaves: what the others wait for with and without its flood, in one run.",
        footer = {
            "",
            "The exit code is 1 when a neighbour was refused anything, or waits more than --most times as long."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class NeighboursCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final TimeSource time;

    @Mixin
    private RunOptions options;

    @Option(names = "--tenants", description = "All of them, the one that misbehaves included.")
    private int tenants = 50;

    @Option(
            names = "--seconds",
            description = "Length of each of the measured windows: quiet, flood, flood with limits.")
    private int seconds = 30;

    @Option(names = "--history", description = "Events that the misbehaving tenant has, which its questions read.")
    private int history = 300_000;

    @Option(names = "--senders", description = "Connections that the misbehaving tenant sends over without a pause.")
    private int senders = 8;

    @Option(names = "--askers", description = "Heavy questions that it asks at a time without a pause.")
    private int askers = 8;

    @Option(names = "--viewers", description = "Streams that it opens.")
    private int viewers = 200;

    @Option(names = "--most", description = "How many times as long neighbours may wait.")
    private double most = 2;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    NeighboursCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        options.require(tenants >= 2, "--tenants: at least 2, not " + tenants + ".");
        options.positive("--seconds", seconds);
        options.positive("--history", history);
        options.require(senders >= 0 && askers >= 0 && viewers >= 0, "--senders, --askers, --viewers: 0 or more.");
        NeighboursResult result;
        try (Scratch scratch = Scratch.create()) {
            try {
                result = run(scratch);
            } catch (Exception e) {
                options.keep(scratch);
                throw e;
            }
        }
        options.print(options.json() ? result.toJson() : result.toTable());
        return result.good(most) ? 0 : 1;
    }

    private NeighboursResult run(Scratch scratch) throws IOException, InterruptedException {
        PrintWriter progress = options.progress();
        ServerProcess.Plan plan = new ServerProcess.Plan(
                scratch.data(), ServerProcess.freePort(), scratch.log(), options.javaOptions(), Map.of());
        progress.println("starting a server on " + scratch.data());
        try (ServerProcess server = ServerProcess.start(plan, time)) {
            server.awaitReady(START_LIMIT);
            return new NeighboursBench(
                            plan.url(),
                            server.operatorKey(),
                            new NeighboursBench.Load(
                                    tenants, Duration.ofSeconds(seconds), history, senders, askers, viewers),
                            time,
                            progress::println)
                    .run();
        }
    }
}
