package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench ingest}. */
@Command(
        name = "ingest",
        description = "Durable ingest: events over HTTP, acknowledged after fsync, until all are queryable.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class IngestCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);

    private final TimeSource time;

    @Mixin
    private RunOptions options;

    @Option(names = "--seconds", description = "Length of the measured window.")
    private int seconds = 20;

    @Option(names = "--warm-up", description = "Seconds of load before it that are not measured.")
    private int warmUp = 10;

    @Option(names = "--batch", description = "Events a request.")
    private int batch = 50;

    @Option(names = "--connections", description = "Connections, each with one request in flight.")
    private int connections = 16;

    @Option(names = "--threads", description = "Threads of the load generator.")
    private int threads = 1;

    @Option(
            names = "--rate",
            description = "Events a second on a fixed schedule; 0 for as fast as the server acknowledges.")
    private double rate;

    @Option(names = "--seed", description = "Seed of the events' content.")
    private long seed = 1;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    IngestCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        options.positive("--seconds", seconds);
        options.positive("--batch", batch);
        options.positive("--connections", connections);
        options.positive("--threads", threads);
        options.require(warmUp >= 0 && rate >= 0, "--warm-up and --rate: 0 or more.");
        PrintWriter progress = options.progress();
        IngestResult result;
        try (Scratch scratch = Scratch.create()) {
            ServerProcess.Plan plan = new ServerProcess.Plan(
                    scratch.data(), ServerProcess.freePort(), scratch.log(), options.javaOptions());
            progress.println("starting a server on " + scratch.data());
            try (ServerProcess server = ServerProcess.start(plan, time)) {
                server.awaitReady(START_LIMIT);
                IngestBench.Load load = new IngestBench.Load(
                        plan.url(),
                        plan.address(),
                        List.of(server.secretKey()),
                        Duration.ofSeconds(warmUp),
                        Duration.ofSeconds(seconds),
                        CATCH_UP_LIMIT,
                        batch,
                        connections,
                        threads,
                        rate,
                        seed);
                result = new IngestBench(load, time, progress::println).run(scratch.engine());
            } catch (Exception e) {
                options.keep(scratch);
                throw e;
            }
        }
        options.print(options.json() ? result.toJson() : result.toTable());
        return result.stored() == result.accepted() ? 0 : 1;
    }
}
