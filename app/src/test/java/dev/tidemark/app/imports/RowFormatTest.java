package dev.tidemark.app.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CSV and NDJSON with a column mapping. */
final class RowFormatTest {

    @Test
    void csvColumnsBecomeTypedFields() {
        CsvFormat format = csv("event_type=action", "timestamp=at", "user_id=who", "properties.*");
        format.form("at,who,action,amount,zip,vip,note", "header");

        Formed formed = format.form("2024-03-01T12:00:00Z,42,order,9.5,01234,true,\"a, \"\"b\"\"\"", "n");

        assertThat(((Formed.Ready) formed).event().toString())
                .isEqualTo("{\"event_id\":\"row-n\",\"event_type\":\"order\",\"timestamp\":\"2024-03-01T12:00:00Z\","
                        + "\"user_id\":\"42\",\"properties\":{\"amount\":9.5,\"zip\":\"01234\",\"vip\":true,"
                        + "\"note\":\"a, \\\"b\\\"\"}}");
    }

    @Test
    void aQuotedFieldMaySpanLines() {
        CsvFormat format = csv("event_type=a", "properties.*");
        format.form("a,b", "header");

        assertThat(format.continues("x,\"one")).isTrue();
        assertThat(format.continues("x,\"one\ntwo\"")).isFalse();
        assertThat(((Formed.Ready) format.form("x,\"one\ntwo\"", "n"))
                        .event()
                        .path("properties")
                        .path("b")
                        .asText())
                .isEqualTo("one\ntwo");
    }

    @Test
    void aColumnListedAsTextStaysText() {
        CsvFormat format = new CsvFormat(
                Mapping.parse(List.of("event_type=a", "properties.*"), null, ZoneOffset.UTC), ';', Set.of("b"));
        format.form("a;b;c", "header");

        assertThat(((Formed.Ready) format.form("x;12;12", "n"))
                        .event()
                        .path("properties")
                        .toString())
                .isEqualTo("{\"b\":\"12\",\"c\":12}");
    }

    @Test
    void aColumnThatTheFileLacksStopsTheImportWithItsName() {
        assertThatThrownBy(() -> csv("event_type=kind").form("a,b", "header")).hasMessageContaining("no column 'kind'");
    }

    @Test
    void aRecordOfTheWrongWidthIsUnusable() {
        CsvFormat format = csv("event_type=a");
        format.form("a,b", "header");

        assertThat(format.form("x", "n"))
                .isEqualTo(new Formed.Unusable("unparseable_line", null, "the record has 1 fields, the header has 2"));
    }

    @ParameterizedTest
    @CsvSource({
        "event_type,not of the form",
        "kind=a,unknown field 'kind'",
        "properties.=a,unknown field",
        "timestamp=at,no column holds the event type"
    })
    void aMappingThatMakesNoSenseIsRefused(String pair, String message) {
        assertThatThrownBy(() -> Mapping.parse(List.of(pair), null, ZoneOffset.UTC))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T12:00:00+02:00,2024-03-01T10:00:00Z",
        "2024-03-01 12:00:00,2024-03-01T11:00:00Z",
        "2024-03-01,2024-02-29T23:00:00Z",
        "1709290800,2024-03-01T11:00:00Z",
        "1709290800123,2024-03-01T11:00:00.123Z"
    })
    void timesAreReadInTheUsualForms(String text, String instant) {
        CsvFormat format =
                new CsvFormat(Mapping.parse(List.of("timestamp=at"), "x", ZoneId.of("Europe/Berlin")), ',', Set.of());
        format.form("at", "header");

        assertThat(((Formed.Ready) format.form(text, "n"))
                        .event()
                        .path("timestamp")
                        .asText())
                .isEqualTo(instant);
    }

    @Test
    void aTimeThatIsNotUnderstoodIsUnusable() {
        CsvFormat format = csv("event_type=a", "timestamp=b");
        format.form("a,b", "header");

        assertThat(format.form("x,yesterday", "n")).isInstanceOfSatisfying(Formed.Unusable.class, unusable -> {
            assertThat(unusable.reason()).isEqualTo("invalid_timestamp");
            assertThat(unusable.field()).isEqualTo("timestamp");
        });
    }

    @Test
    void ndjsonFieldsAreNamedWithDots() {
        NdjsonFormat format = new NdjsonFormat(Mapping.parse(
                List.of("event_type=event.name", "context.page.url=url", "traits.plan=user.plan"),
                null,
                ZoneOffset.UTC));

        Formed formed =
                format.form("{\"event\":{\"name\":\"order\"},\"url\":\"https://a/\",\"user\":{\"plan\":\"pro\"}}", "n");

        assertThat(((Formed.Ready) formed).event().toString())
                .isEqualTo("{\"event_id\":\"row-n\",\"event_type\":\"order\","
                        + "\"context\":{\"page\":{\"url\":\"https://a/\"}},\"traits\":{\"plan\":\"pro\"}}");
    }

    @Test
    void ndjsonWithoutAMappingIsTheApisOwnForm() {
        Formed formed = new NdjsonFormat(null).form("{\"event_type\":\"order\",\"event_id\":\"7\"}", "n");

        assertThat(((Formed.Ready) formed).event().toString())
                .isEqualTo("{\"event_type\":\"order\",\"event_id\":\"7\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\":", "[1]", "7", "{\"a\":1,\"a\":2}", "{} {}"})
    void aLineThatIsNoJsonObjectIsUnusable(String line) {
        assertThat(new NdjsonFormat(null).form(line, "n")).isInstanceOf(Formed.Unusable.class);
    }

    private static CsvFormat csv(String... pairs) {
        return new CsvFormat(Mapping.parse(List.of(pairs), null, ZoneOffset.UTC), ',', Set.of());
    }
}
