package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Paths worked out by hand. */
final class PathsRulesTest {
    private static final String DAY = "'type':'paths','range':{'start_time':'2025-03-01','end_time':'2025-03-01'}";
    private static final String AFTER_A = DAY + ",'anchor':{'event':'a'}";

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final List<StoredEvent> events = new ArrayList<>();

    private void event(String time, @Nullable String session, String type, @Nullable String page) {
        int number = events.size();
        long millis = Instant.parse(time).toEpochMilli();
        Event event = new Event(
                tenant,
                new EventId("e" + number),
                false,
                type,
                millis,
                millis,
                null,
                null,
                session,
                page == null ? Map.of() : Map.of(ContextField.PAGE_PATH, page),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        events.add(new StoredEvent(event, new JournalAddress(0, number), 0, Attributes.NONE));
    }

    /** A session of events a minute after each other, from an hour of the first of March. */
    private void session(String name, int hour, String... types) {
        for (int i = 0; i < types.length; i++) {
            event("2025-03-01T%02d:%02d:00Z".formatted(hour, i), name, types[i], null);
        }
    }

    private JsonNode ask(String members) {
        fixture.insert(events);
        events.clear();
        return fixture.ask(tenant, "{" + members + "}").toJson();
    }

    private static List<String> paths(JsonNode data) {
        List<String> paths = new ArrayList<>();
        for (JsonNode path : data.get("paths")) {
            List<String> names = new ArrayList<>();
            path.get("events").forEach(name -> names.add(name.asText()));
            paths.add(path.get("count").asText() + " " + String.join(">", names));
        }
        return paths;
    }

    private static List<String> links(JsonNode data) {
        List<String> links = new ArrayList<>();
        for (JsonNode link : data.get("links")) {
            links.add(link.get("step").asText() + " " + link.get("from").asText() + ">"
                    + link.get("to").asText() + " " + link.get("count").asText());
        }
        return links;
    }

    private static List<Integer> dropOff(JsonNode data) {
        List<Integer> counts = new ArrayList<>();
        data.get("drop_off").forEach(step -> counts.add(step.get("count").asInt()));
        return counts;
    }

    @Test
    void countsWhatFollowsTheFirstAnchorOfASession() {
        session("1", 1, "x", "a", "b", "c", "d");
        session("2", 2, "a", "b", "c");
        session("3", 3, "a", "b", "a", "c");
        session("4", 4, "a", "b");
        session("5", 5, "a");
        session("6", 6, "b", "c");
        JsonNode data = ask(AFTER_A + ",'steps':2");
        assertThat(data.get("total").asInt()).isEqualTo(5);
        assertThat(paths(data)).containsExactly("2 b>c", "1 b>a");
        assertThat(data.get("paths").get(0).get("share").asDouble()).isEqualTo(0.4);
        assertThat(links(data)).containsExactly("1 a>b 4", "2 b>c 2", "2 b>a 1");
        assertThat(dropOff(data)).containsExactly(1, 1);
        assertThat(data.get("drop_off").get(1).get("share").asDouble()).isEqualTo(0.2);
    }

    @Test
    void countsWhatComesBeforeTheLastAnchorOfASessionInTheOrderOfTime() {
        session("1", 1, "x", "y", "a", "z");
        session("2", 2, "a", "x", "y", "a");
        session("3", 3, "y", "a");
        session("4", 4, "a");
        JsonNode data = ask(AFTER_A + ",'steps':2,'direction':'before'");
        assertThat(paths(data)).containsExactly("2 x>y");
        assertThat(links(data)).containsExactly("1 a>y 3", "2 y>x 2");
        assertThat(dropOff(data)).containsExactly(1, 1);
    }

    @Test
    void keepsRepeatedEventsUnlessAskedToCollapseThem() {
        session("1", 1, "a", "a", "b", "b", "b", "c");
        JsonNode kept = ask(AFTER_A + ",'steps':3");
        assertThat(paths(kept)).containsExactly("1 a>b>b");
        assertThat(paths(ask(AFTER_A + ",'steps':2,'repeats':'collapse'"))).containsExactly("1 b>c");
        assertThat(paths(ask(DAY + ",'anchor':{'event':'c'},'direction':'before','steps':2,'repeats':'collapse'")))
                .containsExactly("1 a>b");
    }

    @Test
    void endsASessionAfterAPauseOfMoreThanHalfAnHour() {
        event("2025-03-01T10:00:00Z", "s", "a", null);
        event("2025-03-01T10:30:00Z", "s", "b", null);
        event("2025-03-01T11:00:00.001Z", "s", "c", null);
        JsonNode data = ask(AFTER_A + ",'steps':2");
        assertThat(links(data)).containsExactly("1 a>b 1");
        assertThat(dropOff(data)).containsExactly(0, 1);
    }

    @Test
    void endsASessionAfterADay() {
        for (int minute = 0; minute <= 24 * 60; minute += 20) {
            String time = Instant.parse("2025-03-01T00:00:00Z")
                    .plusSeconds(minute * 60L)
                    .toString();
            event(time, "s", minute == 23 * 60 + 40 ? "a" : minute == 24 * 60 ? "b" : "x", null);
        }
        event("2025-03-02T00:00:00.001Z", "s", "c", null);
        event("2025-03-02T00:10:00Z", "s", "d", null);
        assertThat(links(ask(AFTER_A + ",'steps':2"))).containsExactly("1 a>b 1");
        assertThat(links(ask("'type':'paths','range':{'start_time':'2025-03-02','end_time':'2025-03-02'},"
                        + "'anchor':{'event':'c'},'steps':1")))
                .containsExactly("1 c>d 1");
    }

    @Test
    void looksBeyondTheRangeForTheRestOfASessionWithItsAnchorInIt() {
        event("2025-02-28T23:50:00Z", "1", "a", null);
        event("2025-03-01T00:05:00Z", "1", "a", null);
        event("2025-03-01T00:10:00Z", "1", "b", null);
        event("2025-02-28T23:50:00Z", "2", "x", null);
        event("2025-03-01T00:05:00Z", "2", "a", null);
        event("2025-03-01T23:59:00Z", "3", "a", null);
        event("2025-03-02T00:01:00Z", "3", "b", null);
        JsonNode after = ask(AFTER_A + ",'steps':1");
        assertThat(links(after)).containsExactly("1 a>b 1");
        assertThat(dropOff(after)).containsExactly(1);
        JsonNode before = ask(AFTER_A + ",'steps':1,'direction':'before'");
        assertThat(links(before)).containsExactly("1 a>a 1", "1 a>x 1");
        assertThat(dropOff(before)).containsExactly(1);
    }

    @Test
    void takesEqualTimesInTheOrderOfTheJournal() {
        event("2025-03-01T10:00:00Z", "s", "c", null);
        event("2025-03-01T10:00:00Z", "s", "a", null);
        event("2025-03-01T10:00:00Z", "s", "z", null);
        event("2025-03-01T10:00:00Z", "s", "b", null);
        assertThat(paths(ask(AFTER_A + ",'steps':2"))).containsExactly("1 z>b");
    }

    @Test
    void namesEventsByAPropertyAndThoseWithoutItAsNone() {
        event("2025-03-01T10:00:00Z", "1", "a", "/");
        event("2025-03-01T10:01:00Z", "1", "view", "/price");
        event("2025-03-01T10:02:00Z", "1", "ping", null);
        event("2025-03-01T10:03:00Z", "1", "view", "/buy");
        event("2025-03-01T10:00:00Z", null, "a", "/");
        String byPage = AFTER_A + ",'by':'page_path'";
        assertThat(paths(ask(byPage + ",'steps':3"))).containsExactly("1 /price>$none>/buy");
        assertThat(links(ask(byPage + ",'steps':2,'filter':{'property':'page_path','operator':'is_set'}")))
                .containsExactly("1 />/price 1", "2 /price>/buy 1");
    }

    @Test
    void putsTheLessCommonEventsOfEachStepTogether() {
        session("1", 1, "a", "b", "x");
        session("2", 2, "a", "b", "y");
        session("3", 3, "a", "b", "y");
        session("4", 4, "a", "c", "y");
        session("5", 5, "a", "d", "z");
        JsonNode data = ask(AFTER_A + ",'steps':2,'limit':1");
        assertThat(paths(data)).containsExactly("2 b>y");
        assertThat(links(data))
                .containsExactly(
                        "1 a>b 3", "1 a>$other 2", "2 b>y 2", "2 b>$other 1", "2 $other>y 1", "2 $other>$other 1");
    }

    @Test
    void namesTypesThatAreNewSinceTheLastQuestion() {
        session("1", 1, "a", "b");
        assertThat(links(ask(AFTER_A))).containsExactly("1 a>b 1");
        session("2", 2, "a", "new");
        session("3", 3, "a", "new");
        assertThat(links(ask(AFTER_A))).containsExactly("1 a>new 2", "1 a>b 1");
        assertThat(links(ask(DAY + ",'anchor':{'event':'newer'}"))).isEmpty();
        session("4", 4, "x", "newer", "b");
        assertThat(links(ask(DAY + ",'anchor':{'event':'newer'}"))).containsExactly("1 newer>b 1");
    }

    @Test
    void cutsSessionIdsThatLastTooLongAlsoOnceItKnowsOfThem() {
        event("2025-03-01T01:00:00Z", "long", "a", null);
        event("2025-03-01T01:01:00Z", "long", "b", null);
        event("2025-03-03T01:00:00Z", "long", "a", null);
        event("2025-03-03T01:01:00Z", "long", "c", null);
        session("short", 2, "a", "b");
        for (int time = 0; time < 2; time++) {
            assertThat(links(ask(AFTER_A))).containsExactly("1 a>b 2");
        }
    }

    @Test
    void answersNothingOfNothing() {
        JsonNode data = ask(AFTER_A);
        assertThat(data.get("total").asInt()).isZero();
        assertThat(paths(data)).isEmpty();
        assertThat(links(data)).isEmpty();
        assertThat(dropOff(data)).containsExactly(0, 0, 0);
        assertThat(data.get("drop_off").get(0).get("share").isNull()).isTrue();
    }

    @Test
    void showsTheEventBehindEachNumberOncePerWalk() {
        session("1", 1, "x", "a", "b", "c", "d");
        session("2", 2, "a", "b", "c");
        session("3", 3, "a", "b", "a", "c");
        session("4", 4, "a", "b");
        session("5", 5, "a");
        session("6", 6, "b", "c");
        String question = AFTER_A + ",'steps':2";
        ask(question);
        assertThat(behind(question, "'step':1")).containsExactly("e1", "e12", "e14", "e5", "e8");
        assertThat(behind(question, "'step':1,'from':'a','to':'b'")).containsExactly("e13", "e2", "e6", "e9");
        assertThat(behind(question, "'step':2,'to':'c'")).containsExactly("e3", "e7");
        assertThat(behind(question, "'step':2,'from':'b','to':'a'")).containsExactly("e10");
        assertThat(behind(question, "'step':1,'dropped':true")).containsExactly("e14");
        assertThat(behind(question, "'step':2,'from':'b','dropped':true")).containsExactly("e13");
        assertThat(behind(question, "'path':['b','c']")).containsExactly("e3", "e7");
        assertThat(behind(question, "'step':2,'to':'nothing'")).isEmpty();
        assertThat(behind(DAY + ",'anchor':{'event':'b'},'steps':1,'limit':1", "'step':1,'to':'$other'"))
                .containsExactly("e10");
        for (String wrong : List.of(
                "",
                "'step':0",
                "'step':3",
                "'path':['b']",
                "'path':['b','c'],'step':1",
                "'step':1,'to':'b','dropped':true")) {
            assertThatThrownBy(() -> behind(question, wrong)).as(wrong).isInstanceOf(TidemarkException.class);
        }
    }

    private Set<String> behind(String question, String at) {
        return new Behind(fixture, tenant, QueryFixture.question("{" + question + "}"), QueryFixture.NOW)
                .events((ObjectNode) QueryFixture.json("{" + at + "}"));
    }
}
