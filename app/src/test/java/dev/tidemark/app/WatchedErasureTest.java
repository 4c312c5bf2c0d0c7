package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that are kept right in memory, and buckets that are kept, follow an erasure and a shorter retention. */
@Timeout(300)
final class WatchedErasureTest {
    private static final String WIDGET = "/widgets/0";
    private static final String REPORT = """
            {"report_name":"Visits","widgets":[{"type":"metric","title":"Visits",
             "question":{"type":"metric","measures":[{"name":"n","measure":"events","event":"visit"}],"range":{"last":"30d"}}},
             {"type":"trend","title":"By day",
             "question":{"type":"trend","measures":[{"name":"n","measure":"events","event":"visit"}],
              "range":{"last":"30d"},"interval":"day"}}]}""";

    @TempDir
    Path directory;

    private AccessWorld world;
    private AccessWorld.Things acme;

    @BeforeEach
    void open() throws Exception {
        world = new AccessWorld(directory);
        acme = world.of(AccessWorld.ACME);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void whoWatchesSeesWhatIsLeft() throws Exception {
        Instant now = world.time.instant();
        Instant before = now.minus(Duration.ofDays(5));
        send("ann", now);
        send("ann", now);
        send("ann", before);
        send("bob", now);
        send("bob", before);
        String report =
                sent("POST", "/api/v1/reports", REPORT).path("report_id").asText();
        try (HttpClient client = HttpClient.newHttpClient();
                Watch watch = Watch.open(client, world, report, acme.secretKey())) {
            watch.awaitStanding(5);
            sent("DELETE", "/api/v1/users/ann", "");
            watch.awaitStanding(2);
            assertThat(total(report)).isEqualTo(2);
            send("bob", now);
            watch.awaitStanding(3);
            sent("PUT", "/api/v1/settings", "{\"retention_days\":2}");
            watch.awaitStanding(2);
            assertThat(total(report)).isEqualTo(2);
            send("bob", now);
            watch.awaitStanding(3);
        }
    }

    /** As a plain request has it: a sum of buckets. */
    private long total(String report) throws IOException, InterruptedException {
        JsonNode points = sent("GET", "/api/v1/reports/" + report, "").at("/widgets/1/data/series");
        assertThat(points.isArray()).isTrue();
        long total = 0;
        for (JsonNode point : points) {
            total += point.path("value").asLong();
        }
        return total;
    }

    private void send(String user, Instant at) throws IOException, InterruptedException {
        sent(
                "POST",
                "/api/v1/events",
                "{\"event_type\":\"visit\",\"user_id\":\"" + user + "\",\"timestamp\":\"" + at + "\"}");
    }

    private JsonNode sent(String method, String path, String body) throws IOException, InterruptedException {
        return world.sent(method, path, body, AccessWorld.bearer(acme.secretKey()));
    }

    /** The first number of a watched report. */
    private static final class Watch implements AutoCloseable {
        private final BufferedReader lines;
        private JsonNode widget = AccessWorld.JSON.createObjectNode();

        private Watch(BufferedReader lines) {
            this.lines = lines;
        }

        static Watch open(HttpClient client, AccessWorld world, String report, String key)
                throws IOException, InterruptedException {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(
                                    URI.create(world.server.running().url() + "/api/v1/reports/" + report + "/stream"))
                            .header("Authorization", "Bearer " + key)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            return new Watch(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
        }

        /** Reads on until the number is kept in memory and is this. */
        void awaitStanding(long count) throws IOException {
            while (widget.at("/data/value").asLong(-1) != count
                    || !widget.at("/live/mode").asText().equals("standing")) {
                String line = lines.readLine();
                assertThat(line).as("the stream goes on after %s", widget).isNotNull();
                if (line.startsWith("data:")) {
                    take(AccessWorld.JSON.readTree(line.substring("data:".length())));
                }
            }
        }

        private void take(JsonNode data) {
            if (data.has("report")) {
                widget = data.path("report").at(WIDGET).deepCopy();
            }
            for (JsonNode operation : data.path("patch")) {
                String path = operation.path("path").asText();
                if (path.equals(WIDGET)) {
                    widget = operation.path("value").deepCopy();
                } else if (path.startsWith(WIDGET + "/")) {
                    put(path.substring(WIDGET.length()), operation.path("value"));
                }
            }
        }

        private void put(String path, JsonNode value) {
            int cut = path.lastIndexOf('/');
            if (widget.at(path.substring(0, cut)) instanceof ObjectNode parent) {
                parent.set(path.substring(cut + 1), value);
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
