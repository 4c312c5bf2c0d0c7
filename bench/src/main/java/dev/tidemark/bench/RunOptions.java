package dev.tidemark.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands with a server of their own have in common. */
final class RunOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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
    RunOptions() {}

    /** Whether results are JSON rather than tables. */
    boolean json() {
        return json;
    }

    /** The options of the server's JVM. */
    List<String> javaOptions() {
        List<String> options = new ArrayList<>(javaOptions);
        if (jfr != null) {
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + jfr.toAbsolutePath());
        }
        return options;
    }

    /** Where results go. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where everything else goes. */
    PrintWriter progress() {
        return command.commandLine().getErr();
    }

    /** Prints a result and returns. */
    void print(Object result) {
        out().println(result.toString().stripTrailing());
        out().flush();
    }

    /** Refuses a value that is not at least 1. */
    void positive(String option, int value) {
        require(value >= 1, option + ": at least 1, not " + value + ".");
    }

    /** Refuses the arguments with a message unless they are good. */
    void require(boolean good, String message) {
        if (!good) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    /** Keeps a run's data and output, and says where. */
    void keep(Scratch scratch) {
        scratch.keep();
        progress().println("the server's data and output are kept in " + scratch);
    }
}
