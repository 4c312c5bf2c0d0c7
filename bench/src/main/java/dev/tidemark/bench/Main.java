package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import dev.tidemark.bench.micro.MicroCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry of {@code tidemark bench} and {@code tidemark crashtest}. Results go to standard output, everything else to the error output. */
@Command(
        name = "tidemark",
        subcommands = {Main.Bench.class, CrashTestCommand.class, CommandLine.HelpCommand.class})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(TimeSource.system()).execute(arguments));
    }

    static CommandLine commandLine(TimeSource time) {
        return new CommandLine(new Main(), new Commands(time))
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    commandLine.getErr().println("tidemark: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: bench or crashtest.");
    }

    /** Groups the benchmarks. */
    @Command(
            name = "bench",
            description = "Measures a server of its own on a temporary directory.",
            mixinStandardHelpOptions = true,
            subcommands = {
                IngestCommand.class,
                QueryCommand.class,
                LiveCommand.class,
                NeighboursCommand.class,
                MicroCommand.class
            })
    static final class Bench implements Runnable {
        @Spec
        private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        private Bench() {}

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(), "Name a benchmark: ingest, query, live, neighbours or micro.");
        }
    }

    /** Gives the commands the machine's clocks. */
    private record Commands(TimeSource time) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == IngestCommand.class) {
                return type.cast(new IngestCommand(time));
            }
            if (type == QueryCommand.class) {
                return type.cast(new QueryCommand(time));
            }
            if (type == LiveCommand.class) {
                return type.cast(new LiveCommand(time));
            }
            if (type == NeighboursCommand.class) {
                return type.cast(new NeighboursCommand(time));
            }
            if (type == RunOptions.class) {
                return type.cast(new RunOptions());
            }
            if (type == CrashTestCommand.class) {
                return type.cast(new CrashTestCommand(time));
            }
            if (type == Bench.class) {
                return type.cast(new Bench());
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
