package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Trailing users, sessions, active users and stickiness worked out by hand. */
final class MeasureRulesTest {
    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final List<StoredEvent> events = new ArrayList<>();

    private void event(String time, String type, @Nullable String user, @Nullable String session, String country) {
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
                session,
                country.isEmpty() ? Map.of() : Map.of(ContextField.COUNTRY, country),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        long person = user == null ? 0 : user.hashCode();
        events.add(new StoredEvent(event, new JournalAddress(0, number), person, Attributes.NONE));
    }

    private void seen(String time, @Nullable String user) {
        event(time, "page_view", user, null, "DE");
    }

    private JsonNode ask(String json) {
        return askAt(json, QueryFixture.NOW);
    }

    private JsonNode askAt(String json, Instant now) {
        if (!events.isEmpty()) {
            fixture.insert(events);
            events.clear();
        }
        Question question = QuestionReader.read(
                QueryFixture.json(json), QuestionContext.plain(now, ZoneOffset.UTC, DayOfWeek.MONDAY));
        Answer answer = fixture.engine.answer(tenant, question);
        assertThat(fixture.ofEvents.answer(tenant, question)).isEqualTo(answer);
        return QueryFixture.parsed(answer.toJson().toString());
    }

    private static List<String> values(JsonNode points) {
        return StreamSupport.stream(points.spliterator(), false)
                .map(point -> point.get("value").asText())
                .toList();
    }

    @Test
    void countsPersonsOfTheDaysThatEndWithADay() {
        seen("2025-05-01T00:00:00Z", "a");
        seen("2025-05-24T12:00:00Z", "b");
        seen("2025-05-30T23:59:59.999Z", "c");
        seen("2025-05-30T10:00:00Z", null);
        seen("2025-05-31T00:00:00Z", "b");
        String range = "'range':{'start_time':'2025-05-29','end_time':'2025-05-31'}";
        for (String zone : List.of("UTC", "Asia/Kathmandu")) {
            // 5:45 ahead: the last of 30 May is on the 31st there, the first of 1 May still on the 1st.
            JsonNode data = ask("{'type':'trend','interval':'day','zone':'" + zone + "',"
                    + "'measures':[{'measure':'dau'},{'measure':'wau'},{'measure':'mau'},{'measure':'stickiness'}],"
                    + range + "}");
            boolean utc = zone.equals("UTC");
            assertThat(values(data.at("/lines/0/points")))
                    .containsExactlyElementsOf(utc ? List.of("0", "1", "1") : List.of("0", "0", "2"));
            assertThat(values(data.at("/lines/1/points")))
                    .containsExactlyElementsOf(utc ? List.of("1", "2", "2") : List.of("1", "1", "2"));
            assertThat(values(data.at("/lines/2/points")))
                    .containsExactlyElementsOf(utc ? List.of("2", "3", "2") : List.of("2", "2", "2"));
            assertThat(data.at("/lines/3/points/0/value").asDouble()).isZero();
            assertThat(data.at("/lines/3/points/2/value").asDouble()).isEqualTo(utc ? 0.5 : 1.0);
        }
        JsonNode metric = ask("{'type':'metric','measures':[{'measure':'mau'},{'measure':'dau'},"
                + "{'name':'share','formula':'dau / mau'}]," + range + "}");
        assertThat(values(metric.get("values"))).containsExactly("2", "1", "0.5");
    }

    @Test
    void standsAtTheLastDayOfABucketThatHasBegun() {
        seen("2025-05-04T12:00:00Z", "a");
        seen("2025-05-05T12:00:00Z", "b");
        seen("2025-05-06T12:00:00Z", "b");
        seen("2025-05-06T13:00:00Z", "c");
        seen("2025-05-08T13:00:00Z", "d");
        String weekly = "{'type':'trend','interval':'week','measures':[{'measure':'dau'},{'measure':'wau'}],"
                + "'range':{'start_time':'2025-05-01','end_time':'2025-05-20'}}";
        JsonNode data = askAt(weekly, Instant.parse("2025-05-06T18:00:00Z"));
        assertThat(values(data.at("/lines/0/points"))).containsExactly("1", "2", "null", "null");
        assertThat(values(data.at("/lines/1/points"))).containsExactly("1", "3", "null", "null");
        JsonNode later = ask(weekly);
        assertThat(values(later.at("/lines/0/points"))).containsExactly("1", "0", "0", "0");
        assertThat(values(later.at("/lines/1/points"))).containsExactly("1", "3", "0", "0");
        JsonNode cut = ask(weekly.replace("2025-05-20", "2025-05-08"));
        assertThat(values(cut.at("/lines/0/points"))).containsExactly("1", "1");
        JsonNode future = askAt(
                "{'type':'metric','measures':[{'measure':'mau'}],'range':{'start_time':'2025-05-10','end_time':'2025-05-11'}}",
                Instant.parse("2025-05-09T12:00:00Z"));
        assertThat(future.get("value").isNull()).isTrue();
    }

