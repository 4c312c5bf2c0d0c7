package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class EventExportTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");
    private static final Map<String, String> ALL = Map.of("start_time", "2025-01-01", "end_time", "2025-06-01");

    private final ExportFixture fixture = new ExportFixture();
    private final TenantId tenant = QueryFixture.newTenant();

    @Test
    void jsonHoldsEveryEventWithEveryTextAsItWasSent() {
        List<StoredEvent> events = inserted(1_200, 11);
        ExportFixture.Sent sent = fixture.events(tenant, with("format", "json"));
        List<JsonNode> lines = sent.lines();
        assertThat(sent.trailers()).containsEntry("Export-Complete", "true").containsEntry("Export-Rows", "1200");
        assertThat(sent.headers()).containsEntry("Content-Type", "application/x-ndjson");
        assertThat(ids(lines)).isEqualTo(idsInOrder(events));
        Map<String, Event> byId = new HashMap<>();
        events.forEach(stored -> byId.put(stored.event().id().value(), stored.event()));
        for (JsonNode line : lines) {
            Event event = java.util.Objects.requireNonNull(
                    byId.get(line.get("event_id").asText()));
            assertThat(line.get("event_type").asText()).isEqualTo(event.type());
            assertThat(Instant.parse(line.get("timestamp").asText()).toEpochMilli())
                    .isEqualTo(event.timestampMillis());
            assertThat(line.get("user_id").isNull() ? null : line.get("user_id").asText())
                    .isEqualTo(event.userId());
            assertThat(line.get("properties").size())
                    .isEqualTo(event.properties().size());
            event.properties()
                    .strings()
                    .forEach((name, text) -> assertThat(
                                    line.get("properties").get(name).textValue())
                            .isEqualTo(text));
            event.properties()
                    .numbers()
                    .forEach((name, number) -> assertThat(
                                    line.get("properties").get(name).doubleValue())
                            .isEqualTo(number + 0.0));
            event.context()
                    .forEach((field, text) -> assertThat(
                                    line.get("context").get(field.column()).asText())
                            .isEqualTo(text));
        }
    }

    @Test
    void csvHoldsTheSameRowsAndKeepsTextsOnRequest() {
        List<StoredEvent> events = inserted(700, 12);
        List<JsonNode> lines = fixture.events(tenant, with("format", "json")).lines();
        List<List<String>> kept = ExportFixture.csv(
                fixture.events(tenant, with("formulas", "keep")).text());
        List<List<String>> guarded = ExportFixture.csv(
                fixture.events(tenant, with("formulas", "escape")).text());
        List<String> head = kept.getFirst();
        assertThat(kept).hasSize(events.size() + 1).hasSameSizeAs(guarded);
        for (int row = 1; row < kept.size(); row++) {
            JsonNode line = lines.get(row - 1);
            for (String column : List.of("event_id", "event_type", "timestamp", "cursor")) {
                assertThat(kept.get(row).get(head.indexOf(column)))
                        .isEqualTo(line.get(column).asText());
            }
            assertThat(QueryFixture.parsed(kept.get(row).get(head.indexOf("properties"))))
                    .isEqualTo(line.get("properties"));
            assertThat(QueryFixture.parsed(kept.get(row).get(head.indexOf("user"))))
                    .isEqualTo(line.get("user"));
            assertThat(kept.get(row).get(head.indexOf("country")))
                    .isEqualTo(line.get("context").path("country").asText());
            for (int cell = 0; cell < head.size(); cell++) {
                String text = guarded.get(row).get(cell);
                assertThat(text.isEmpty() || "=+-@\t\r\n".indexOf(text.charAt(0)) < 0)
                        .isTrue();
                assertThat(text.startsWith("'") ? text.substring(1) : text)
                        .isEqualTo(kept.get(row).get(cell));
            }
        }
        assertThat(guarded).anySatisfy(row -> assertThat(row.get(1)).isEqualTo("''; DROP TABLE events; --"));
    }

    @Test
    void whatIsResumedAfterAnyRowIsTheRestOfTheWhole() {
        inserted(300, 13);
        String whole = fixture.events(tenant, with("format", "json")).text();
        List<String> lines = whole.lines().toList();
        for (int row = 0; row < lines.size(); row += 7) {
            String cursor = QueryFixture.parsed(lines.get(row)).get("cursor").asText();
            String rest = fixture.events(tenant, Map.of("format", "json", "cursor", cursor))
                    .text();
            assertThat(lines.subList(0, row + 1).stream().collect(Collectors.joining("\n")) + "\n" + rest)
                    .isEqualTo(whole);
        }
    }

    @Test
    void partsOfSomeRowsMakeTheWholeInEveryFormat() {
        List<StoredEvent> events = inserted(250, 14);
        for (String format : List.of("json", "parquet")) {
            Set<String> seen = new HashSet<>();
            Map<String, String> query = new HashMap<>(ALL);
            query.put("format", format);
            query.put("rows", "60");
            int parts = 0;
            while (true) {
                ExportFixture.Sent sent = fixture.events(tenant, query);
                List<JsonNode> rows = format.equals("json")
                        ? sent.lines()
                        : ExportFixture.parquet(sent.bytes(), "event_id, event_type, properties_text");
                rows.forEach(row ->
                        assertThat(seen.add(row.get("event_id").asText())).isTrue());
                parts++;
                String next = sent.trailers()
                        .getOrDefault("Next-Cursor", sent.headers().get("Next-Cursor"));
                if (next == null) {
                    break;
                }
                assertThat(rows).hasSize(60);
                query = new HashMap<>(Map.of("format", format, "rows", "60", "cursor", next));
            }
            assertThat(parts).isEqualTo(5);
            assertThat(seen).hasSize(events.size());
        }
    }

    @Test
    void parquetHasTypedColumns() {
        List<StoredEvent> events = inserted(40, 15);
        byte[] file = fixture.events(tenant, with("format", "parquet")).bytes();
        List<JsonNode> rows = ExportFixture.parquet(
                file,
                "event_id, event_type, toUnixTimestamp64Milli(timestamp) AS at, user_id, country, properties_text,"
                        + " properties_number, user_flag, journal_offset");
        assertThat(rows).hasSize(40);
        for (JsonNode row : rows) {
            StoredEvent stored = events.get(row.get("journal_offset").asInt());
            Event event = stored.event();
            assertThat(row.get("event_id").asText()).isEqualTo(event.id().value());
            assertThat(row.get("event_type").asText()).isEqualTo(event.type());
            assertThat(row.get("at").asLong()).isEqualTo(event.timestampMillis());
            assertThat(row.get("user_id").isNull()).isEqualTo(event.userId() == null);
            assertThat(row.get("properties_text").size())
                    .isEqualTo(event.properties().strings().size());
            event.properties()
                    .strings()
                    .forEach((name, text) -> assertThat(
                                    row.get("properties_text").get(name).asText())
                            .isEqualTo(text));
            assertThat(row.get("user_flag").size())
                    .isEqualTo(stored.userTraits().booleans().size());
        }
    }

    @Test
    void eventsThatArriveDuringAnExportAreNotInIt() {
        inserted(30, 16);
        fixture.positions.advance(tenant, 19, 0, 1);
        ExportFixture.Sent first = fixture.events(tenant, with("rows", "5"));
        assertThat(first.headers()).containsEntry("Export-As-Of", "19");
        fixture.positions.advance(tenant, 29, 0, 1);
        String cursor = first.trailers().get("Next-Cursor");
        List<List<String>> rest = ExportFixture.csv(
                fixture.events(tenant, Map.of("cursor", cursor)).text());
        assertThat(rest).hasSize(1 + 15);
        assertThat(fixture.events(tenant, with("format", "json")).lines()).hasSize(30);
    }

    @Test
    void choosesByTypeFilterAndRange() {
        List<StoredEvent> events = inserted(400, 17);
        List<JsonNode> views = fixture.events(tenant, with("format", "json", "event_type", "view"))
                .lines();
        assertThat(views).hasSize((int) events.stream()
                .filter(event -> event.event().type().equals("view"))
                .count());
        List<JsonNode> german = fixture.events(
                        tenant,
                        with(
                                "format",
                                "json",
                                "filter",
                                "{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"DE\"}"))
                .lines();
        assertThat(german)
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.at("/context/country").asText()).isEqualTo("DE"));
        Map<String, String> short1 = Map.of("format", "json", "start_time", "2025-03-10", "end_time", "2025-03-10");
        long day = AROUND.toEpochMilli();
        assertThat(fixture.events(tenant, short1).lines()).hasSize((int) events.stream()
                .map(event -> event.event().timestampMillis())
                .filter(millis -> millis >= day && millis < day + 86_400_000)
                .count());
        String cursor = views.getFirst().get("cursor").asText();
        assertField(Map.of("cursor", cursor, "event_type", "buy"), "cursor");
        assertField(Map.of("cursor", "nonsense"), "cursor");
        assertField(Map.of("filter", "{"), "filter");
        assertField(Map.of("filter", "{\"property\":\"nope\",\"operator\":\"eq\",\"value\":1}"), "filter.property");
        assertField(Map.of("format", "xml"), "format");
        assertField(Map.of("formulas", "run"), "formulas");
        assertField(Map.of("rows", "0"), "rows");
        assertField(Map.of("start_time", "yesterday"), "start_time");
    }

    @Test
    void aTenantGetsNothingOfAnother() {
        inserted(50, 18);
        TenantId other = QueryFixture.newTenant();
        for (String format : List.of("json", "csv", "parquet")) {
            ExportFixture.Sent sent = fixture.events(other, with("format", format));
            assertThat(sent.text()).doesNotContain("event-", "user-");
        }
        String cursor = fixture.events(tenant, with("format", "json"))
                .lines()
                .getFirst()
                .get("cursor")
                .asText();
        assertThat(fixture.events(other, Map.of("format", "json", "cursor", cursor))
                        .bytes())
                .isEmpty();
    }

    private List<StoredEvent> inserted(int count, long seed) {
        List<StoredEvent> events = new RandomEvents(tenant, AROUND, seed).take(count);
        fixture.queries.insert(events);
        return events;
    }

    private void assertField(Map<String, String> query, String field) {
        assertThatThrownBy(() -> fixture.events(tenant, query))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue(field));
    }

    private static Map<String, String> with(String... more) {
        Map<String, String> query = new TreeMap<>(ALL);
        for (int i = 0; i < more.length; i += 2) {
            query.put(more[i], more[i + 1]);
        }
        return query;
    }

    private static List<String> ids(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("event_id").asText()).toList();
    }

    private static List<String> idsInOrder(List<StoredEvent> events) {
        List<StoredEvent> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.<StoredEvent>comparingLong(
                        event -> Math.floorDiv(event.event().timestampMillis(), 86_400_000L))
                .thenComparing(event -> event.event().type(), EventExportTest::byBytes)
                .thenComparingLong(event -> event.event().timestampMillis())
                .thenComparingLong(event -> event.address().offset()));
        return sorted.stream().map(event -> event.event().id().value()).toList();
    }

    private static int byBytes(String left, String right) {
        return java.util.Arrays.compareUnsigned(
                left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
