package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BatchComposerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW = Instant.parse("2026-03-01T00:00:00.123Z").toEpochMilli();
    private static final byte[] HEAD = BatchComposer.head("127.0.0.1", 8080, "sk_x");

    private final SplittableRandom random = new SplittableRandom(7);
    private final BatchComposer composer =
            new BatchComposer(ShopTemplates.render(random), new ZipfSampler(1000, 1), random, 200);
    private final byte[] buffer = new byte[composer.capacity(HEAD)];

    private JsonNode compose() throws Exception {
        int length = composer.compose(HEAD, buffer, NOW);
        return JSON.readTree(new String(buffer, HEAD.length, length - HEAD.length, StandardCharsets.UTF_8));
    }

    @Test
    void composesValidEventsOfAboutFiveHundredBytes() throws Exception {
        long bytes = 0;
        for (JsonNode event : compose().path("batch")) {
            assertThat(event.path("properties").size()).isBetween(8, 10);
            assertThat(event.path("context").path("user_agent").asText()).startsWith("Mozilla/5.0");
            assertThat(event.path("context").path("page").path("url").asText()).startsWith("https://");
            assertThat(event.has("user_id") ^ event.has("anonymous_id")).isTrue();
            assertThat(event.path("session_id").asText()).matches("[0-9a-f]{12}");
            bytes += event.toString().length();
        }
        assertThat(bytes / composer.batch()).isBetween(480L, 535L);
    }

    @Test
    void mixesStringAndNumberProperties() throws Exception {
        for (JsonNode event : compose().path("batch")) {
            assertThat(event.path("properties")).filteredOn(JsonNode::isTextual).hasSizeGreaterThan(1);
            assertThat(event.path("properties")).filteredOn(JsonNode::isNumber).hasSizeGreaterThan(2);
        }
    }

    @Test
    void givesEveryEventAnIdOfItsOwn() throws Exception {
        Set<UUID> ids = new HashSet<>();
        for (int batch = 0; batch < 50; batch++) {
            for (JsonNode event : compose().path("batch")) {
                ids.add(UUID.fromString(event.path("event_id").asText()));
            }
        }
        assertThat(ids).hasSize(50 * composer.batch()).allMatch(id -> id.version() == 4 && id.variant() == 2);
    }

    @Test
    void sendsEventsOfTheLastSecondAndTheTimeOfSending() throws Exception {
        JsonNode body = compose();
        assertThat(Instant.parse(body.path("sent_at").asText()).toEpochMilli()).isEqualTo(NOW);
        for (JsonNode event : body.path("batch")) {
            assertThat(Instant.parse(event.path("timestamp").asText()).toEpochMilli())
                    .isBetween(NOW - 1000, NOW);
        }
    }

    @Test
    void statesTheLengthOfTheBody() {
        int length = composer.compose(HEAD, buffer, NOW);
        String head = new String(buffer, 0, HEAD.length, StandardCharsets.US_ASCII);
        assertThat(head).startsWith("POST /api/v1/events HTTP/1.1\r\n").endsWith("\r\n\r\n");
        assertThat(head.lines().filter(line -> line.startsWith("Content-Length:")))
                .singleElement()
                .satisfies(line -> assertThat(
                                line.substring("Content-Length:".length()).strip())
                        .isEqualTo(Integer.toString(length - HEAD.length)));
        assertThat(length).isLessThanOrEqualTo(buffer.length);
    }

    @Test
    void mixesEventTypesWithPageViewsAsHalf() throws Exception {
        Map<String, Integer> types = new HashMap<>();
        for (int batch = 0; batch < 20; batch++) {
            compose()
                    .path("batch")
                    .forEach(event -> types.merge(event.path("event_type").asText(), 1, Integer::sum));
        }
        assertThat(types.keySet()).containsExactlyInAnyOrderElementsOf(ShopTemplates.EVENT_TYPES);
        assertThat(types.get("page_view")).isBetween(1800, 2200);
    }

    @Test
    void repeatsItselfForTheSameSeed() {
        List<EventTemplate> templates = ShopTemplates.render(new SplittableRandom(1));
        byte[] other = new byte[buffer.length];
        new BatchComposer(templates, new ZipfSampler(1000, 1), new SplittableRandom(2), 10).compose(HEAD, buffer, NOW);
        new BatchComposer(templates, new ZipfSampler(1000, 1), new SplittableRandom(2), 10).compose(HEAD, other, NOW);
        assertThat(other).isEqualTo(buffer);
    }
}
