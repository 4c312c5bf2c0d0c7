package dev.tidemark.app;

import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.config.ConfigurationReader;
import dev.tidemark.app.config.DataOption;
import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to stop. */
@Command(
        name = "up",
        description = "Starts the server and its engine, and runs until Ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private final Path home;
    private final TimeSource time;
    private final SecureRandom random;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; 0 for any free one (default 8080).")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on (default 127.0.0.1).")
    private @Nullable String host;

    @Mixin
    private DataOption data;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
    private @Nullable Path config;

    @Option(names = "--no-demo", description = "No sample tenant, no sample events.")
    private boolean noDemo;

    @Option(
            names = "--clickhouse-url",
            paramLabel = "URL",
            description = "A ClickHouse of your own instead of the engine that comes with the server.")
    private @Nullable String clickhouseUrl;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    UpCommand(Path home, TimeSource time, SecureRandom random) {
        this.home = home;
        this.data = new DataOption(home);
        this.time = time;
        this.random = random;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = configuration();
        // Before the first library is unpacked; what a killed server leaves there, the next one removes.
        System.setProperty(
                "java.io.tmpdir",
                DataDirectory.temporaryFiles(configuration.data().toAbsolutePath())
                        .toString());
        EmbeddedWiring server = EmbeddedWiring.start(configuration, home, time, random);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            out.println("Stopping: finishing what is under way");
                            out.flush();
                            long begun = time.nanos();
                            server.close();
                            out.printf("Stopped after %.1f s%n", seconds(Duration.ofNanos(time.nanos() - begun)));
                            out.flush();
                            stopped.countDown();
                        },
                        "shutdown"));
        long uptimeMillis = ManagementFactory.getRuntimeMXBean().getUptime();
        out.print(Welcome.text(server.running(), seconds(Duration.ofMillis(uptimeMillis))));
        out.flush();
        stopped.await();
        return 0;
    }

    private Configuration configuration() {
        ConfigurationReader reader = new ConfigurationReader(home);
        if (config != null) {
            reader.file(config);
        }
        return reader.environment(System.getenv())
                .option("http.port", port, "--port")
                .option("http.host", host, "--host")
                .option("data", data.given(), "--data")
                .option("demo", noDemo ? "false" : null, "--no-demo")
                .option("engine.clickhouse-url", clickhouseUrl, "--clickhouse-url")
                .read();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
