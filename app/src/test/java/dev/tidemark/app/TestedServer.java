package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as {@code tidemark up} runs it, on a free port. Not thread-safe. */
public final class TestedServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final TimeSource TIME = TimeSource.system();

    private final Process process;
    private final Path output;
    private final JsonNode run;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestedServer(Process process, Path output, JsonNode run) {
        this.process = process;
        this.output = output;
        this.run = run;
    }

    /** Starts one and waits until it is ready. */
    public static TestedServer start(Path data, String... options) throws IOException, InterruptedException {
        Path output = Files.createTempFile(data.toAbsolutePath().getParent(), "server", ".out");
        Process process = launch(data, output, options);
        Path runFile = data.resolve("run").resolve("server.json");
        await("the server is ready", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the server ended: " + Files.readString(output));
            }
            return Files.exists(runFile)
                    && JSON.readTree(Files.readAllBytes(runFile)).path("pid").asLong() == process.pid();
        });
        return new TestedServer(process, output, JSON.readTree(Files.readAllBytes(runFile)));
    }

    /** Starts one that is expected to fail, and returns what it printed. */
    static String failingStart(Path data, String... options) throws IOException, InterruptedException {
        Path output = Files.createTempFile("server", ".out");
        Process process = launch(data, output, options);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the server runs: " + Files.readString(output));
        }
        String text = Files.readString(output);
        Files.delete(output);
        return process.exitValue() + ": " + text.strip();
    }

    private static Process launch(Path data, Path output, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-Dtidemark.home=" + System.getProperty("tidemark.home"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.app.Main",
                "up",
                "--data",
                data.toString()));
        if (!List.of(options).contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        return builder.start();
    }

    public URI url() {
        return URI.create(run.path("url").asText());
    }

    public String secretKey() {
        return run.path("secret_key").asText();
    }

    String operatorKey() {
        return run.path("operator_key").asText();
    }

    String writeKey() {
        return run.path("write_key").asText();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The engine child. */
    ProcessHandle engine() {
        return process.children().findFirst().orElseThrow(() -> new AssertionError("there is no engine child"));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    /** All metrics, as whoever runs the server reads them. */
    String metrics() throws IOException, InterruptedException {
        return getAs(operatorKey(), "/metrics").body();
    }

    public JsonNode getJson(String path) throws IOException, InterruptedException {
        Answer answer = get(path);
        if (answer.status() != 200) {
            throw new AssertionError(path + " answers " + answer);
        }
        return answer.json();
    }

    public Answer post(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    Answer put(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    /** What somebody is answered who has a token instead of the server's key; none where it is empty. */
    Answer getAs(String token, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url().resolve(path)).timeout(Duration.ofSeconds(60));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.GET().build());
    }

    /** The number of events of a type in the last days. */
    public long count(String eventType) throws IOException, InterruptedException {
        return count(eventType, "{\"last\":\"7d\"}");
    }

    /** The number of events of a type in a range. */
    long count(String eventType, String range) throws IOException, InterruptedException {
        Answer answer = post("/api/v1/query", """
                {"type":"metric","measures":[{"name":"n","measure":"events","event":"%s"}],"range":%s}""".formatted(eventType, range));
        if (answer.status() != 200) {
            throw new AssertionError("the question is answered with " + answer);
        }
        return answer.json().path("data").path("value").asLong();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + secretKey());
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.body(),
                response.headers().firstValue("Retry-After").orElse(""));
    }

    /** Sends SIGTERM and returns how long the end took. */
    Duration terminate() throws InterruptedException {
        long begun = TIME.nanos();
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        return Duration.ofNanos(TIME.nanos() - begun);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws InterruptedException, IOException {
        http.shutdownNow();
        List<ProcessHandle> children = process.children().toList();
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        Files.deleteIfExists(output);
    }

    /** Waits for a condition that becomes true by itself. */
    public static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = TIME.nanos() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (TIME.nanos() > deadline) {
                throw new AssertionError("still not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            TIME.sleep(POLL);
        }
    }

    /** Waits for an answer to have a property. */
    Answer awaitAnswer(String path, Wish wanted) throws IOException, InterruptedException {
        Answer[] last = {get(path)};
        await(path + " answers as expected", () -> {
            last[0] = get(path);
            return wanted.isMet(last[0]);
        });
        return last[0];
    }

    /** Something to wait for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** A property of an answer. */
    @FunctionalInterface
    interface Wish {
        boolean isMet(Answer answer) throws IOException;
    }

    /** An answer, with its {@code Retry-After} where it has one. */
    public record Answer(int status, String body, String retryAfter) {
        public JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }
}
