package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A report inside another product, as a browser meets it: the embed address, its page, and the numbers behind the token. */
@Timeout(300)
final class EmbeddingTest {
    private static final String REPORT = """
            {"report_name":"%s","widgets":[{"type":"metric","title":"Orders","display":"number",
             "layout":{"x":0,"y":0,"w":4,"h":2},
             "question":{"type":"metric","measures":[{"name":"orders","measure":"events","event":"order"}],
              "range":{"last":"1d"}}}]}""";

    @TempDir
    Path directory;

    @Test
    void aTokenOpensItsReportAndNothingElse() throws Exception {
        try (TestedServer server = TestedServer.start(directory.resolve("data"), "--no-demo")) {
            String report = create(server, "Sales");
            String other = create(server, "Secrets");
            server.post("/api/v1/events", "{\"event_type\":\"order\"}");
            TestedServer.await("the event is stored", () -> server.count("order") == 1);
            JsonNode embed =
                    server.getJson("/api/v1/reports/" + report + "/embed?width=100%25&height=400px&theme=dark");
            URI address = URI.create(embed.path("embed_url").asText());
            String token = address.getQuery().replaceAll("^token=|&.*", "");
            assertThat(embed.path("embed_code").asText()).startsWith("<iframe src=\"" + server.url());

            TestedServer.Answer page = server.getAs("", address.getPath() + "?" + address.getRawQuery());
            TestedServer.Answer numbers = server.getAs(token, "/api/v1/reports/" + report);

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<main>").doesNotContain(server.secretKey());
            assertThat(numbers.status()).isEqualTo(200);
            assertThat(numbers.json().at("/widgets/0/data/value").asLong()).isEqualTo(1);
            for (int at : new int[] {0, token.length() / 2, token.length() - 2}) {
                String tampered =
                        token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
                assertThat(server.getAs(tampered, "/api/v1/reports/" + report).status())
                        .as("changed at " + at)
                        .isEqualTo(401);
                assertThat(server.getAs("", address.getPath() + "?token=" + tampered)
                                .status())
                        .isEqualTo(401);
            }
            assertThat(server.getAs("", "/api/v1/reports/" + report).status()).isEqualTo(401);
            for (String closed : new String[] {
                "/api/v1/reports/" + other,
                "/api/v1/reports/" + report + "/definition",
                "/api/v1/reports/" + report + "/embed",
                "/api/v1/reports",
                "/api/v1/events",
                "/api/v1/keys",
                "/api/v1/pipeline"
            }) {
                TestedServer.Answer refused = server.getAs(token, closed);
                assertThat(refused.status()).as(closed).isIn(403, 404);
                assertThat(refused.body()).as(closed).doesNotContain("Secrets");
            }
            assertThat(server.getAs("", "/embed/reports/" + other + "?token=" + token)
                            .status())
                    .isEqualTo(403);
        }
    }

    private static String create(TestedServer server, String name) throws Exception {
        TestedServer.Answer answer = server.post("/api/v1/reports", REPORT.formatted(name));
        assertThat(answer.status()).isEqualTo(201);
        return answer.json().path("report_id").asText();
    }
}
