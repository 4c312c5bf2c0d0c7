package dev.tidemark.app;

import dev.tidemark.app.client.ApiClient;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.config.ConfigurationReader;
import dev.tidemark.app.rehearsal.Rehearsal;
import dev.tidemark.base.TimeSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a server on an empty directory, uses it for a while and stops it, with the virtual machine told to keep what it learns of that. */
@Command(
        name = "rehearse",
        description =
                "Runs a server on an empty directory and uses it for a while; the launcher does so after a build.",
        hidden = true,
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
    private final Path home;
    private final TimeSource time;
    private final SecureRandom random;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "An empty directory for its state.")
    private @Nullable Path data;

    @Option(names = "--seconds", paramLabel = "N", description = "For how long (default: ${DEFAULT-VALUE}).")
    private int seconds = 8;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    RehearseCommand(Path home, TimeSource time, SecureRandom random) {
        this.home = home;
        this.time = time;
        this.random = random;
    }

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = new ConfigurationReader(home)
                .environment(Map.of())
                .option("http.port", 0, "--port")
                .option("data", data, "--data")
                .option("demo", "false", "--no-demo")
                .read();
        System.setProperty(
                "java.io.tmpdir",
                DataDirectory.temporaryFiles(configuration.data().toAbsolutePath())
                        .toString());
        try (EmbeddedWiring server = EmbeddedWiring.start(configuration, home, time, random);
                ApiClient client = new ApiClient(
                        server.running().url(), server.running().credentials().secretKey(), time, random)) {
            Rehearsal.Played played = new Rehearsal(client, time, random).play(Duration.ofSeconds(seconds));
            spec.commandLine()
                    .getOut()
                    .println("Rehearsed " + played.events() + " events and " + played.answers() + " answers.");
        }
        return 0;
    }
}
