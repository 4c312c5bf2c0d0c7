package dev.tidemark.app;

import dev.tidemark.app.imports.ImportCommand;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Answers go to standard output, everything else to the error output. */
@Command(
        name = "tidemark",
        description = "Event analytics whose reports live in your product.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    private Main() {}

    public static void main(String[] arguments) {
        Path home = Path.of(System.getProperty("tidemark.home", "."))
                .toAbsolutePath()
                .normalize();
        System.exit(commandLine(home, TimeSource.system(), new SecureRandom()).execute(arguments));
    }

    static CommandLine commandLine(Path home, TimeSource time, SecureRandom random) {
        return new CommandLine(new Main())
                .addSubcommand(new UpCommand(home, time, random))
                .addSubcommand("import", ImportCommand.of(home, time, random))
                .addSubcommand(new TokenCommand(home, time, random))
                .addSubcommand(new SetupLinkCommand(home))
                .addSubcommand(new QuarantineCommand(home, time))
                .addSubcommand(new AuditCommand(home, time, random))
                .addSubcommand(new RehearseCommand(home, time, random))
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    commandLine.getErr().println("tidemark: " + oneLine(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static String oneLine(Exception failure) {
        String message = failure instanceof TidemarkException known ? known.detail() : failure.toString();
        return message.replace('\n', ' ');
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a command: up, import, token, setup-link, quarantine or audit.");
    }

    /** As the build wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"Tidemark " + (version == null ? "(built from source)" : version)};
        }
    }
}
