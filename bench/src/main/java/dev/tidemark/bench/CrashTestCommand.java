package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark crashtest}. */
@Command(
        name = "crashtest",
        description = "Kills a server of its own and its engine under load, again and again, and counts what is lost.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class CrashTestCommand implements Callable<Integer> {
    private final TimeSource time;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", description = "How often to kill.")
    private int rounds = 20;

    @Option(names = "--writers", description = "Clients that send at the same time.")
    private int writers = 4;

    @Option(
            names = "--seed",
            description = "Seed of moments, targets and batches; without one it is drawn and printed.")
    private @Nullable Long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--server-java-option",
            paramLabel = "OPTION",
            description = "An option for the server's JVM; may be repeated.")
    private List<String> javaOptions = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    CrashTestCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || writers < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds and --writers: at least 1.");
        }
        long used = seed == null ? time.millis() : seed;
        PrintWriter progress = spec.commandLine().getErr();
        progress.println("seed " + used);
        Verdict verdict;
        try (Scratch scratch = Scratch.create()) {
            ServerProcess.Plan plan =
                    new ServerProcess.Plan(scratch.data(), ServerProcess.freePort(), scratch.log(), javaOptions);
            try {
                verdict = new CrashTest(plan, writers, used, time, progress::println).run(Strike.plan(used, rounds));
            } catch (Exception e) {
                scratch.keep();
                progress.println("the server's data and output are kept in " + scratch);
                throw e;
            }
            if (!verdict.clean()) {
                scratch.keep();
                verdict.findings().forEach(progress::println);
                progress.println("the server's data and output are kept in " + scratch);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? verdict.toJson(rounds).toString() : table(verdict));
        out.flush();
        return verdict.clean() ? 0 : 1;
    }

    private String table(Verdict verdict) {
        return """
                rounds              %,12d
                acknowledged        %,12d events
                lost                %,12d
                duplicated          %,12d
                rollup mismatches   %,12d""".formatted(
                rounds, verdict.acknowledged(), verdict.lost(), verdict.duplicated(), verdict.rollupMismatches());
    }
}
