package dev.tidemark.app.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.app.TestedServer;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class RehearsalTest {
    private static final int TEMPLATES = 5;
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path directory;

    @Test
    void aServerTakesTheEventsAndAnswersTheReportsOfEveryTemplate() throws Exception {
        try (TestedServer server = TestedServer.start(directory.resolve("data"), "--no-demo");
                ApiClient client = new ApiClient(server.url(), new Secret(server.secretKey()), TIME, new Random(1))) {
            Rehearsal.Played played = new Rehearsal(client, TIME, new Random(2)).play(Duration.ofMillis(1));

            assertThat(played).isEqualTo(new Rehearsal.Played(TEMPLATES * 50L, TEMPLATES * 2L));
            TestedServer.await("all events are stored", () -> total(server) == played.events());
            for (JsonNode report : server.getJson("/api/v1/reports").path("reports")) {
                JsonNode answer = server.getJson(
                        "/api/v1/reports/" + report.path("report_id").asText());
                assertThat(answer.path("widgets"))
                        .as("%s", report)
                        .allSatisfy(widget -> assertThat(widget.has("error")).isFalse());
            }
        }
    }

    private static long total(TestedServer server) throws IOException, InterruptedException {
        return server.post("/api/v1/query", """
                        {"type": "metric", "measures": [{"name": "n", "measure": "events"}], "range": {"last": "2d"}}
                        """).json().at("/data/value").asLong();
    }
}
