package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Retention worked out by hand. */
final class RetentionRulesTest {
    private static final String MARCH =
            "'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-03'}";
    private static final String SIGNUP_TO_VIEW = MARCH + ",'start':{'event':'signup'},'return':{'event':'view'}";

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final List<StoredEvent> events = new ArrayList<>();

    private void event(String time, String type, @Nullable String user, @Nullable String country) {
        int number = events.size();
        long millis = Instant.parse(time).toEpochMilli();
        Event event = new Event(
                tenant,
                new EventId("e" + number),
                false,
                type,
                millis,
                millis,
                user,
                null,
                null,
                country == null ? Map.of() : Map.of(ContextField.COUNTRY, country),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        events.add(new StoredEvent(
                event, new JournalAddress(0, number), user == null ? 0 : user.hashCode(), Attributes.NONE));
    }

    private void event(String time, String type, String user) {
        event(time, type, user, null);
    }

    private JsonNode ask(String members) {
        return askAt(members, "2026-01-01T00:00:00Z", "UTC");
    }

    private JsonNode askAt(String members, String now, String zone) {
        Question question = QuestionReader.read(
                QueryFixture.json("{" + members + ",'zone':'" + zone + "'}"),
                QuestionContext.plain(Instant.parse(now), ZoneOffset.UTC, DayOfWeek.MONDAY));
        return fixture.engine.answer(tenant, question).toJson();
    }

    private void store() {
        fixture.insert(events);
    }

    /** Per cohort its size and who returned, as in {@code 3: 3 1 0*}, with a star for partial cells. */
    private static List<String> rows(JsonNode data) {
        List<String> rows = new ArrayList<>();
        for (JsonNode cohort : data.get("cohorts")) {
            StringBuilder row = new StringBuilder(cohort.get("size").asText()).append(":");
            for (JsonNode cell : cohort.get("cells")) {
                row.append(' ').append(cell.get("returned").asText()).append(cell.has("partial") ? "*" : "");
            }
            rows.add(row.toString());
        }
        return rows;
    }

    private static List<String> average(JsonNode data) {
        List<String> average = new ArrayList<>();
        for (JsonNode column : data.get("average")) {
            average.add(column.get("returned") + "/" + column.get("size") + "=" + column.get("rate"));
        }
        return average;
    }

    @Test
    void poolsTheAverageOverAllPeopleWhateverTheCohortsRates() {
        int person = 0;
        int[][] cohorts = {{1000, 700}, {300, 150}, {200, 50}};
        for (int day = 0; day < 3; day++) {
            for (int i = 0; i < cohorts[day][0]; i++) {
                String user = "u" + person++;
                event("2025-03-0" + (day + 1) + "T10:00:00Z", "signup", user);
                if (i < cohorts[day][1]) {
                    event("2025-03-0" + (day + 2) + "T08:00:00Z", "view", user);
                }
            }
        }
        store();
        JsonNode data = ask(SIGNUP_TO_VIEW + ",'periods':2");
        assertThat(rows(data)).containsExactly("1000: 0 700", "300: 0 150", "200: 0 50");
        assertThat(data.get("cohorts").get(1).get("cells").get(1).get("rate").asDouble())
                .isEqualTo(0.5);
        assertThat(average(data)).containsExactly("0/1500=0", "900/1500=0.6");
    }

    @Test
    void countsEverybodyInThePeriodOfAStartThatIsAReturnToo() {
        event("2025-03-01T10:00:00Z", "view", "ada");
        event("2025-03-02T10:00:00Z", "view", "ada");
        event("2025-03-01T11:00:00Z", "view", "bob");
        event("2025-03-05T11:00:00Z", "view", "bob");
        event("2025-03-01T11:00:00Z", "view", null, null);
        store();
        assertThat(rows(ask(MARCH + ",'start':{'event':'view'},'return':{'event':'view'},'periods':5")))
                .containsExactly("2: 2 1 0 0 1", "1: 1 0 0 0 0", "0: 0 0 0 0 0");
        assertThat(rows(ask(MARCH + ",'periods':2,'alignment':'rolling'")))
                .containsExactly("2: 2 1", "1: 1 0", "0: 0 0");
    }

    @Test
    void countsAReturnInTheStartPeriodOnlyFromTheStartOn() {
        event("2025-03-01T09:00:00Z", "view", "before");
        event("2025-03-01T10:00:00Z", "signup", "before");
        event("2025-03-01T10:00:00Z", "view", "same");
        event("2025-03-01T10:00:00Z", "signup", "same");
        event("2025-03-01T10:00:00Z", "signup", "after");
        event("2025-03-01T10:00:00.001Z", "view", "after");
        event("2025-03-01T12:00:00Z", "signup", "between");
        event("2025-03-01T11:00:00Z", "view", "between");
        event("2025-03-01T10:00:00Z", "signup", "between");
        store();
        for (String alignment : List.of("calendar", "rolling")) {
            for (String entry : List.of("recurring", "first_time")) {
                for (String criterion : List.of("on", "on_or_after")) {
                    String form = ",'periods':2,'alignment':'" + alignment + "','entry':'" + entry + "','criterion':'"
                            + criterion + "'";
                    assertThat(rows(ask(SIGNUP_TO_VIEW + form))).as(form).containsExactly("4: 3 0", "0: 0 0", "0: 0 0");
                }
            }
        }
    }

    @Test
    void takesEachPeriodWithAStartAsACohortUnlessOnlyTheFirstEverCounts() {
        event("2024-01-01T10:00:00Z", "signup", "old");
        event("2025-03-01T10:00:00Z", "signup", "old");
        event("2025-03-01T10:00:00Z", "signup", "new");
        event("2025-03-02T10:00:00Z", "signup", "new");
        event("2025-03-02T12:00:00Z", "view", "new");
        event("2025-03-04T12:00:00Z", "view", "old");
        store();
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':4")))
                .containsExactly("2: 0 1 0 1", "1: 1 0 0 0", "0: 0 0 0 0");
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':4,'entry':'first_time'")))
                .containsExactly("1: 0 1 0 0", "0: 0 0 0 0", "0: 0 0 0 0");
    }

    @Test
    void countsALaterReturnForEachPeriodBeforeItWhereAsked() {
        event("2025-03-01T10:00:00Z", "signup", "ada");
        event("2025-03-03T10:00:00Z", "view", "ada");
        event("2025-03-02T10:00:00Z", "signup", "bob");
        event("2025-09-02T10:00:00Z", "view", "bob");
        store();
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':4,'criterion':'on_or_after'")))
                .containsExactly("1: 1 1 1 0", "1: 1 1 1 1", "0: 0 0 0 0");
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':4,'criterion':'on_or_after','alignment':'rolling'")))
                .containsExactly("1: 1 1 1 0", "1: 1 1 1 1", "0: 0 0 0 0");
    }

    @Test
    void measuresRollingPeriodsInDaysOf24HoursFromThePersonsOwnStart() {
        event("2025-03-01T22:00:00Z", "signup", "ada");
        event("2025-03-02T21:59:59.999Z", "view", "ada");
        event("2025-03-01T22:00:00Z", "signup", "bob");
        event("2025-03-02T22:00:00Z", "view", "bob");
        store();
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':2,'alignment':'rolling'")))
                .containsExactly("2: 1 1", "0: 0 0", "0: 0 0");
        assertThat(rows(ask(SIGNUP_TO_VIEW + ",'periods':2"))).containsExactly("2: 0 2", "0: 0 0", "0: 0 0");
    }

    @Test
    void takesRollingWeeksAsSevenDaysAndMonthsAsThirty() {
        event("2025-02-03T12:00:00Z", "signup", "ada");
        event("2025-02-10T12:00:00Z", "view", "ada");
        event("2025-03-05T12:00:00Z", "view", "ada");
        store();
        String february = "'type':'retention','range':{'start_time':'2025-02-03','end_time':'2025-02-09'},"
                + "'start':{'event':'signup'},'return':{'event':'view'},'alignment':'rolling'";
        assertThat(rows(ask(february + ",'period':'week','periods':6"))).containsExactly("1: 0 1 0 0 1 0");
        assertThat(rows(ask(february + ",'period':'month','periods':3"))).containsExactly("1: 1 1 0");
    }

    @Test
    void cutsDaysAtTheMidnightsOfTheZoneWhenTheClocksChange() {
        event("2025-03-29T23:30:00Z", "signup", "ada");
        event("2025-03-30T21:59:59Z", "view", "ada");
        event("2025-03-30T22:00:00Z", "view", "ada");
        event("2025-10-25T22:30:00Z", "signup", "bob");
        event("2025-10-26T22:59:59Z", "view", "bob");
        event("2025-10-26T23:00:00Z", "view", "bob");
        store();
        String form = "'type':'retention','start':{'event':'signup'},'return':{'event':'view'},'periods':3,'range':";
        assertThat(rows(askAt(
                        form + "{'start_time':'2025-03-30','end_time':'2025-03-30'}",
                        "2026-01-01T00:00:00Z",
                        "Europe/Berlin")))
                .containsExactly("1: 1 1 0");
        assertThat(rows(askAt(
                        form + "{'start_time':'2025-10-26','end_time':'2025-10-26'}",
                        "2026-01-01T00:00:00Z",
                        "Europe/Berlin")))
                .containsExactly("1: 1 1 0");
    }

    @Test
    void leavesCellsThatAreNotOverOutOfTheAverageAndThoseNotBegunOutAltogether() {
        event("2025-03-01T10:00:00Z", "signup", "ada");
        event("2025-03-02T10:00:00Z", "signup", "bob");
        event("2025-03-02T11:00:00Z", "view", "ada");
        event("2025-03-03T01:00:00Z", "view", "bob");
        store();
        JsonNode data = askAt(SIGNUP_TO_VIEW + ",'periods':3", "2025-03-03T12:00:00Z", "UTC");
        assertThat(rows(data)).containsExactly("1: 0 1 0*", "1: 0 1*", "0: 0*");
        assertThat(average(data)).containsExactly("0/2=0", "1/1=1", "0/0=null");
        JsonNode rolling = askAt(SIGNUP_TO_VIEW + ",'periods':3,'alignment':'rolling'", "2025-03-03T12:00:00Z", "UTC");
        assertThat(rows(rolling)).containsExactly("1: 0 1* 0*", "1: 1* 0*", "0: 0*");
        assertThat(average(rolling)).containsExactly("0/1=0", "0/0=null", "0/0=null");
    }

    @Test
    void groupsByThePropertyOfTheStartThatCounts() {
        event("2025-03-01T10:00:00Z", "signup", "ada", "DE");
        event("2025-03-01T09:00:00Z", "signup", "ada", "BR");
        event("2025-03-02T09:00:00Z", "signup", "ada", "DE");
        event("2025-03-02T09:00:00Z", "signup", "ada", "FR");
        event("2025-03-02T09:00:00Z", "view", "ada", "XX");
        event("2025-03-01T09:00:00Z", "signup", "bob", null);
        event("2025-03-01T09:00:00Z", "signup", "cyd", "FR");
        store();
        JsonNode data = ask(SIGNUP_TO_VIEW + ",'periods':2,'breakdown':{'property':'country','limit':2}");
        List<String> groups = new ArrayList<>();
        for (JsonNode group : data.get("groups")) {
            groups.add(group.get("value").asText() + " " + rows(group));
        }
        assertThat(groups)
                .containsExactly(
                        "BR [1: 0 1, 0: 0 0, 0: 0 0]",
                        "DE [0: 0 0, 1: 1 0, 0: 0 0]",
                        "$other [1: 0 0, 0: 0 0, 0: 0 0]",
                        "$none [1: 0 0, 0: 0 0, 0: 0 0]");
        assertThat(rows(data)).containsExactly("3: 0 1", "1: 1 0", "0: 0 0");
    }

    @Test
    void looksAtStartsOfTheRangeOnlyAndAtReturnsBeyondIt() {
        event("2025-03-01T10:00:00Z", "signup", "early");
        event("2025-03-01T12:00:00Z", "signup", "ada");
        event("2025-03-01T11:00:00Z", "view", "ada");
        event("2025-03-01T15:00:00Z", "signup", "late");
        event("2025-03-02T20:00:00Z", "view", "ada");
        store();
        String noon =
                "'type':'retention','range':{'start_time':'2025-03-01T11:30:00Z','end_time':'2025-03-01T15:00:00Z'},"
                        + "'start':{'event':'signup'},'return':{'event':'view'},'periods':2";
        assertThat(rows(ask(noon))).containsExactly("1: 0 1");
    }
}
