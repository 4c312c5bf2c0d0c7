package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a tenant sets through the API holds for the next event: schemas, and rules for what must never be kept. */
@Timeout(300)
final class TenantRulesTest {
    private static final String SCHEMA = """
            {"event_type":"order","mode":"enforce","schema":{"type":"object","required":["amount"],
             "properties":{"amount":{"type":"number"}}}}""";
    private static final String DOMAIN = "planted.example";
    private static final String EMAIL = "ada.lovelace@" + DOMAIN;
    private static final String MARKER = "marker-that-is-kept-7391";

    @TempDir
    Path directory;

    @Test
    void anEventAgainstAnEnforcedSchemaIsADeadLetterThatCanBeSeen() throws Exception {
        try (TestedServer server = start()) {
            assertThat(server.post("/api/v1/schemas", SCHEMA).status()).isEqualTo(201);

            JsonNode answer = server.post("/api/v1/events", """
                            {"batch":[{"event_type":"order","properties":{"amount":29}},
                             {"event_type":"order","properties":{"amount":"much"}}]}""").json();

            assertThat(answer.at("/results/0/status").asText()).isEqualTo("accepted");
            assertThat(answer.at("/results/1/status").asText()).isEqualTo("dead_letter");
            JsonNode letter = server.awaitAnswer(
                            "/api/v1/dead-letters",
                            list -> list.json().path("dead_letters").size() == 1)
                    .json()
                    .at("/dead_letters/0");
            assertThat(letter.path("event_type").asText()).isEqualTo("order");
            assertThat(letter.path("field").asText()).isEqualTo("properties.amount");
            assertThat(letter.path("payload").asText()).contains("much");
            TestedServer.await("the good event is stored", () -> server.count("order") == 1);
        }
    }

    @Test
    void whatARuleMasksIsInNoFileAndNoAnswer() throws Exception {
        Path data = directory.resolve("data");
        try (TestedServer server = start()) {
            assertThat(server.post("/api/v1/schemas", SCHEMA).status()).isEqualTo(201);
            assertThat(server.put("/api/v1/settings", """
                            {"masking":[{"field":"*","pattern":"(?i)[a-z0-9._]+@[a-z0-9.]+","action":"redact"}]}""").status()).isEqualTo(200);

            String page = "https://shop.example/?mail=" + EMAIL.replace("@", "%40");
            TestedServer.Answer answer = server.post("/api/v1/events", """
                    {"batch":[
                     {"event_type":"order","user_id":"%1$s","anonymous_id":"%1$s","session_id":"%1$s",
                      "properties":{"amount":1,"note":"%2$s %1$s","list":["%1$s"],"deep":{"er":"<%1$s>"}},
                      "context":{"page":{"url":"%3$s","title":"%1$s","referrer":"%3$s"},"user_agent":"bot %1$s"}},
                     {"event_type":"identify","user_id":"%1$s","traits":{"email":"%1$s"}},
                     {"event_type":"order","user_id":"%1$s","properties":{"amount":"%2$s %1$s"}}]}""".formatted(EMAIL, MARKER, page));
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.json().path("accepted").asInt()).isGreaterThanOrEqualTo(2);
            TestedServer.await("the events are stored", () -> server.count("order") == 1);
            TestedServer.Answer letters = server.awaitAnswer(
                    "/api/v1/dead-letters",
                    list -> list.json().path("dead_letters").size() == 1);
            TestedServer.Answer events = server.get("/api/v1/events");
            TestedServer.Answer table = server.post("/api/v1/query", """
                    {"type":"table","measures":[{"name":"n","measure":"events"}],"breakdowns":["page_url"],
                     "range":{"last":"1d"}}""");

            assertThat(table.status()).isEqualTo(200);
            assertThat(events.body()).contains(MARKER);
            assertThat(letters.body()).contains(MARKER);
            assertThat(answer.body() + letters.body() + events.body() + table.body())
                    .doesNotContainIgnoringCase(DOMAIN);
            server.terminate();
        }
        assertThat(filesWith(data, MARKER)).isNotEmpty();
        assertThat(filesWith(data, DOMAIN)).isEmpty();
    }

    private TestedServer start() throws IOException, InterruptedException {
        return TestedServer.start(directory.resolve("data"), "--no-demo");
    }

    private static List<Path> filesWith(Path root, String text) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
