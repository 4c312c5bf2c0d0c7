package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FunnelPeopleTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T12:00:00Z");
    private static final String FUNNEL = "{'type':'funnel','steps':[{'event':'A'},{'event':'B'}],"
            + "'range':{'start_time':'2025-03-10','end_time':'2025-03-10'},'window':'1h'";

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();

    @Test
    void listsThoseWhoGotThereWithTheirIdsInTheOrderOfTheirEntry() {
        fixture.insert(List.of(
                event(0, "A", 100, "ann", "device-1"),
                event(1, "B", 200, "ann", "device-2"),
                event(2, "A", 50, null, "device-3"),
                event(3, "B", 60, null, "device-3"),
                event(4, "A", 10, "cid", null)));
        JsonNode page = page("{'question':" + FUNNEL + "},'step':2}");
        assertThat(page.get("people").toString()).isEqualTo("""
                        [{"user_id":null,"anonymous_id":"device-3","entered_at":"2025-03-10T12:00:00.05Z","reached_at":"2025-03-10T12:00:00.06Z"},\
                        {"user_id":"ann","anonymous_id":"device-2","entered_at":"2025-03-10T12:00:00.1Z","reached_at":"2025-03-10T12:00:00.2Z"}]""");
        assertThat(page.get("total").asInt()).isEqualTo(2);
        assertThat(page.get("next_cursor").isNull()).isTrue();
        JsonNode dropped = page("{'question':" + FUNNEL + "},'step':2,'dropped':true}");
        assertThat(dropped.at("/people/0/user_id").asText()).isEqualTo("cid");
        assertThat(dropped.get("total").asInt()).isEqualTo(1);
        assertThat(page("{'question':" + FUNNEL + "},'step':1,'dropped':true}")
                        .get("total")
                        .asInt())
                .isZero();
    }

    @Test
    void pagesWithoutLossOrRepetition() {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            events.add(event(i, "A", i / 4, "user-" + i, null));
        }
        fixture.insert(events);
        List<String> users = new ArrayList<>();
        String cursor = "";
        for (int pages = 0; pages < 4; pages++) {
            JsonNode page = page("{'question':" + FUNNEL + "},'step':1,'limit':7" + cursor + "}");
            users.addAll(page.get("people").findValuesAsText("user_id"));
            assertThat(page.get("total").asInt()).isEqualTo(25);
            cursor = ",'cursor':'" + page.get("next_cursor").asText() + "'";
            assertThat(page.get("next_cursor").isNull()).isEqualTo(pages == 3);
        }
        assertThat(users).hasSize(25).doesNotHaveDuplicates();
        String beyond = new ListParameters.Cursor(AROUND.toEpochMilli() + 1_000, "").text();
        JsonNode none = page("{'question':" + FUNNEL + "},'step':1,'cursor':'" + beyond + "'}");
        assertThat(none.get("people")).isEmpty();
        assertThat(none.get("total").asInt()).isEqualTo(25);
    }

    @Test
    void agreesWithTheCountsAndTheNaiveFunnelInEveryMode() {
        SplittableRandom seeds = new SplittableRandom(77);
        List<ObjectNode> questions = new ArrayList<>();
        List<List<StoredEvent>> sets = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        List<TenantId> tenants = new ArrayList<>();
        for (int set = 0; set < 40; set++) {
            TenantId mine = QueryFixture.newTenant();
            List<StoredEvent> events = FunnelSets.random(mine, AROUND, 1_000, 10, 20, seeds.nextLong());
            questions.add(new RandomFunnels("UTC", AROUND, 1_000, 10, seeds.nextLong()).next());
            sets.add(events);
            tenants.add(mine);
            all.addAll(events);
        }
        fixture.insert(all);
        for (int set = 0; set < questions.size(); set++) {
            ObjectNode question = questions.get(set);
            NaiveFunnel naive = new NaiveFunnel(sets.get(set), question, new NaiveCalendar(question, DayOfWeek.MONDAY));
            for (int step = 1; step <= question.get("steps").size(); step++) {
                for (boolean dropped : List.of(false, true)) {
                    int at = step;
                    List<NaiveFunnel.Attempt> expected = naive.attempts().stream()
                            .filter(attempt -> dropped ? at > 1 && attempt.level() == at - 1 : attempt.level() >= at)
                            .sorted(Comparator.comparing(
                                    attempt -> attempt.times().getFirst()))
                            .toList();
                    ObjectNode body = AnswerJson.JSON.objectNode();
                    body.set("question", question);
                    body.put("step", step).put("dropped", dropped);
                    JsonNode page =
                            FunnelPeopleList.page(fixture.store, tenants.get(set), body, QueryFixture.context());
                    String about = body.toString();
                    assertThat(page.get("total").asInt()).as(about).isEqualTo(expected.size());
                    List<Long> entered = new ArrayList<>();
                    List<Long> reached = new ArrayList<>();
                    for (JsonNode person : page.get("people")) {
                        entered.add(millis(person, "entered_at"));
                        reached.add(millis(person, "reached_at"));
                    }
                    int last = dropped ? step - 1 : step;
                    assertThat(entered)
                            .as(about)
                            .containsExactlyElementsOf(expected.stream()
                                    .map(attempt -> attempt.times().getFirst())
                                    .toList());
                    assertThat(reached)
                            .as(about)
                            .containsExactlyInAnyOrderElementsOf(expected.stream()
                                    .map(attempt -> attempt.times().get(last - 1))
                                    .toList());
                    if (!question.get("count").asText().equals("sessions")) {
                        assertThat(persons(tenants.get(set), question, step, dropped))
                                .as(about)
                                .isEqualTo(new HashSet<>(expected.stream()
                                        .map(NaiveFunnel.Attempt::unit)
                                        .toList()));
                    }
                }
            }
        }
    }

    @Test
    void listsThoseWithOneValueOfTheBreakdown() {
        fixture.insert(
                FunnelRulesTest.events(tenant, "a A/x 1:00, b A/x 1:00, c A/y 1:00, d A/z 1:00, e A 1:00, a B 1:01"));
        String split = FUNNEL + ",'breakdown':{'property':'properties.p','limit':2}}";
        assertThat(users(page("{'question':" + split + ",'step':1,'value':'x'}")))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(users(page("{'question':" + split + ",'step':2,'dropped':true,'value':'x'}")))
                .containsExactly("b");
        assertThat(users(page("{'question':" + split + ",'step':1,'value':'$other'}")))
                .containsExactly("d");
        assertThat(users(page("{'question':" + split + ",'step':1,'value':'$none'}")))
                .containsExactly("e");
    }

    @Test
    void serveAsAConditionOnEventsOfAnySessionsPerson() {
        fixture.insert(FunnelRulesTest.events(tenant, "a A 1:00 s1, a B 1:01 s1, b A 1:00 s2, a X 2:00, b X 2:00"));
        FunnelQuestion question = (FunnelQuestion) QueryFixture.question(FUNNEL + ",'count':'sessions'}");
        Parameters parameters = new Parameters(tenant);
        Select persons = new FunnelPeople(question, 2, false, null).persons(fixture.store, tenant, parameters);
        Rows rows = fixture.store.query(
                tenant,
                Select.from(Table.EVENTS, parameters)
                        .column("count()", "c")
                        .where("person IN (" + persons.sql() + ")")
                        .build());
        assertThat(rows.longAt(0, 0)).isEqualTo(3);
    }

    @Test
    void neverListsAnotherTenant() {
        TenantId other = QueryFixture.newTenant();
        List<StoredEvent> events = new ArrayList<>(FunnelRulesTest.events(tenant, "A 1:00"));
        events.addAll(FunnelRulesTest.events(other, "A 1:00, B 1:01, q A 1:00"));
        fixture.insert(events);
        assertThat(users(page("{'question':" + FUNNEL + "},'step':1}"))).containsExactly("p");
        assertThat(users(page("{'question':" + FUNNEL + "},'step':2}"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        question         | {'step':1}
        question.type    | {'question':{'type':'metric','measures':[{'measure':'events'}]},'step':1}
        question.window  | {'question':{'type':'funnel','steps':[{},{}],'window':'x'},'step':1}
        step             | {'question':{'type':'funnel','steps':[{},{}]}}
        step             | {'question':{'type':'funnel','steps':[{},{}]},'step':3}
        value            | {'question':{'type':'funnel','steps':[{},{}]},'step':1,'value':'x'}
        limit            | {'question':{'type':'funnel','steps':[{},{}]},'step':1,'limit':1001}
        cursor           | {'question':{'type':'funnel','steps':[{},{}]},'step':1,'cursor':'x'}
        tenant           | {'question':{'type':'funnel','steps':[{},{}]},'step':1,'tenant':'x'}
        """)
    void namesTheFieldThatIsWrong(String field, String body) {
        assertThatThrownBy(() -> page(body))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue(field));
    }

    private Set<Object> persons(TenantId of, ObjectNode question, int step, boolean dropped) {
        FunnelQuestion read = (FunnelQuestion) QuestionReader.read(question, QueryFixture.context());
        Rows rows = fixture.store.query(
                of, new FunnelPeople(read, step, dropped, null).persons(fixture.store, of, new Parameters(of)));
        Set<Object> persons = new HashSet<>();
        for (int row = 0; row < rows.size(); row++) {
            persons.add(rows.longAt(row, 0));
        }
        return persons;
    }

    private JsonNode page(String body) {
        return FunnelPeopleList.page(fixture.store, tenant, QueryFixture.json(body), QueryFixture.context());
    }

    private static List<String> users(JsonNode page) {
        return page.get("people").findValuesAsText("user_id");
    }

    private static long millis(JsonNode person, String member) {
        return OffsetDateTime.parse(person.get(member).asText()).toInstant().toEpochMilli();
    }

    private StoredEvent event(int number, String type, long later, @Nullable String user, @Nullable String anonymous) {
        return FunnelSets.event(tenant, number, type, AROUND.toEpochMilli() + later, user, anonymous, null, Map.of());
    }
}
