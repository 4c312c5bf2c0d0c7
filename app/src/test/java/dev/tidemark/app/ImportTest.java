package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The import command against a real server. */
@Timeout(300)
final class ImportTest {
    private static final Path HOME = Path.of(System.getProperty("tidemark.home"));

    private static final String MAY = "{\"start_time\":\"2015-05-01\",\"end_time\":\"2015-05-31\"}";

    @TempDir
    Path directory;

    private TestedServer server;

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        server = TestedServer.start(data(), "--no-demo");
    }

    @AfterEach
    void stopServer() throws IOException, InterruptedException {
        server.close();
    }

    @Test
    void aLogIsImportedOnceHoweverOftenItComesAgain() throws Exception {
        List<String> lines = log(3_000);
        lines.set(1_499, lines.get(1_498)); // two equal requests within one second are two events
        lines.set(1_999, lines.get(1_999).substring(0, 40));
        Path file = gzip("access.log.gz", lines);

        assertThat(imported("access-log", file.toString())).isEqualTo(counts(3_000, 2_999, 0, 1));
        assertThat(server.count("http_request", MAY))
                .as("visible when the command ends")
                .isEqualTo(2_999);

        assertThat(imported("access-log", file.toString())).isEqualTo(counts(3_000, 0, 2_999, 1));
        assertThat(imported("access-log", file.toString(), "--from-start")).isEqualTo(counts(3_000, 0, 2_999, 1));

        lines.addAll(log(3_100).subList(3_000, 3_100));
        Path grown = Files.write(directory.resolve("renamed.log"), lines);
        assertThat(imported("access-log", grown.toString())).isEqualTo(counts(3_100, 100, 2_999, 1));
        assertThat(server.count("http_request", MAY)).isEqualTo(3_099);

        JsonNode letters = server.getJson("/api/v1/dead-letters").path("dead_letters");
        assertThat(letters).hasSize(1);
        assertThat(letters.path(0).path("line").asLong()).isEqualTo(2_000);
        assertThat(letters.path(0).path("reason").asText()).isEqualTo("unparseable_line");
        assertThat(letters.path(0).path("source").asText()).isEqualTo("import:access.log.gz");
    }

    @Test
    void aLastLineWithoutItsEndIsReadAgainWhenItIsComplete() throws Exception {
        List<String> lines = log(10);
        String text = String.join("\n", lines);
        Path file = Files.writeString(directory.resolve("a.log"), text.substring(0, text.length() - 10));

        assertThat(imported("access-log", file.toString())).isEqualTo(counts(10, 9, 0, 1));
        assertThat(imported("access-log", file.toString())).isEqualTo(counts(10, 0, 9, 1));

        Files.writeString(file, text + "\n");
        assertThat(imported("access-log", file.toString())).isEqualTo(counts(10, 1, 9, 0));
        assertThat(server.count("http_request", MAY)).isEqualTo(10);
    }

    @Test
    void csvIsImportedByItsMapping() throws Exception {
        Path file = Files.writeString(directory.resolve("orders.csv"), """
                at,who,amount,note
                2024-03-01T12:00:00Z,ada,9.5,"two
                lines"
                yesterday,bob,1,
                2024-03-02T12:00:00Z,cleo,20.5,
                """);

        assertThat(imported(
                        "csv",
                        file.toString(),
                        "--event-type",
                        "order",
                        "--map",
                        "timestamp=at,user_id=who,properties.*"))
                .isEqualTo(counts(5, 2, 0, 1));

        TestedServer.Answer sum = server.post("/api/v1/query", """
                {"type":"metric","measures":[{"name":"n","measure":"sum","property":"properties.amount","event":"order"}],
                 "range":{"start_time":"2024-03-01","end_time":"2024-03-31"}}""");
        assertThat(sum.json().path("data").path("value").asDouble()).isEqualTo(30.0);
        assertThat(server.getJson("/api/v1/dead-letters")
                        .path("dead_letters")
                        .path(0)
                        .path("line")
                        .asLong())
                .isEqualTo(4);
    }

    @Test
    void whatTheServerRejectsBecomesADeadLetterWithItsLine() throws Exception {
        Path file = Files.writeString(directory.resolve("events.ndjson"), """
                {"event_type":"order","timestamp":"2024-03-01T12:00:00Z"}
                {"event_type":"","timestamp":"2024-03-01T12:00:00Z"}
                {"event_type":"order","timestamp":"2024-03-01T12:00:01Z"}
                """);

        assertThat(imported("ndjson", file.toString())).isEqualTo(counts(3, 2, 0, 1));

        JsonNode letter =
                server.getJson("/api/v1/dead-letters").path("dead_letters").path(0);
        assertThat(letter.path("line").asLong()).isEqualTo(2);
        assertThat(letter.path("field").asText()).isEqualTo("event_type");
    }

    @Test
    void theRealLogOfTenThousandRequestsGivesTheTotalsOfTheFile() throws Exception {
        Path file = HOME.resolve("../shared/data/access.log.gz").normalize();
        assumeTrue(Files.exists(file), "the real log lies beside the clone only in some places");

        assertThat(imported("access-log", file.toString())).isEqualTo(counts(10_000, 9_999, 0, 1));

        TestedServer.Answer answer = server.post("/api/v1/query", """
                {"type":"trend","measures":[{"name":"n","measure":"events","event":"http_request"}],"interval":"day",
                 "zone":"UTC","range":{"start_time":"2015-05-17","end_time":"2015-05-20"}}""");
        List<Long> days = new ArrayList<>();
        answer.json()
                .path("data")
                .path("series")
                .forEach(point -> days.add(point.path("value").asLong()));
        assertThat(days).containsExactly(1632L, 2893L, 2896L, 2578L);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private String imported(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("import"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--json", "--data", data().toString()));
        CommandLine commandLine = Main.commandLine(HOME, TimeSource.system(), new SecureRandom())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int code = commandLine.execute(all.toArray(String[]::new));
        assertThat(code).as(err.toString()).isZero();
        return out.toString().strip();
    }

    private static String counts(long lines, long accepted, long duplicates, long deadLetters) {
        return "{\"lines\":%d,\"accepted\":%d,\"duplicates\":%d,\"dead_letters\":%d}"
                .formatted(lines, accepted, duplicates, deadLetters);
    }

    private Path gzip(String name, List<String> lines) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    /** The same lines for the same number, and a longer log starts with a shorter one. */
    private static List<String> log(int lines) {
        SplittableRandom random = new SplittableRandom(7);
        List<String> log = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            int second = i * 20;
            log.add(
                    "192.0.2.%d - - [%02d/May/2015:%02d:%02d:%02d +0000] \"GET /page/%d?n=%d HTTP/1.1\" 200 %d \"-\" \"%s\""
                            .formatted(
                                    random.nextInt(1, 250),
                                    17 + second / 86_400,
                                    second / 3600 % 24,
                                    second / 60 % 60,
                                    second % 60,
                                    random.nextInt(40),
                                    i,
                                    random.nextInt(100_000),
                                    random.nextInt(4) == 0
                                            ? "Googlebot/2.1"
                                            : "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0"));
        }
        return log;
    }
}
