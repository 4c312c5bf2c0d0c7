package dev.tidemark.bench.micro;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tidemark bench micro}. */
@Command(
        name = "micro",
        description = "Micro-benchmarks of the event path (JMH): nanoseconds an event on one thread.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class MicroCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "PATTERN", description = "Which: a regular expression over their names.")
    private String pattern = ".*";

    @Override
    public Integer call() throws Exception {
        Options options = new OptionsBuilder()
                .include(pattern)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .build();
        new Runner(options).run();
        return 0;
    }
}
