package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is promised of the disk when a person is erased, with the real server and its real engine: the id and what was sent of the person are
 * in no file of the data directory, whatever wrote it.
 */
@Timeout(300)
final class ErasedFilesTest {
    /** Of characters that no compression makes fewer of, so that a search of bytes finds them. */
    private static final String ADA = "Qx7vKp2mWz9RtB4n-ada";

    private static final String MAIL = "Hj3kLd8fGs5wYq1c@ada.example";
    private static final String DEVICE = "Vb6nMx0zPo4iUy2t-device";
    private static final List<String> PLANTED = List.of(ADA, MAIL, DEVICE);
    private static final String PASSWORD = "engine-password-of-this-test-alone";

    @TempDir
    Path directory;

    @Test
    void nothingOfAnErasedPersonIsInAnyFile() throws Exception {
        Path data = directory.resolve("data");
        int enginePort = freePort();
        Path config = Files.writeString(
                directory.resolve("config.yaml"),
                "engine: {port: " + enginePort + ", password: " + PASSWORD + "}\nprocess: {linger: 20ms}\n");
        try (TestedServer server = TestedServer.start(data, "--no-demo", "--config", config.toString())) {
            fill(server);
            for (String planted : PLANTED) {
                assertThat(namesOf(data, planted))
                        .as("the search finds %s where it is", planted)
                        .anyMatch(name -> name.contains("clickhouse"))
                        .anyMatch(name -> name.contains("journal"));
            }

            String job =
                    server.delete("/api/v1/users/" + ADA).json().path("job_id").asText();
            JsonNode done = server.awaitAnswer(
                            "/api/v1/jobs/" + job,
                            answer -> answer.json().path("state").asText().equals("done"))
                    .json();
            assertThat(done.toString()).doesNotContain(PLANTED);
            assertThat(done.at("/progress/gone_from_disk_by").asText()).isNotEmpty();
            // What the job could not reach was the last thing that was written; this is the next.
            assertThat(server.post(
                                    "/api/v1/events",
                                    "{\"event_type\":\"view\",\"user_id\":\"bob\",\"event_id\":\"next\"}")
                            .status())
                    .isEqualTo(202);
            TestedServer.await("it is stored", () -> server.count("view") == 2);
            dropFormerPartsSoon(enginePort);
            awaitGone(data);
            assertThat(server.count("view")).isEqualTo(2);
            server.terminate();
        }
        try (TestedServer again = TestedServer.start(data, "--no-demo", "--config", config.toString())) {
            assertThat(again.count("view")).isEqualTo(2);
            assertThat(left(data)).isEmpty();
            again.terminate();
        }
        assertThat(left(data)).isEmpty();
    }

    /** Events under both ids, a profile, dead letters, a cohort that lists the person, and questions that name them. */
    private static void fill(TestedServer server) throws IOException, InterruptedException {
        assertThat(server.post(
                                "/api/v1/schemas",
                                "{\"event_type\":\"order\",\"mode\":\"enforce\",\"schema\":{\"required\":[\"amount\"]}}")
                        .status())
                .isEqualTo(201);
        assertThat(server.post("/api/v1/events", """
                        {"batch":[
                         {"event_type":"view","event_id":"a","anonymous_id":"%2$s","properties":{"note":"%3$s"}},
                         {"event_type":"identify","user_id":"%1$s","anonymous_id":"%2$s","traits":{"email":"%3$s"}},
                         {"event_type":"buy","user_id":"%1$s","properties":{"mail":"%3$s"},"timestamp":"2026-01-31T23:59:59Z",
                          "context":{"page":{"url":"https://shop.example/?mail=%3$s"}}},
                         {"event_type":"order","user_id":"%1$s","anonymous_id":"%2$s","properties":{"mail":"%3$s"}},
                         {"event_type":"view","event_id":"b","user_id":"bob"}]}""".formatted(ADA, DEVICE, MAIL))
                        .status())
                .isEqualTo(202);
        TestedServer.await("the events are stored", () -> server.count("view") == 2);
        server.awaitAnswer(
                "/api/v1/dead-letters", list -> list.json().path("dead_letters").size() == 1);
        assertThat(server.post(
                                "/api/v1/cohorts",
                                "{\"name\":\"some\",\"kind\":\"static\",\"user_ids\":[\"" + ADA + "\",\"bob\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(server.get("/api/v1/events?person=" + ADA).body()).contains(MAIL);
        assertThat(server.get("/api/v1/property-values?event_type=buy&property=user_id")
                        .body())
                .contains(ADA);
        assertThat(server.post("/api/v1/query", """
                        {"type":"metric","measures":[{"name":"n","measure":"events"}],"range":{"last":"7d"},
                         "filter":{"property":"user_id","operator":"eq","value":"%s"}}""".formatted(ADA)).status()).isEqualTo(200);
        assertThat(server.get("/api/v1/users/" + ADA + "/export").body()).contains(MAIL);
    }

    /** Has the engine wait a second, not eight minutes, before it removes what it has written anew. */
    private static void dropFormerPartsSoon(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String tables = asked(
                    http,
                    port,
                    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'");
            assertThat(tables.lines()).contains("events");
            for (String table : tables.lines().toList()) {
                String _ = asked(
                        http,
                        port,
                        "ALTER TABLE `" + table
                                + "` MODIFY SETTING old_parts_lifetime = 1, cleanup_delay_period = 1, cleanup_delay_period_random_add = 0,"
                                + " max_cleanup_delay_period = 1");
            }
        }
    }

    private static String asked(HttpClient http, int port, String statement) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/?database=tidemark"))
                        .header("X-ClickHouse-User", "tidemark_writer")
                        .header("X-ClickHouse-Key", PASSWORD)
                        .POST(HttpRequest.BodyPublishers.ofString(statement))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** All but what the next start removes. */
    private static void awaitGone(Path data) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        try {
            TestedServer.await("nothing is left", () -> {
                found.clear();
                left(data).stream().filter(name -> !name.contains("MANIFEST")).forEach(found::add);
                return found.isEmpty();
            });
        } catch (AssertionError late) {
            throw new AssertionError("still there: " + found, late);
        }
    }

    private static List<String> left(Path data) throws IOException {
        List<String> left = new ArrayList<>();
        for (String planted : PLANTED) {
            namesOf(data, planted).forEach(name -> left.add(planted + " in " + name));
        }
        return left;
    }

    private static List<String> namesOf(Path data, String text) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .map(file -> data.relativize(file).toString())
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            // Something was removed while it was looked at.
            return namesOf(data, text);
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
