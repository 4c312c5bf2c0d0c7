package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.EventSchema;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FixedTenants tenants = new FixedTenants();
    private final Desk desk = new Desk(tenants);

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void keepsEveryPartOfAnEvent() {
        Event event = desk.event("""
                {"event_type":"purchase","event_id":"e-1","timestamp":"2026-03-01T11:00:00.250+01:00","user_id":42,
                 "anonymous_id":"anon","session_id":"s1",
                 "properties":{"amount":12.5,"currency":"EUR","gift":true,"none":null,"address":{"city":{"name":"Köln"}},
                   "items":[{"sku":"a","n":1},"b"],"when":"2026-01-01","big":123456789012345678901234567890},
                 "context":{"page":{"url":"https://Shop.example:8443/cart?utm_source=news%20letter&utm_medium=email#top",
                   "title":"Cart","referrer":"https://user@Search.Example/q?x=1"},"locale":"de-DE","app":{"version":"3.1"},
                   "library":{"name":"sdk","version":"1.2"},"campaign":{"medium":"paid"}}}""");
        assertThat(event.id().value()).isEqualTo("e-1");
        assertThat(event.idAssigned()).isFalse();
        assertThat(event.type()).isEqualTo("purchase");
        assertThat(Instant.ofEpochMilli(event.timestampMillis())).isEqualTo(Instant.parse("2026-03-01T10:00:00.250Z"));
        assertThat(event.receivedAtMillis()).isEqualTo(FixedTime.NOON.instant().toEpochMilli());
        assertThat(event.userId()).isEqualTo("42");
        assertThat(event.anonymousId()).isEqualTo("anon");
        assertThat(event.sessionId()).isEqualTo("s1");
        assertThat(event.properties().strings())
                .isEqualTo(Map.of(
                        "currency", "EUR",
                        "address.city.name", "Köln",
                        "items", "[{\"sku\":\"a\",\"n\":1},\"b\"]",
                        "when", "2026-01-01"));
        assertThat(event.properties().numbers())
                .isEqualTo(Map.of("amount", 12.5, "big", 123456789012345678901234567890d));
        assertThat(event.properties().booleans()).isEqualTo(Map.of("gift", true));
        assertThat(event.context())
                .containsEntry(ContextField.PAGE_PATH, "/cart")
                .containsEntry(ContextField.UTM_SOURCE, "news letter")
                .containsEntry(ContextField.UTM_MEDIUM, "paid")
                .containsEntry(ContextField.PAGE_TITLE, "Cart")
                .containsEntry(ContextField.REFERRER_HOST, "search.example")
                .containsEntry(ContextField.LOCALE, "de-DE")
                .containsEntry(ContextField.APP_VERSION, "3.1")
                .containsEntry(ContextField.SDK, "sdk/1.2");
        assertThat(event.expiresOnEpochDay()).isEqualTo(Event.NEVER_EXPIRES);
    }

    @Test
    void assignsATimeOrderedIdWhereNoneIsGiven() {
        Event event = desk.event("{\"event_type\":\"a\"}");
        assertThat(event.idAssigned()).isTrue();
        assertThat(event.id().value()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(event.timestampMillis()).isEqualTo(event.receivedAtMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "UNDEFINED", "None", "0", "Anonymous", "NaN", "  ", " null "})
    void takesJunkIdsAsAbsent(String junk) {
        Event event = desk.event("{\"event_type\":\"a\",\"user_id\":\"" + junk + "\",\"anonymous_id\":\"" + junk
                + "\",\"session_id\":\"" + junk + "\"}");
        assertThat(event.userId()).isNull();
        assertThat(event.anonymousId()).isNull();
        assertThat(event.sessionId()).isNull();
    }

    @Test
    void takesTheNumberZeroAsNobody() {
        assertThat(desk.event("{\"event_type\":\"a\",\"user_id\":0}").userId()).isNull();
        assertThat(desk.event("{\"event_type\":\"a\",\"user_id\":\"00\"}").userId())
                .isEqualTo("00");
    }

    @ParameterizedTest
    @CsvSource({
        // The client's clock runs ten minutes fast: what it calls 12:05 was 11:55.
        "2026-03-01T12:05:00Z, 2026-03-01T12:10:00Z, 2026-03-01T11:55:00Z",
        // An hour slow.
        "2026-03-01T10:59:00Z, 2026-03-01T11:00:00Z, 2026-03-01T11:59:00Z",
        // Kept for a day before it was sent, by a clock that is right.
        "2026-02-28T12:00:00Z, 2026-03-01T12:00:00Z, 2026-02-28T12:00:00Z",
        // A clock that is years behind.
        "2001-01-01T00:00:00Z, 2001-01-01T00:00:30Z, 2026-03-01T11:59:30Z",
    })
    void correctsTheClientsClock(String timestamp, String sentAt, Instant expected) {
        Event single =
                desk.event("{\"event_type\":\"a\",\"timestamp\":\"" + timestamp + "\",\"sent_at\":\"" + sentAt + "\"}");
        Event batched = desk.event("{\"batch\":[{\"event_type\":\"a\",\"timestamp\":\"" + timestamp
                + "\"}],\"sent_at\":\"" + sentAt + "\"}");
        assertThat(Instant.ofEpochMilli(single.timestampMillis())).isEqualTo(expected);
        assertThat(Instant.ofEpochMilli(batched.timestampMillis())).isEqualTo(expected);
    }

    @Test
    void leavesATimestampAloneWithoutSentAt() {
        Event event = desk.event("{\"event_type\":\"a\",\"timestamp\":1767225600123}");
        assertThat(event.timestampMillis()).isEqualTo(1_767_225_600_123L);
    }

    @Test
    void sendsTheFutureToTheDeadLetters() {
        assertThat(desk.event("{\"event_type\":\"a\",\"timestamp\":\"2026-03-02T12:00:00Z\"}"))
                .isNotNull();
        JsonNode reply = json(desk.send("{\"event_type\":\"a\",\"timestamp\":\"2026-03-02T12:00:00.001Z\"}"));
        assertThat(reply.path("status").asText()).isEqualTo("dead_letter");
        assertThat(reply.path("reason").asText()).isEqualTo("timestamp_in_future");
        assertThat(reply.path("field").asText()).isEqualTo("timestamp");
        DeadLetter letter = (DeadLetter) desk.entries().getLast();
        assertThat(letter.reason()).isEqualTo("timestamp_in_future");
        assertThat(letter.payload()).contains("2026-03-02T12:00:00.001Z");
        assertThat(desk.count("tidemark.events.dead_lettered", "reason", "timestamp_in_future"))
                .isEqualTo(1);
    }

    @Test
    void sendsWhatIsOlderThanTheRetentionToTheDeadLetters() {
        tenants.retention(30);
        Event kept = desk.event("{\"event_type\":\"a\",\"timestamp\":\"2026-01-30T12:00:00Z\"}");
        assertThat(kept.expiresOnEpochDay())
                .isEqualTo((int) LocalDate.parse("2026-03-01").toEpochDay());
        JsonNode reply = json(desk.send("{\"event_type\":\"a\",\"timestamp\":\"2026-01-30T11:59:59.999Z\"}"));
        assertThat(reply.path("reason").asText()).isEqualTo("older_than_retention");
        tenants.retention(null);
        assertThat(desk.event("{\"event_type\":\"a\",\"timestamp\":\"1970-01-01\"}")
                        .timestampMillis())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1969-12-31T23:59:59.999Z, timestamp_out_of_range",
        "2106-01-01T00:00:00Z, timestamp_out_of_range",
        "2026-02-30T00:00:00Z, invalid_timestamp",
        "yesterday, invalid_timestamp",
        "2026-01-01T25:00:00Z, invalid_timestamp",
        "2026-01-01T10:00:00+01:00x, invalid_timestamp",
    })
    void refusesTimesThatCannotBeStored(String timestamp, String reason) {
        Reply reply = desk.send("{\"event_type\":\"a\",\"timestamp\":\"" + timestamp + "\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(json(reply).path("reason").asText()).isEqualTo(reason);
        assertThat(json(reply).path("field").asText()).isEqualTo("timestamp");
        assertThat(desk.entries()).isEmpty();
    }

    @Test
    void identifySetsTraits() {
        Event identify =
                desk.event("{\"event_type\":\"identify\",\"user_id\":\"u\",\"traits\":{\"plan\":\"pro\",\"age\":3}}");
        assertThat(identify.setsTraits()).isTrue();
        assertThat(identify.traits().strings()).isEqualTo(Map.of("plan", "pro"));
        assertThat(identify.traits().numbers()).isEqualTo(Map.of("age", 3d));
        Event other = desk.event("{\"event_type\":\"view\",\"user_id\":\"u\",\"traits\":{\"plan\":\"pro\"}}");
        assertThat(other.setsTraits()).isFalse();
        assertThat(other.traits().isEmpty()).isTrue();
        assertThat(desk.count("tidemark.events.ignored_members")).isEqualTo(1);
    }

    @Test
    void holdsEventsAgainstTheirSchema() {
        String schema = """
                {"type":"object","required":["amount"],"properties":{"amount":{"type":"number","minimum":0},
                 "lines":{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer"}}}}}}""";
        tenants.schema("strict", EventSchema.Mode.ENFORCE, schema)
                .schema("lax", EventSchema.Mode.WARN, schema)
                .schema("off", EventSchema.Mode.OFF, schema);
        assertThat(desk.event("{\"event_type\":\"strict\",\"properties\":{\"amount\":1}}"))
                .isNotNull();
        JsonNode wrong = json(desk.send("{\"event_type\":\"strict\",\"properties\":{\"amount\":\"1\"}}"));
        assertThat(wrong.path("reason").asText()).isEqualTo("schema_violation");
        assertThat(wrong.path("field").asText()).isEqualTo("properties.amount");
        JsonNode missing = json(desk.send("{\"event_type\":\"strict\"}"));
        assertThat(missing.path("field").asText()).isEqualTo("properties.amount");
        JsonNode nested = json(desk.send(
                "{\"event_type\":\"strict\",\"properties\":{\"amount\":1,\"lines\":[{\"n\":1},{\"n\":\"x\"}]}}"));
        assertThat(nested.path("field").asText()).isEqualTo("properties.lines[1].n");
        assertThat(desk.event("{\"event_type\":\"lax\",\"properties\":{\"amount\":-1}}"))
                .isNotNull();
        assertThat(desk.event("{\"event_type\":\"off\",\"properties\":{\"amount\":-1}}"))
                .isNotNull();
        assertThat(desk.count("tidemark.schema.violations")).isEqualTo(4);
    }

    @Test
    void matchesThePatternsOfASchemaInLinearTime() {
        tenants.schema(
                "hostile",
                EventSchema.Mode.ENFORCE,
                "{\"properties\":{\"code\":{\"type\":\"string\",\"pattern\":\"^(([a-z])+.)+[A-Z]([a-z])+$\"}}}");
        JsonNode wrong =
                json(desk.send("{\"event_type\":\"hostile\",\"properties\":{\"code\":\"" + "a".repeat(4_000) + "\"}}"));
        assertThat(wrong.path("reason").asText()).isEqualTo("schema_violation");
        assertThat(desk.event("{\"event_type\":\"hostile\",\"properties\":{\"code\":\"abAbc\"}}"))
                .isNotNull();
    }

    @Test
    void aSchemaThatCannotBeReadLosesNothing() {
        tenants.schema("a", EventSchema.Mode.ENFORCE, "{\"type\":12,\"$ref\":\"http://127.0.0.1:1/never\"}");
        assertThat(desk.event("{\"event_type\":\"a\"}")).isNotNull();
    }

    @Test
    void refusesABatchWhoseSentAtCannotBeRead() {
        assertThatThrownBy(() -> desk.send("{\"sent_at\":\"soon\",\"batch\":[{\"event_type\":\"a\"}]}"))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains("sent_at"));
    }

    @Test
    void theContextOfABatchHoldsForEveryEventThatSaysNothingItself() {
        desk.send("{\"batch\":[{\"event_type\":\"a\"},{\"event_type\":\"b\",\"context\":{\"locale\":\"pt-BR\"}}],"
                + "\"context\":{\"locale\":\"de-DE\",\"page\":{\"url\":\"https://shop.example/sale\"}}}");
        List<Event> events = desk.entries().stream().map(Event.class::cast).toList();
        assertThat(events)
                .extracting(event -> event.context().get(ContextField.LOCALE))
                .containsExactly("de-DE", "pt-BR");
        assertThat(events)
                .extracting(event -> event.context().get(ContextField.PAGE_PATH))
                .containsExactly("/sale", "/sale");
    }

    @Test
    void refusesABatchWhoseContextIsNoObject() {
        assertThatThrownBy(() -> desk.send("{\"context\":[1],\"batch\":[{\"event_type\":\"a\"}]}"))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains("context"));
    }

    static JsonNode json(Reply reply) {
        try {
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new AssertionError(new String(reply.body(), StandardCharsets.UTF_8), e);
        }
    }
}
