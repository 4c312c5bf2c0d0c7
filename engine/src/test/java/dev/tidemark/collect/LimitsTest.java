package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LimitsTest {
    private final Desk desk = new Desk(new FixedTenants());

    @AfterEach
    void close() {
        desk.close();
    }

    static Stream<Arguments> badEvents() {
        return Stream.of(
                bad("{\"event_id\":\"x\"}", "event_type_missing", "event_type"),
                bad("{\"event_type\":\" \"}", "event_type_missing", "event_type"),
                bad("{\"event_type\":7}", "wrong_type", "event_type"),
                bad("{\"event_type\":\"" + "t".repeat(201) + "\"}", "event_type_too_long", "event_type"),
                bad(with("\"event_id\":\"" + "i".repeat(256) + "\""), "id_too_long", "event_id"),
                bad(with("\"event_id\":\"\""), "invalid_id", "event_id"),
                bad(with("\"user_id\":\"" + "i".repeat(256) + "\""), "id_too_long", "user_id"),
                bad(with("\"anonymous_id\":\"" + "i".repeat(256) + "\""), "id_too_long", "anonymous_id"),
                bad(with("\"session_id\":{}"), "wrong_type", "session_id"),
                bad(with("\"user_id\":1.5"), "wrong_type", "user_id"),
                bad(with("\"user_id\":true"), "wrong_type", "user_id"),
                bad(with("\"properties\":[]"), "wrong_type", "properties"),
                bad(with("\"context\":\"x\""), "wrong_type", "context"),
                bad(with("\"context\":{\"page\":[1]}"), "wrong_type", "context.page"),
                bad(with("\"context\":{\"page\":{\"url\":1}}"), "wrong_type", "context.page.url"),
                bad(with("\"timestamp\":[]"), "invalid_timestamp", "timestamp"),
                bad(with("\"timestamp\":1e300"), "invalid_timestamp", "timestamp"),
                bad(with("\"sent_at\":\"x\""), "invalid_timestamp", "sent_at"),
                bad(properties(many(256)), "too_many_properties", "properties"),
                bad(properties(nested(9)), "nesting_too_deep", "properties.n.n.n.n.n.n.n.n.n"),
                bad(properties("\"a\":" + "[".repeat(9) + "]".repeat(9)), "nesting_too_deep", "properties.a"),
                bad(properties("\"a\":" + "[".repeat(400) + "]".repeat(400)), "nesting_too_deep", "properties.a"),
                bad(
                        properties("\"" + "p".repeat(201) + "\":1"),
                        "property_name_too_long",
                        "properties." + "p".repeat(40) + "..."),
                bad(properties("\"\":1"), "property_name_empty", "properties."),
                bad(properties("\"a\":\"" + "x".repeat(8193) + "\""), "text_too_long", "properties.a"),
                bad(properties("\"a\":[\"" + "x".repeat(8193) + "\"]"), "text_too_long", "properties.a"),
                bad(properties("\"a\":1e999"), "number_out_of_range", "properties.a"),
                bad(properties("\"a\":-1e999"), "number_out_of_range", "properties.a"),
                bad(properties("\"a\":" + "9".repeat(500)), "number_out_of_range", "properties.a"),
                bad(properties("\"a\":[1e999]"), "number_out_of_range", "properties.a"),
                bad(properties("\"a\":1,\"a\":2"), "duplicate_key", "properties.a"),
                bad(properties("\"a\":1,\"a\":\"x\""), "duplicate_key", "properties.a"),
                bad(properties("\"a\":null,\"a\":true"), "duplicate_key", "properties.a"),
                bad(properties("\"a\":{},\"a\":{}"), "duplicate_key", "properties.a"),
                bad(properties("\"a\":{\"b\":1},\"a.b\":2"), "duplicate_key", "properties.a.b"),
                bad(properties("\"a\":[{\"b\":1,\"b\":2}]"), "duplicate_key", "properties.a"),
                bad(with("\"event_type\":\"b\""), "duplicate_key", "event_type"),
                bad(properties("\"a\":\"x\\u0000\""), "invalid_text", "properties.a"),
                bad(properties("\"a\":\"\\ud800\""), "invalid_text", "properties.a"),
                bad(properties("\"a\":\"\\udc00\\ud800\""), "invalid_text", "properties.a"),
                bad(properties("\"a\":[\"\\ud800\"]"), "invalid_text", "properties.a"),
                bad(properties("\"\\ud800\":1"), "invalid_text", "properties"),
                bad(properties("\"a\\\\\\uDBFF\\uD800\":1"), "invalid_text", "properties"),
                bad(with("\"user_id\":\"\\u0000\""), "invalid_text", "user_id"),
                bad("{\"event_type\":\"\\udfff\"}", "invalid_text", "event_type"),
                bad("17", "not_an_object", ""),
                bad("\"x\"", "not_an_object", ""),
                bad("[{}]", "not_an_object", ""));
    }

    @ParameterizedTest
    @MethodSource("badEvents")
    void refusesABadEventByNameAndKeepsItsNeighbours(String event, String reason, String field) {
        Reply reply = desk.send("[{\"event_type\":\"before\"}," + event + ",{\"event_type\":\"after\"}]");
        assertThat(reply.status()).isEqualTo(202);
        JsonNode json = EventRulesTest.json(reply);
        assertThat(json.path("status").asText()).isEqualTo("partial");
        assertThat(json.path("accepted").asInt()).isEqualTo(2);
        assertThat(json.path("rejected").asInt()).isEqualTo(1);
        JsonNode result = json.path("results").path(1);
        assertThat(result.path("index").asInt()).isEqualTo(1);
        assertThat(result.path("status").asText()).isEqualTo("rejected");
        assertThat(result.path("reason").asText()).isEqualTo(reason);
        assertThat(result.path("field").asText("")).isEqualTo(field);
        assertThat(result.path("message").asText()).isNotBlank();
        assertThat(desk.entries()).hasSize(2);
        assertThat(desk.count("tidemark.events.rejected", "reason", reason)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("badEvents")
    void answers400WhenNothingWasAccepted(String event) {
        assertThat(desk.send("{\"batch\":[" + event + "]}").status()).isEqualTo(400);
        assertThat(desk.entries()).isEmpty();
    }

    @Test
    void acceptsWhatStandsExactlyAtALimit() {
        desk.event("{\"event_type\":\"" + "t".repeat(200) + "\",\"event_id\":\"" + "i".repeat(255) + "\"}");
        desk.event(properties(many(255)));
        desk.event(properties(nested(8)));
        desk.event(properties("\"a\":" + "[".repeat(8) + "]".repeat(8)));
        desk.event(properties("\"" + "p".repeat(200) + "\":1"));
        desk.event(properties("\"a\":\"" + "x".repeat(8192) + "\""));
        desk.event(
                properties("\"a\":1.7976931348623157e308,\"b\":\"\\ud83d\\ude00\",\"c\":\"😀\",\"\\uD83D\\uDE00\":1"));
        desk.event(padded(Limits.EVENT_BYTES));
        assertThat(desk.entries()).hasSize(8);
    }

    @Test
    void refusesAnEventOfMoreThan32Kilobytes() {
        Reply reply = desk.send(padded(Limits.EVENT_BYTES + 1));
        assertThat(reply.status()).isEqualTo(413);
        assertThat(EventRulesTest.json(reply).path("reason").asText()).isEqualTo("event_too_large");
        Reply batch = desk.send("[" + padded(Limits.EVENT_BYTES + 1) + ", " + padded(Limits.EVENT_BYTES) + "]");
        assertThat(EventRulesTest.json(batch).path("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void refusesMoreThan2000Events() {
        String batch = IntStream.range(0, 2_000)
                .mapToObj(_ -> "{\"event_type\":\"a\"}")
                .collect(Collectors.joining(","));
        assertThat(desk.send("[" + batch + "]").status()).isEqualTo(202);
        assertThat(desk.entries()).hasSize(2_000);
        assertThatThrownBy(() -> desk.send("[" + batch + ",{\"event_type\":\"a\"}]"))
                .isInstanceOfSatisfying(TidemarkException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BODY_TOO_LARGE);
                    assertThat(e.field()).contains("batch");
                    assertThat(e.detail()).contains("2000");
                });
        assertThat(desk.entries()).hasSize(2_000);
    }

    static Stream<byte[]> brokenBodies() {
        return Stream.of(
                        "",
                        " \n ",
                        "{",
                        "[{\"event_type\":\"a\"},{\"event_type\":]",
                        "[{\"event_type\":\"a\"}",
                        "[{\"event_type\":\"a\"}] x",
                        "{\"event_type\":\"a\",\"properties\":{\"a\":NaN}}",
                        "{\"event_type\":\"a\",\"properties\":{\"a\":Infinity}}",
                        "{\"event_type\":\"a\",\"properties\":{\"a\":01}}",
                        "{\"event_type\":\"a\u0001\"}",
                        "{\"event_type\":'a'}",
                        "nonsense",
                        "12",
                        "null",
                        "\"text\"",
                        "[]",
                        "{\"batch\":[]}",
                        "{\"batch\":{}}",
                        "{\"batch\":[{\"event_type\":\"a\"}],\"batch\":[]}",
                        "[".repeat(100_000),
                        "\0{\0\"\0e\0",
                        "{\"event_type\":\"\ud83d\ude00\" \ud83d\ude00}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void refusesABrokenBodyWhole(byte[] body) {
        assertThatThrownBy(() -> desk.send(body, FixedTenants.SECRET_KEY, "application/json"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.MALFORMED_BODY, ErrorCode.INVALID_FIELD));
        assertThat(desk.entries()).isEmpty();
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] overlong = {'{', '"', 'e', (byte) 0xC1, (byte) 0x81, '"', ':', '1', '}'};
        byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
        byte[] cut = {'"', 'a', (byte) 0xE2, (byte) 0x82};
        byte[] utf16 = "{\"event_type\":\"a\"}".getBytes(StandardCharsets.UTF_16);
        for (byte[] body : new byte[][] {overlong, surrogate, cut, utf16}) {
            assertThatThrownBy(() -> desk.send(body, FixedTenants.SECRET_KEY, null))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.detail()).containsAnyOf("UTF-8", "NUL"));
        }
    }

    @Test
    void namesLineAndColumnOfASyntaxError() {
        assertThatThrownBy(() -> desk.send("[\n{\"event_type\":\"a\"},\n{\"event_type\" \"b\"}]"))
                .hasMessageContaining("line 3")
                .hasMessageContaining("column 15");
    }

    private static Arguments bad(String event, String reason, String field) {
        return Arguments.of(event, reason, field);
    }

    private static String with(String member) {
        return "{\"event_type\":\"a\"," + member + "}";
    }

    private static String properties(String members) {
        return with("\"properties\":{" + members + "}");
    }

    private static String many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"p" + i + "\":" + i).collect(Collectors.joining(","));
    }

    private static String nested(int depth) {
        return "\"n\":{".repeat(depth) + "\"leaf\":1" + "}".repeat(depth);
    }

    private static String padded(int bytes) {
        String start = "{\"event_type\":\"a\",\"properties\":{";
        StringBuilder event = new StringBuilder(start);
        for (int i = 0; i < 4; i++) {
            event.append("\"p")
                    .append(i)
                    .append("\":\"")
                    .append("x".repeat(8_000))
                    .append("\",");
        }
        event.append("\"last\":\"");
        return event.append("x".repeat(bytes - event.length() - 3))
                .append("\"}}")
                .toString();
    }
}
