package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark crashtest}. */
@Command(
        name = "crashtest",
        description = "Kills a server of its own and its engine under load, again and again, and counts what is lost.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class CrashTestCommand implements Callable<Integer> {
    private final TimeSource time;

    @Mixin
    private RunOptions options;

    @Option(names = "--rounds", description = "How often to kill.")
    private int rounds = 20;

    @Option(names = "--writers", description = "Clients that send at the same time.")
    private int writers = 4;

    @Option(
            names = "--seed",
            description = "Seed of moments, targets and batches; without one it is drawn and printed.")
    private @Nullable Long seed;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    CrashTestCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        options.require(rounds >= 1 && writers >= 1, "--rounds and --writers: at least 1.");
        long used = seed == null ? time.millis() : seed;
        PrintWriter progress = options.progress();
        progress.println("seed " + used);
        Verdict verdict;
        try (Scratch scratch = Scratch.create()) {
            ServerProcess.Plan plan = new ServerProcess.Plan(
                    scratch.data(), ServerProcess.freePort(), scratch.log(), options.javaOptions());
            try {
                verdict = new CrashTest(plan, writers, used, time, progress::println).run(Strike.plan(used, rounds));
            } catch (Exception e) {
                options.keep(scratch);
                throw e;
            }
            if (!verdict.clean()) {
                verdict.findings().forEach(progress::println);
                options.keep(scratch);
            }
        }
        options.print(options.json() ? verdict.toJson(rounds) : table(verdict));
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
