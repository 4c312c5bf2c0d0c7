package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec;

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

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Record the server with JFR into a file.")
    private @Nullable Path jfr;

    @Option(
            names = "--server-java-option",
            paramLabel = "OPTION",
            description = "An option for the server's JVM; may be repeated.")
    private List<String> javaOptions = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    IngestCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        positive("--seconds", seconds);
        positive("--batch", batch);
        positive("--connections", connections);
        positive("--threads", threads);
        if (warmUp < 0 || rate < 0) {
            throw new ParameterException(spec.commandLine(), "--warm-up and --rate: 0 or more.");
        }
        PrintWriter progress = spec.commandLine().getErr();
        IngestResult result;
        try (Scratch scratch = Scratch.create()) {
            ServerProcess.Plan plan =
                    new ServerProcess.Plan(scratch.data(), ServerProcess.freePort(), scratch.log(), serverOptions());
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
                scratch.keep();
                progress.println("the server's data and output are kept in " + scratch);
                throw e;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? result.toJson().toString() : result.toTable().stripTrailing());
        out.flush();
        return result.stored() == result.accepted() ? 0 : 1;
    }

    private List<String> serverOptions() {
        List<String> options = new ArrayList<>(javaOptions);
        if (jfr != null) {
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + jfr.toAbsolutePath());
        }
        return options;
    }

    private void positive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + ": at least 1, not " + value + ".");
        }
    }
}
