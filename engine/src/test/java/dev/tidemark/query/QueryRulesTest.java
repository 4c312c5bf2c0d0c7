package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers worked out by hand. */
final class QueryRulesTest {
    private static final String MARCH = "'range':{'start_time':'2025-03-01','end_time':'2025-03-03'}";

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final List<StoredEvent> events = new ArrayList<>();

    private void event(
            String time, String type, @Nullable String user, @Nullable String country, Attributes properties) {
        int number = events.size();
        Event event = new Event(
                tenant,
                new EventId("e" + number),
                false,
                type,
                Instant.parse(time).toEpochMilli(),
                Instant.parse(time).toEpochMilli() + number,
                user,
                null,
                user == null ? null : "session of " + user,
                country == null ? Map.of() : Map.of(ContextField.COUNTRY, country),
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        long person = user == null ? 0 : user.hashCode();
        events.add(new StoredEvent(event, new JournalAddress(0, number), person, Attributes.NONE));
    }

    private void purchase(String time, @Nullable String user, @Nullable String country, double amount) {
        event(time, "purchase", user, country, new Attributes(Map.of(), Map.of("amount", amount), Map.of()));
    }

    private JsonNode ask(String json) {
        fixture.insert(events);
        events.clear();
        return QueryFixture.parsed(fixture.ask(tenant, json).toJson().toString());
    }

    @Test
    void countsAHalfOpenRangeAndFillsEmptyBuckets() {
        event("2025-02-28T23:59:59.999Z", "view", "a", null, Attributes.NONE);
        event("2025-03-01T00:00:00Z", "view", "a", null, Attributes.NONE);
        event("2025-03-03T23:59:59.999Z", "view", "b", null, Attributes.NONE);
        event("2025-03-04T00:00:00Z", "view", "b", null, Attributes.NONE);
        JsonNode data = ask("{'type':'trend','interval':'day',"
                + "'measures':[{'measure':'events'},{'measure':'avg','property':'properties.amount'}]," + MARCH + "}");
        assertThat(data.get("series"))
                .isEqualTo(QueryFixture.json("[{'time':'2025-03-01T00:00:00Z','value':1},"
                        + "{'time':'2025-03-02T00:00:00Z','value':0},{'time':'2025-03-03T00:00:00Z','value':1}]"));
        assertThat(data.get("lines")).hasSize(2);
        assertThat(data.at("/lines/1/points/1/value").isNull()).isTrue();
        assertThat(data.get("start_time").asText()).isEqualTo("2025-03-01T00:00:00Z");
        assertThat(data.get("end_time").asText()).isEqualTo("2025-03-04T00:00:00Z");
        assertThat(data.get("zone").asText()).isEqualTo("UTC");
        assertThat(data.get("interval").asText()).isEqualTo("day");
    }

    @Test
    void marksTheBucketThatIsNotOver() {
        Question question = QuestionReader.read(
                QueryFixture.json("{'type':'trend','interval':'day','measures':[{'measure':'events'}]," + MARCH + "}"),
                QuestionContext.plain(Instant.parse("2025-03-02T12:00:00Z"), ZoneOffset.UTC, DayOfWeek.MONDAY));
        ObjectNode data = fixture.engine.answer(tenant, question).toJson();
        assertThat(data.at("/series/0").has("partial")).isFalse();
        assertThat(data.at("/series/1/partial").asBoolean()).isTrue();
        assertThat(data.at("/series/2/partial").asBoolean()).isTrue();
    }

    @Test
    void keepsTheTopValuesAndCountsDistinctUsersOfTheOthersAndOfTheTotalOnTheirOwn() {
        for (String country : List.of("DE", "DE", "DE", "FR", "FR", "BR", "NP")) {
            event("2025-03-01T10:00:00Z", "view", "traveller", country, Attributes.NONE);
        }
        event("2025-03-01T10:00:00Z", "view", "homebody", null, Attributes.NONE);
        JsonNode data = ask("{'type':'trend','interval':'day','breakdown':{'property':'country','limit':2},"
                + "'measures':[{'measure':'events'},{'measure':'users'}]," + MARCH + "}");
        assertThat(data.get("lines").findValuesAsText("breakdown"))
                .containsExactly("DE", "DE", "FR", "FR", "$other", "$other", "$none", "$none");
        List<Integer> first = new ArrayList<>();
        data.get("lines").forEach(line -> first.add(line.at("/points/0/value").asInt()));
        assertThat(first).containsExactly(3, 1, 2, 1, 2, 1, 1, 1);
        assertThat(data.at("/totals/1/points/0/value").asInt()).isEqualTo(2);
        assertThat(data.at("/series/0/value").asInt()).isEqualTo(8);
    }

    @Test
    void computesFunctionsOfNumbers() {
        for (double amount : new double[] {1, 2, 3, 10}) {
            purchase("2025-03-02T10:00:00Z", "a", "DE", amount);
        }
        event("2025-03-02T10:00:00Z", "purchase", "b", "DE", new Attributes(Map.of("amount", "7"), Map.of(), Map.of()));
        JsonNode data = ask("{'type':'metric','measures':["
                + "{'measure':'sum','property':'properties.amount'},{'measure':'avg','property':'properties.amount'},"
                + "{'measure':'median','property':'properties.amount'},{'measure':'p95','property':'properties.amount'},"
                + "{'measure':'max','property':'properties.amount'},{'measure':'distinct','property':'properties.amount'},"
                + "{'measure':'events_per_user'},{'name':'share','formula':'sum / max'},"
                + "{'name':'nothing','formula':'sum / (max - max)'}]," + MARCH + "}");
        List<Double> values = new ArrayList<>();
        data.get("values").forEach(value -> values.add(value.get("value").asDouble(-1)));
        assertThat(values)
                .usingElementComparator(QueryRulesTest::compareRounded)
                .containsExactly(16.0, 4.0, 2.5, 8.95, 10.0, 5.0, 2.5, 1.6, -1.0);
        assertThat(data.at("/values/8/value").isNull()).isTrue();
        assertThat(data.get("value").asDouble()).isEqualTo(16.0);
    }

    @Test
    void leavesEventsWithoutAPersonOutOfUsersOnly() {
        event("2025-03-01T10:00:00Z", "view", null, null, Attributes.NONE);
        event("2025-03-01T10:00:00Z", "view", null, null, Attributes.NONE);
        event("2025-03-01T10:00:00Z", "view", "a", null, Attributes.NONE);
        JsonNode data = ask("{'type':'metric','measures':[{'measure':'events'},{'measure':'users'},"
                + "{'measure':'sessions'},{'measure':'events_per_user'}]," + MARCH + "}");
        assertThat(data.get("values").findValuesAsText("value")).containsExactly("3", "1", "1", "1");
    }

    @Test
    void comparesWithThePeriodBefore() {
        for (int i = 0; i < 3; i++) {
            purchase("2025-03-02T10:00:00Z", "a", "DE", 1);
        }
        purchase("2025-02-26T00:00:00Z", "a", "DE", 1);
        purchase("2025-02-27T10:00:00Z", "a", "DE", 1);
        purchase("2025-02-25T23:59:59.999Z", "a", "DE", 1);
        String measures = "'measures':[{'measure':'events'}],'compare':'previous_period'," + MARCH + "}";
        JsonNode metric = ask("{'type':'metric'," + measures);
        assertThat(metric.at("/values/0/previous").asInt()).isEqualTo(2);
        assertThat(metric.at("/values/0/change").asDouble()).isEqualTo(0.5);
        JsonNode trend = ask("{'type':'trend','interval':'day'," + measures);
        assertThat(trend.at("/lines/1/compare").asBoolean()).isTrue();
        assertThat(trend.at("/lines/1/points/1"))
                .isEqualTo(QueryFixture.json(
                        "{'time':'2025-03-02T00:00:00Z','value':1,'compared_time':'2025-02-27T00:00:00Z'}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'operator':'eq','value':5                  | number
            'operator':'eq','value':'5'                | text
            'operator':'gt','value':4                  | number
            'operator':'gt','value':'4'                | text
            'operator':'lt','value':'6'                | text
            'operator':'neq','value':5                 | text,flag,absent
            'operator':'not_in','value':['5',true]     | number,absent
            'operator':'in','value':['5',true]         | text,flag
            'operator':'contains','value':'5'          | text
            'operator':'not_contains','value':'5'      | number,flag,absent
            'operator':'matches','value':'^.$'         | text
            'operator':'between','value':[5,5]         | number
            'operator':'is_set'                        | text,number,flag
            'operator':'is_not_set'                    | absent
            """)
    void comparesNumbersAsNumbersAndTextsAsTexts(String test, String expected) {
        event("2025-03-01T10:00:00Z", "text", "a", null, new Attributes(Map.of("x", "5"), Map.of(), Map.of()));
        event("2025-03-01T10:00:00Z", "number", "a", null, new Attributes(Map.of(), Map.of("x", 5.0), Map.of()));
        event("2025-03-01T10:00:00Z", "flag", "a", null, new Attributes(Map.of(), Map.of(), Map.of("x", true)));
        event("2025-03-01T10:00:00Z", "absent", "a", null, Attributes.NONE);
        JsonNode data = ask("{'type':'table','measures':[{'measure':'events'}],'breakdowns':['event_type'],"
                + "'filter':{'property':'properties.x'," + test + "}," + MARCH + "}");
        List<String> types = new ArrayList<>();
        data.get("rows").forEach(row -> types.add(row.get(0).asText()));
        assertThat(types).containsExactlyInAnyOrder(expected.split(","));
    }

    @Test
    void pagesATableWithTotalsOfAllRows() {
        for (String country : List.of("DE", "DE", "DE", "FR", "FR", "BR")) {
            event("2025-03-01T10:00:00Z", "view", "traveller", country, Attributes.NONE);
        }
        event("2025-03-01T10:00:00Z", "view", "homebody", null, Attributes.NONE);
        JsonNode data = ask("{'type':'table','measures':[{'measure':'events'},{'measure':'users'}],"
                + "'breakdowns':['country'],'limit':2,'offset':1," + MARCH + "}");
        assertThat(data.get("rows")).isEqualTo(QueryFixture.json("[['FR',2,1],['BR',1,1]]"));
        assertThat(data.get("totals")).isEqualTo(QueryFixture.json("[7,2]"));
        assertThat(data.get("total_rows").asInt()).isEqualTo(4);
        assertThat(data.get("columns"))
                .isEqualTo(QueryFixture.json("[{'name':'country','kind':'breakdown'},"
                        + "{'name':'events','kind':'measure'},{'name':'users','kind':'measure'}]"));
    }

    @Test
    void cannotWidenALockedFilter() {
        event("2025-03-01T10:00:00Z", "view", "a", "DE", Attributes.NONE);
        event("2025-03-01T10:00:00Z", "view", "b", "FR", Attributes.NONE);
        fixture.insert(events);
        QuestionContext locked = new QuestionContext(
                QueryFixture.NOW,
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                null,
                null,
                null,
                QueryFixture.json("{'property':'country','operator':'eq','value':'DE'}"),
                KnownCohorts.NONE);
        String wide =
                "{'or':[{'property':'country','operator':'is_set'},{'property':'event_type','operator':'is_set'}]}";
        Question question = QuestionReader.read(
                QueryFixture.json("{'type':'metric','measures':[{'measure':'events','filter':" + wide + "}],'filter':"
                        + wide + "," + MARCH + "}"),
                locked);
        assertThat(((MetricAnswer) fixture.engine.answer(tenant, question)).values())
                .containsExactly(1.0);
        assertThat(question.cacheKey())
                .isNotEqualTo(QueryFixture.question("{'type':'metric','measures':[{'measure':'events','filter':" + wide
                                + "}],'filter':" + wide + "," + MARCH + "}")
                        .cacheKey());
    }

    @Test
    void countsSmallSetsExactlyAndLargeOnesWithinOnePercentAlikeFromRollupAndEvents() {
        List<StoredEvent> many = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            Event event = new Event(
                    tenant,
                    new EventId(UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)})
                            .toString()),
                    false,
                    "view",
                    Instant.parse("2025-03-01T00:00:00Z").toEpochMilli() + i * 1000L,
                    0,
                    "u" + i,
                    null,
                    "s" + i,
                    Map.of(),
                    Attributes.NONE,
                    Attributes.NONE,
                    false,
                    Event.NEVER_EXPIRES);
            long person = (i + 1) * 0x9E3779B97F4A7C15L;
            many.add(new StoredEvent(event, new JournalAddress(0, i), person, Attributes.NONE));
        }
        fixture.insert(many.subList(0, 30_000));
        fixture.insert(many.subList(30_000, 60_000));
        MeasuredQuestion estimated = QueryFixture.measured(
                "{'type':'metric','measures':[{'measure':'users'},{'measure':'sessions'}]," + MARCH + "}");
        Question exact =
                QueryFixture.question("{'type':'metric','measures':[{'measure':'users','exact':true}]," + MARCH + "}");
        MetricAnswer rolledUp = (MetricAnswer) fixture.engine.answer(tenant, estimated);
        assertThat(Planner.of(() -> QueryFixture.NOW).choose(estimated)).isEqualTo(Source.ROLLUP_HOUR);
        assertThat(rolledUp).isEqualTo(fixture.ofEvents.answer(tenant, estimated));
        assertThat(rolledUp.values()).allSatisfy(value -> assertThat(value).isBetween(59_400.0, 60_600.0));
        assertThat(((MetricAnswer) fixture.engine.answer(tenant, exact)).values())
                .containsExactly(60_000.0);
        Question ofAnHour =
                QueryFixture.question("{'type':'metric','measures':[{'measure':'users'},{'measure':'sessions'}],"
                        + "'range':{'start_time':'2025-03-01T00:00:00Z','end_time':'2025-03-01T01:00:00Z'}}");
        assertThat(((MetricAnswer) fixture.engine.answer(tenant, ofAnHour)).values())
                .containsExactly(3600.0, 3600.0);
        assertThat(fixture.ofEvents.answer(tenant, ofAnHour)).isEqualTo(fixture.engine.answer(tenant, ofAnHour));
    }

    @Test
    void takesLongListsOfLongTexts() {
        event("2025-03-01T10:00:00Z", "view", "a", "x".repeat(100) + 499, Attributes.NONE);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            list.append(i == 0 ? "'" : ",'").append("x".repeat(100)).append(i).append("'");
        }
        JsonNode data = ask("{'type':'metric','measures':[{'measure':'events'}],'filter':{'property':'country',"
                + "'operator':'in','value':[" + list + "]}," + MARCH + "}");
        assertThat(data.get("value").asInt()).isEqualTo(1);
    }

    @Test
    void takesThousandsOfUnevenBuckets() {
        event("2025-03-01T10:00:00Z", "view", "a", null, Attributes.NONE);
        JsonNode data = ask("{'type':'trend','interval':'day','zone':'Europe/Berlin','measures':[{'measure':'events'}],"
                + "'range':{'start_time':'2016-01-01','end_time':'2025-12-31'}}");
        assertThat(data.get("series")).hasSize(3653);
        assertThat(data.get("series").findValuesAsText("value")).containsOnlyOnce("1");
    }

    private static int compareRounded(Double left, Double right) {
        return Long.compare(Math.round(left * 1e9), Math.round(right * 1e9));
    }
}