    @Test
    void countsTheDayOfTwentyFiveHoursAsOne() {
        seen("2025-10-25T22:00:00Z", "first");
        seen("2025-10-26T22:59:59.999Z", "last");
        seen("2025-10-26T23:00:00Z", "next");
        JsonNode data = ask("{'type':'trend','interval':'day','zone':'Europe/Berlin','measures':[{'measure':'dau'},"
                + "{'measure':'mau'}],'range':{'start_time':'2025-10-26','end_time':'2025-11-25'}}");
        List<String> monthly = values(data.at("/lines/1/points"));
        assertThat(values(data.at("/lines/0/points")).subList(0, 2)).containsExactly("2", "1");
        assertThat(monthly.subList(0, 2)).containsExactly("2", "3");
        assertThat(monthly.subList(29, 31)).containsExactly("3", "1");
    }

    @Test
    void breaksTrailingUsersDownWithTotalsOfTheirOwn() {
        event("2025-05-10T10:00:00Z", "page_view", "a", null, "DE");
        event("2025-05-11T10:00:00Z", "page_view", "a", null, "FR");
        event("2025-05-11T10:00:00Z", "page_view", "b", null, "FR");
        event("2025-05-11T11:00:00Z", "page_view", "c", null, "IT");
        event("2025-05-11T11:00:00Z", "page_view", "c", null, "");
        JsonNode data = ask("{'type':'trend','interval':'day','measures':[{'measure':'wau'}],"
                + "'breakdown':{'property':'country','limit':1},"
                + "'range':{'start_time':'2025-05-10','end_time':'2025-05-11'}}");
        assertThat(data.at("/lines/0/breakdown").asText()).isEqualTo("FR");
        assertThat(values(data.at("/lines/0/points"))).containsExactly("0", "2");
        assertThat(data.at("/lines/1/breakdown").asText()).isEqualTo("$other");
        assertThat(values(data.at("/lines/1/points"))).containsExactly("1", "2");
        assertThat(data.at("/lines/2/breakdown").asText()).isEqualTo("$none");
        assertThat(values(data.at("/lines/2/points"))).containsExactly("0", "1");
        assertThat(values(data.at("/totals/0/points"))).containsExactly("1", "3");
    }

