package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TimeSource;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A Tidemark server in a process of its own, on loopback, with a data directory that outlives it. Its output goes to a file.
 * Closing it ends it in order. Not thread-safe.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int SHOWN_LINES = 30;
    private static final int FIRST_PORT = 20_000;

    /** From here on Linux gives ports to connections; other systems begin later. */
    private static final int FIRST_GIVEN_PORT = 32_768;

    private static final int PORT_ATTEMPTS = 100;

    private final Process process;
    private final Plan plan;
    private final TimeSource time;

    /**
     * How a server is started.
     *
     * @param data its data directory
     * @param log a file that its output is appended to
     * @param javaOptions added to the options that every server gets
     * @param environment added to that of this process
     */
    record Plan(Path data, int port, Path log, List<String> javaOptions, Map<String, String> environment) {
        Plan {
            javaOptions = List.copyOf(javaOptions);
            environment = Map.copyOf(environment);
        }

        Plan(Path data, int port, Path log, List<String> javaOptions) {
            this(data, port, log, javaOptions, Map.of());
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        InetSocketAddress address() {
            return new InetSocketAddress("127.0.0.1", port);
        }

        private List<String> command() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(
                    "-Xms64m",
                    "-Xmx1g",
                    "-XX:+UseG1GC",
                    "-XX:G1HeapRegionSize=8m",
                    "-XX:G1PeriodicGCInterval=60000",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Djava.library.path=" + System.getProperty("java.library.path", ""),
                    "-Dtidemark.home=" + System.getProperty("tidemark.home", "")));
            String cache = System.getProperty("tidemark.server.cache");
            if (cache != null) {
                command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=off"));
            }
            command.addAll(javaOptions);
            String classPath = System.getProperty("tidemark.server.class-path");
            command.addAll(
                    List.of("-cp", classPath == null ? absolute(System.getProperty("java.class.path")) : classPath));
            command.addAll(List.of("dev.tidemark.app.Main", "up", "--no-demo", "--host", "127.0.0.1"));
            command.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
            return command;
        }

        private static String absolute(String classPath) {
            List<String> entries = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator)) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
            return String.join(File.pathSeparator, entries);
        }
    }

    private ServerProcess(Process process, Plan plan, TimeSource time) {
        this.process = process;
        this.plan = plan;
        this.time = time;
    }

    static ServerProcess start(Plan plan, TimeSource time) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(plan.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
        builder.environment().putAll(plan.environment());
        Process process = builder.start();
        Thread last = new Thread(process::destroyForcibly, "kill-server");
        Runtime.getRuntime().addShutdownHook(last);
        process.onExit().thenRun(() -> forget(last));
        return new ServerProcess(process, plan, time);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAnyway) {
            // The hook is running or about to, and finds the server gone.
            return;
        }
    }

    /** A port that nobody listens on at this moment, and that no connection is given for its own end until the server listens there. */
    static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_GIVEN_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                if (attempt == PORT_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    /** Waits until the server says that it is ready. Fails with the end of its output when it ends or takes too long. */
    void awaitReady(Duration atMost) throws IOException, InterruptedException {
        long deadline = time.nanos() + atMost.toNanos();
        try (TidemarkClient client = new TidemarkClient(plan.url(), "")) {
            while (!client.ready()) {
                if (!process.isAlive()) {
                    throw new IOException("the server ended with code " + process.exitValue() + ":\n" + lastOutput());
                }
                if (time.nanos() > deadline) {
                    throw new IOException(
                            "the server was not ready after " + atMost.toSeconds() + " s:\n" + lastOutput());
                }
                time.sleep(POLL);
            }
        }
    }

    /** The secret key of the default tenant, which the server leaves for the machine's own tools. */
    String secretKey() throws IOException {
        return fromRunFile("secret_key");
    }

    /** The key that administers this server while it runs. */
    String operatorKey() throws IOException {
        return fromRunFile("operator_key");
    }

    private String fromRunFile(String member) throws IOException {
        JsonNode run = new ObjectMapper()
                .readTree(Files.readString(plan.data().resolve("run").resolve("server.json")));
        String key = run.path(member).asText("");
        if (key.isEmpty()) {
            throw new IOException("run/server.json of the data directory has no " + member);
        }
        return key;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** The processes that descend from the server, which is its engine child. */
    List<ProcessHandle> engine() {
        return process.descendants().toList();
    }

    /** Ends the server at once, as kill -9 does, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the server in order. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new IOException("the server did not stop within " + STOP_LIMIT.toSeconds() + " s:\n" + lastOutput());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String lastOutput() throws IOException {
        List<String> lines = Files.readAllLines(plan.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