    @Test
    void cutsSessionsAfterHalfAnHourOrADay() {
        event("2025-05-10T10:00:00Z", "page_view", "a", "s", "DE");
        event("2025-05-10T10:30:00Z", "page_view", "a", "s", "FR");
        event("2025-05-10T11:00:00.001Z", "page_view", "a", "s", "FR");
        event("2025-05-10T12:00:00Z", "page_view", "a", "t", "DE");
        event("2025-05-10T12:00:10Z", "click", "a", "t", "DE");
        event("2025-05-10T12:00:10Z", "click", "a", null, "DE");
        String measures = "'measures':[{'measure':'session_duration'},{'measure':'median_session_duration'},"
                + "{'measure':'p90_session_duration'},{'measure':'bounce_rate'},{'measure':'engagement_rate'},"
                + "{'name':'converted','measure':'engagement_rate','conversion':['click']},"
                + "{'measure':'events_per_session'},{'measure':'pages_per_session'},"
                + "{'name':'of clicks','measure':'session_duration','event':'click'}]";
        JsonNode data =
                ask("{'type':'metric'," + measures + ",'range':{'start_time':'2025-05-10','end_time':'2025-05-10'}}");
        // Sessions of 1800, 0 and 10 seconds.
        List<Double> values = StreamSupport.stream(data.get("values").spliterator(), false)
                .map(value -> value.get("value").asDouble())
                .toList();
        assertThat(values.get(0)).isCloseTo(1810 / 3.0, within(1e-9));
        assertThat(values.get(1)).isEqualTo(10);
        assertThat(values.get(2)).isCloseTo(10 + 0.8 * 1790, within(1e-9));
        assertThat(values.get(3)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(values.get(4)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(values.get(5)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(values.get(6)).isCloseTo(5 / 3.0, within(1e-12));
        assertThat(values.get(7)).isCloseTo(4 / 3.0, within(1e-12));
        assertThat(values.get(8)).isEqualTo(10);
        JsonNode none =
                ask("{'type':'metric'," + measures + ",'range':{'start_time':'2025-05-12','end_time':'2025-05-12'}}");
        none.get("values")
                .forEach(value -> assertThat(value.get("value").isNull()).isTrue());
    }

    @Test
    void endsASessionThatNeverPausesAfterADay() {
        for (int i = 0; i <= 24 * 3 + 3; i++) {
            event(Instant.parse("2025-05-10T06:00:00Z").plusSeconds(1200L * i).toString(), "ping", "a", "s", "");
        }
        JsonNode data = ask("{'type':'trend','interval':'day','measures':[{'measure':'session_duration'},"
                + "{'measure':'events_per_session'}],'range':{'start_time':'2025-05-10','end_time':'2025-05-12'}}");
        assertThat(values(data.at("/lines/0/points"))).containsExactly("86400", "2400", "null");
        assertThat(values(data.at("/lines/1/points"))).containsExactly("73", "3", "null");
    }

    @Test
    void countsASessionWhereItBeginsWithAllThatFollows() {
        event("2025-05-10T23:50:00Z", "page_view", "a", "s", "FR");
        event("2025-05-11T00:05:00Z", "page_view", "a", "s", "DE");
        event("2025-05-11T00:20:00Z", "page_view", "a", "s", "DE");
        event("2025-05-11T09:00:00Z", "page_view", "b", "t", "");
        JsonNode data = ask("{'type':'trend','interval':'day','measures':[{'measure':'session_duration'},"
                + "{'measure':'bounce_rate'}],'breakdown':{'property':'country'},"
                + "'range':{'start_time':'2025-05-10','end_time':'2025-05-11'}}");
        assertThat(data.get("lines")).hasSize(4);
        assertThat(data.at("/lines/0/breakdown").asText()).isEqualTo("FR");
        assertThat(values(data.at("/lines/0/points"))).containsExactly("1800", "null");
        assertThat(data.at("/lines/2/breakdown").asText()).isEqualTo("$none");
        assertThat(values(data.at("/lines/3/points"))).containsExactly("null", "1");
        JsonNode second = ask("{'type':'metric','measures':[{'measure':'session_duration'}],"
                + "'range':{'start_time':'2025-05-11','end_time':'2025-05-11'}}");
        assertThat(second.get("value").asText()).isEqualTo("0");
        JsonNode filtered =
                ask("{'type':'metric','measures':[{'measure':'session_duration'},{'measure':'events_per_session',"
                        + "'filter':{'property':'country','operator':'eq','value':'DE'}}],"
                        + "'filter':{'property':'country','operator':'is_set'},"
                        + "'range':{'start_time':'2025-05-10','end_time':'2025-05-11'}}");
        assertThat(values(filtered.get("values"))).containsExactly("1800", "3");
    }

    @Test
    void countsWhoIsActiveNow() {
        Instant now = Instant.parse("2025-05-10T12:00:00.500Z");
        seen("2025-05-10T11:54:59Z", "old");
        seen("2025-05-10T11:55:01Z", "a");
        seen("2025-05-10T12:00:00.100Z", "b");
        seen("2025-05-10T12:00:00.200Z", "b");
        seen("2025-05-10T12:00:00.200Z", null);
        seen("2025-05-10T12:30:00Z", "clock ahead");
        String json =
                "{'type':'metric','measures':[{'measure':'active_users_now'},{'name':'ten','measure':'active_users_now',"
                        + "'minutes':10},{'measure':'events'}],'compare':'week',"
                        + "'range':{'start_time':'2025-01-01','end_time':'2025-01-02'}}";
        JsonNode data = askAt(json, now);
        assertThat(values(data.get("values"))).containsExactly("2", "3", "0");
        JsonNode later = askAt(json, now.plusSeconds(7 * 86_400));
        assertThat(later.at("/values/0/value").asInt()).isZero();
        assertThat(later.at("/values/0/previous").asInt()).isEqualTo(2);
        assertThat(later.at("/values/0/change").asDouble()).isEqualTo(-1);
    }

    @Test
    void drawsTheFirstMeasureBesideTheNumber() {
        seen("2025-05-10T10:00:00Z", "a");
        seen("2025-05-12T10:00:00Z", "a");
        seen("2025-05-12T11:00:00Z", "b");
        JsonNode data = ask("{'type':'metric','measures':[{'name':'per head','formula':'events / users'},"
                + "{'measure':'events'},{'measure':'users'},{'measure':'sessions'}],'sparkline':'day','compare':'week',"
                + "'range':{'start_time':'2025-05-10','end_time':'2025-05-12'}}");
        assertThat(data.get("value").asDouble()).isEqualTo(1.5);
        assertThat(data.at("/sparkline/interval").asText()).isEqualTo("day");
        assertThat(values(data.at("/sparkline/points"))).containsExactly("1", "null", "1");
        assertThat(data.at("/sparkline/points/0/time").asText()).isEqualTo("2025-05-10T00:00:00Z");
        assertThat(data.at("/values/0").has("previous")).isTrue();
        JsonNode partial = askAt(
                "{'type':'metric','measures':[{'measure':'users'}],'sparkline':true,"
                        + "'range':{'start_time':'2025-05-05','end_time':'2025-05-12'}}",
                Instant.parse("2025-05-12T10:30:00Z"));
        assertThat(values(partial.at("/sparkline/points"))).containsExactly("0", "0", "0", "0", "0", "1", "0", "2");
        assertThat(partial.at("/sparkline/points/7/partial").asBoolean()).isTrue();
        assertThat(partial.at("/sparkline/points/6").has("partial")).isFalse();
    }

    @Test
    void distributesPersonsByTheirActiveDays() {
        for (String day : List.of("05-05", "05-06", "05-07")) {
            seen("2025-" + day + "T10:00:00Z", "every");
        }
        seen("2025-05-05T10:00:00Z", "once");
        seen("2025-05-05T11:00:00Z", "once");
        seen("2025-05-07T11:00:00Z", "late");
        seen("2025-05-07T11:00:00Z", null);
        event("2025-05-06T11:00:00Z", "click", "late", null, "DE");
        String range = "'range':{'start_time':'2025-05-05','end_time':'2025-05-07'}}";
        JsonNode data = ask("{'type':'stickiness'," + range);
        assertThat(data.get("distribution"))
                .isEqualTo(
                        QueryFixture.json(
                                "[{'active':1,'users':1,'share':0.3333333333333333,'at_least':3,'at_least_share':1},"
                                        + "{'active':2,'users':1,'share':0.3333333333333333,'at_least':2,'at_least_share':0.6666666666666666},"
                                        + "{'active':3,'users':1,'share':0.3333333333333333,'at_least':1,'at_least_share':0.3333333333333333}]"));
        assertThat(data.get("users").asInt()).isEqualTo(3);
        JsonNode views = ask("{'type':'stickiness','event':['page_view','nothing']," + range);
        assertThat(views.at("/distribution/0/users").asInt()).isEqualTo(2);
        JsonNode weekly = ask("{'type':'stickiness','period':'week'," + range);
        assertThat(weekly.get("distribution")).hasSize(1);
        assertThat(weekly.at("/distribution/0/users").asInt()).isEqualTo(3);
        JsonNode nobody = ask("{'type':'stickiness','event':'nothing'," + range);
        assertThat(nobody.at("/distribution/0/share").isNull()).isTrue();
        assertThat(nobody.get("users").asInt()).isZero();
        JsonNode open = askAt("{'type':'stickiness'," + range, Instant.parse("2025-05-07T12:00:00Z"));
        assertThat(open.get("partial").asBoolean()).isTrue();
        assertThat(data.has("partial")).isFalse();
    }
}
