package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of cohorts, each worked by hand. */
final class CohortRulesTest {
    private static final Instant NOW = Instant.parse("2025-03-20T12:00:00Z");

    private final QueryFixture fixture = new QueryFixture();
    private final CohortPeople people = new CohortPeople(fixture.store);
    private final TenantId tenant = QueryFixture.newTenant();
    private final List<StoredEvent> events = new ArrayList<>();
    private final Map<String, SavedCohort> saved = new HashMap<>();

    @Test
    void countsAtLeastAtMostAndExactly() {
        buys("once", 1);
        buys("twice", 2);
        buys("thrice", 3);
        event("2025-03-01T10:00:00Z", "view", "never", Attributes.NONE);
        store();
        assertThat(members("{'did':{'event':'buy'}}")).containsExactlyInAnyOrder("once", "twice", "thrice");
        assertThat(members("{'did':{'event':'buy','times':{'at_least':2}}}"))
                .containsExactlyInAnyOrder("twice", "thrice");
        assertThat(members("{'did':{'event':'buy','times':{'at_most':1}}}")).containsExactlyInAnyOrder("once", "never");
        assertThat(members("{'did':{'event':'buy','times':{'exactly':2}}}")).containsExactly("twice");
        assertThat(members("{'did':{'event':'buy','times':{'exactly':0}}}")).containsExactly("never");
        assertThat(members("{'did_not':{'event':'buy'}}")).containsExactly("never");
        assertThat(members("{'did':{'event':'buy','times':{'at_most':0}}}")).containsExactly("never");
    }

    @Test
    void countsOnlyEventsThatPassAndLieInTheRange() {
        event("2025-03-19T10:00:00Z", "buy", "lately", amount(5));
        event("2025-03-19T10:00:00Z", "buy", "cheaply", amount(1));
        event("2025-02-01T00:00:00Z", "buy", "early", amount(5));
        event("2025-02-02T00:00:00Z", "buy", "at the end", amount(5));
        store();
        String dear = "'filter':{'property':'properties.amount','operator':'gte','value':5}";
        assertThat(members("{'did':{'event':'buy'," + dear + ",'range':{'last':'7d'}}}"))
                .containsExactly("lately");
        assertThat(members("{'did':{'event':'buy'," + dear
                        + ",'range':{'start_time':'2025-02-01','end_time':'2025-02-01'}}}"))
                .as("half-open")
                .containsExactly("early");
        assertThat(members("{'did':{'event':'buy','range':{'start_time':'2025-02-01','end_time':'2025-02-01'},"
                        + "'zone':'America/New_York'}}"))
                .as("a day of its own zone")
                .containsExactly("at the end");
        assertThat(members("{'did_not':{'event':'buy','range':{'last':'7d'}}}"))
                .containsExactlyInAnyOrder("early", "at the end");
    }

    @Test
    void looksBeforeTheRangeForWhatWasDoneFirst() {
        event("2025-01-01T00:00:00Z", "buy", "old", Attributes.NONE);
        event("2025-03-10T00:00:00Z", "buy", "old", Attributes.NONE);
        event("2025-01-01T00:00:00Z", "view", "new", Attributes.NONE);
        event("2025-03-10T00:00:00Z", "buy", "new", Attributes.NONE);
        event("2025-03-12T00:00:00Z", "buy", "later", Attributes.NONE);
        store();
        assertThat(members("{'first_did':{'event':'buy','range':{'start_time':'2025-03-10','end_time':'2025-03-11'}}}"))
                .containsExactly("new");
        assertThat(members("{'first_did':{'range':{'start_time':'2025-01-01','end_time':'2025-01-01'}}}"))
                .containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void takesTheTraitsOfNowInTheOrderOfTheJournal() {
        identify("2025-03-02T00:00:00Z", "changed", texts("plan", "team"));
        identify("2025-03-01T00:00:00Z", "changed", texts("plan", "free"));
        identify("2025-03-01T00:00:00Z", "stays", texts("plan", "team"));
        identify("2025-03-01T00:00:00Z", "number", new Attributes(Map.of(), Map.of("plan", 5.0), Map.of()));
        event("2025-03-03T00:00:00Z", "view", "unknown", Attributes.NONE);
        store();
        assertThat(members("{'property':'user.plan','operator':'eq','value':'team'}"))
                .containsExactly("stays");
        assertThat(members("{'property':'user.plan','operator':'eq','value':'free'}"))
                .as("what came last, whenever it happened")
                .containsExactly("changed");
        assertThat(members("{'property':'user.plan','operator':'neq','value':'team'}"))
                .containsExactlyInAnyOrder("changed", "number", "unknown");
        assertThat(members("{'property':'user.plan','operator':'is_not_set'}")).containsExactly("unknown");
        assertThat(members("{'property':'user.plan','operator':'gt','value':4}"))
                .containsExactly("number");
        assertThat(members("{'not':{'property':'user.plan','operator':'gt','value':4}}"))
                .containsExactlyInAnyOrder("changed", "stays", "unknown");
    }

    @Test
    void countsNobodyWithoutAnEvent() {
        event("2025-03-01T10:00:00Z", "view", "seen", Attributes.NONE);
        store();
        fixture.store.insert(fixture.store.encodeCohortMembers(
                "list-" + tenant, tenant, "l", List.of(Person.ofUser("seen"), Person.ofUser("unseen"))));
        saved.put("listed", new SavedCohort("listed", "Listed", 1, new SavedCohort.Static("l")));
        assertThat(members("{'cohort':'listed'}")).containsExactly("seen");
        assertThat(people.listed(tenant, "l")).isEqualTo(2);
        assertThat(members("{'not':{'cohort':'listed'}}")).isEmpty();
    }

    @Test
    void leavesAnEventWithoutAPersonOutOfEveryCohort() {
        event("2025-03-01T10:00:00Z", "view", "somebody", Attributes.NONE);
        event("2025-03-01T10:00:00Z", "view", null, Attributes.NONE);
        store();
        save("viewers", "{'did':{'event':'view'}}");
        save("idle", "{'did_not':{'event':'view'}}");
        assertThat(events("{'cohort':'viewers'}")).isEqualTo(1);
        assertThat(events("{'not':{'cohort':'viewers'}}")).isEqualTo(1);
        assertThat(events("{'cohort':'idle'}")).isZero();
        assertThat(events("{'not':{'cohort':'idle'}}")).isEqualTo(2);
    }

    @Test
    void combinesRulesAndCohorts() {
        buys("a", 1);
        buys("b", 2);
        event("2025-03-01T10:00:00Z", "view", "b", Attributes.NONE);
        event("2025-03-01T10:00:00Z", "view", "c", Attributes.NONE);
        store();
        save("buyers", "{'did':{'event':'buy'}}");
        save("viewers", "{'did':{'event':'view'}}");
        assertThat(members("{'and':[{'cohort':'buyers'},{'cohort':'viewers'}]}"))
                .containsExactly("b");
        assertThat(members("{'or':[{'cohort':'buyers'},{'cohort':'viewers'}]}"))
                .containsExactlyInAnyOrder("a", "b", "c");
        assertThat(members("{'and':[{'cohort':'viewers'},{'not':{'cohort':'buyers'}}]}"))
                .containsExactly("c");
        assertThat(members("{'did':{'event':'view','filter':{'cohort':'buyers'}}}"))
                .containsExactly("b");
    }

    @Test
    void limitsSingleMeasuresAndHoldsForLockedFilters() {
        buys("a", 3);
        buys("b", 1);
        store();
        save("often", "{'did':{'event':'buy','times':{'at_least':2}}}");
        String two = "{'type':'metric','range':{'start_time':'2025-01-01','end_time':'2025-06-01'},'measures':["
                + "{'name':'all','measure':'events'},"
                + "{'name':'often','measure':'events','filter':{'cohort':'often'}}]}";
        assertThat(((MetricAnswer)
                                fixture.engine.answer(tenant, QuestionReader.read(QueryFixture.json(two), context())))
                        .values())
                .containsExactly(4.0, 3.0);
        QuestionContext locked = new QuestionContext(
                NOW,
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                null,
                null,
                null,
                QueryFixture.json("{'cohort':'often'}"),
                context().cohorts());
        assertThat(((MetricAnswer) fixture.engine.answer(tenant, QuestionReader.read(QueryFixture.json(two), locked)))
                        .values())
                .containsExactly(3.0, 3.0);
    }

    @Test
    void neverAnswersFromARollup() {
        save("viewers", "{'did':{'event':'view'}}");
        MeasuredQuestion plain = (MeasuredQuestion) QuestionReader.read(metric(null), context());
        MeasuredQuestion filtered = (MeasuredQuestion) QuestionReader.read(metric("{'cohort':'viewers'}"), context());
        Planner planner = Planner.of(() -> NOW);
        assertThat(planner.choose(plain).isRollup()).isTrue();
        assertThat(planner.choose(filtered)).isEqualTo(Source.EVENTS);
    }

    @Test
    void looksAtWhateverDecidesWhoIsAMember() {
        save("lately", "{'did':{'event':'buy','range':{'start_time':'2025-01-10','end_time':'2025-01-11'}}}");
        save("newcomers", "{'first_did':{'event':'buy','range':{'start_time':'2025-01-10','end_time':'2025-01-11'}}}");
        save("teams", "{'property':'user.plan','operator':'eq','value':'team'}");
        saved.put("listed", new SavedCohort("listed", "Listed", 1, new SavedCohort.Static("l")));
        assertThat(deciding("{'cohort':'listed'}")).isEqualTo("2025-03-01T00:00:00Z/2025-03-03T00:00:00Z");
        assertThat(deciding("{'cohort':'lately'}")).isEqualTo("2025-01-10T00:00:00Z/2025-03-03T00:00:00Z");
        assertThat(deciding("{'not':{'cohort':'newcomers'}}")).isEqualTo("1970-01-01T00:00:00Z/2025-03-03T00:00:00Z");
        assertThat(deciding("{'or':[{'cohort':'listed'},{'cohort':'teams'}]}"))
                .isEqualTo("1970-01-01T00:00:00Z/2106-01-01T00:00:00Z");
    }

    @Test
    void asksSomethingElseAfterTheCohortWasChangedOrTimeHasPassed() {
        save("c", "{'did':{'event':'buy','range':{'last':'7d'}}}");
        String key = key(NOW);
        assertThat(key(NOW.plusSeconds(60))).isEqualTo(key);
        assertThat(key(NOW.plusSeconds(86_400)))
                .as("the last 7 days are others")
                .isNotEqualTo(key);
        saved.computeIfPresent("c", (_, before) -> new SavedCohort("c", "c", 2, before.content()));
        assertThat(key(NOW)).isNotEqualTo(key);
        save("c", "{'did':{'event':'buy','range':{'last':'7d'}}}");
        assertThat(key(NOW)).isEqualTo(key);
    }

    @Test
    void reportsCohortsByPeriod() {
        event("2025-03-01T10:00:00Z", "buy", "a", amount(5));
        event("2025-03-02T10:00:00Z", "buy", "a", amount(7));
        event("2025-03-02T11:00:00Z", "buy", "b", amount(1));
        event("2025-03-02T12:00:00Z", "view", "c", Attributes.NONE);
        store();
        save("rich", "{'did':{'event':'buy','filter':{'property':'properties.amount','operator':'gte','value':5}}}");
        save("buyers", "{'did':{'event':'buy'}}");
        JsonNode data = report("{'type':'cohort','cohorts':['rich','buyers'],'period':'day',"
                + "'range':{'start_time':'2025-03-01','end_time':'2025-03-03'},"
                + "'measure':{'measure':'sum','property':'properties.amount','event':'buy'}}");
        assertThat(data.get("rows").toString())
                .isEqualTo(QueryFixture.json("[{'cohort_id':'rich','name':'rich','size':1,'cells':["
                                + cell(0, "2025-03-01", 5) + "," + cell(1, "2025-03-02", 7) + ","
                                + cell(2, "2025-03-03", 0) + "]},"
                                + "{'cohort_id':'buyers','name':'buyers','size':2,'cells':["
                                + cell(0, "2025-03-01", 5) + "," + cell(1, "2025-03-02", 8) + ","
                                + cell(2, "2025-03-03", 0) + "]}]")
                        .toString());
    }

    @Test
    void reportsStartPeriodsByPeriodsSince() {
        event("2025-03-18T10:00:00Z", "sign up", "a", Attributes.NONE);
        event("2025-03-18T10:00:00Z", "sign up", "b", Attributes.NONE);
        event("2025-03-19T09:00:00Z", "sign up", "c", Attributes.NONE);
        event("2025-03-18T11:00:00Z", "buy", "a", amount(1));
        event("2025-03-19T11:00:00Z", "buy", "a", amount(2));
        event("2025-03-19T11:00:00Z", "buy", "b", amount(4));
        event("2025-03-20T11:00:00Z", "buy", "c", amount(8));
        store();
        String question = "{'type':'cohort','start':{'event':'sign up'},'period':'day','periods':3,"
                + "'range':{'start_time':'2025-03-18','end_time':'2025-03-19'},"
                + "'measure':{'measure':'sum','property':'properties.amount'}";
        JsonNode rows = report(question + "}").get("rows");
        assertThat(rows.toString())
                .isEqualTo(QueryFixture.json("[{'time':'2025-03-18T00:00:00Z','size':2,'cells':["
                                + cell(0, "2025-03-18", 1) + "," + cell(1, "2025-03-19", 6) + ","
                                + partial(2, "2025-03-20", 0) + "]},"
                                + "{'time':'2025-03-19T00:00:00Z','size':1,'cells':["
                                + cell(0, "2025-03-19", 0) + "," + partial(1, "2025-03-20", 8) + "]}]")
                        .toString());
        assertThat(report(question + ",'per_member':true}")
                        .at("/rows/0/cells/1/value")
                        .asDouble())
                .isEqualTo(3);
    }

    @Test
    void startsSomebodyOnceOrInEachPeriodAsIsAsked() {
        event("2025-03-10T10:00:00Z", "buy", "old", Attributes.NONE);
        event("2025-03-18T10:00:00Z", "buy", "old", Attributes.NONE);
        event("2025-03-18T10:00:00Z", "buy", "new", Attributes.NONE);
        event("2025-03-19T10:00:00Z", "buy", "new", Attributes.NONE);
        store();
        String question = "{'type':'cohort','start':{'event':'buy'},'period':'day','periods':2,"
                + "'range':{'start_time':'2025-03-18','end_time':'2025-03-19'},'entry':";
        JsonNode recurring = report(question + "'recurring'}").get("rows");
        assertThat(recurring.findValuesAsText("size")).containsExactly("2", "1");
        assertThat(recurring.at("/0/cells/1/value").asInt()).isEqualTo(1);
        JsonNode first = report(question + "'first_time'}").get("rows");
        assertThat(first.findValuesAsText("size")).containsExactly("1", "0");
        assertThat(first.at("/0/cells/1/value").asInt()).isEqualTo(1);
    }

    @Test
    void showsNoMoreOfACohortThanALockedFilterLetsThrough() {
        event("2025-03-01T10:00:00Z", "buy", "a", amount(1));
        event("2025-03-01T10:00:00Z", "buy", "b", amount(2));
        store();
        save("buyers", "{'did':{'event':'buy'}}");
        QuestionContext locked = new QuestionContext(
                NOW,
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                null,
                null,
                null,
                QueryFixture.json("{'property':'properties.amount','operator':'eq','value':1}"),
                context().cohorts());
        Question question = QuestionReader.read(
                QueryFixture.json("{'type':'cohort','cohorts':['buyers'],'range':{'last':'30d'}}"), locked);
        CohortAnswer answer = (CohortAnswer) fixture.engine.answer(tenant, question);
        assertThat(answer.rows().getFirst().size()).isEqualTo(1);
    }

    @Test
    void pagesThroughPeopleWithTheirTraits() {
        identify("2025-03-01T00:00:00Z", "a", texts("plan", "team"));
        for (int i = 0; i < 7; i++) {
            event("2025-03-02T00:00:00Z", "view", "user " + i, Attributes.NONE);
        }
        store();
        Cohort all = cohort("{'did':{}}");
        List<CohortPeople.Member> first = people.page(tenant, all, 0, 5);
        List<CohortPeople.Member> rest =
                people.page(tenant, all, first.getLast().person(), 5);
        assertThat(first).hasSize(5);
        assertThat(rest).hasSize(3).doesNotContainAnyElementsOf(first);
        List<CohortPeople.Member> both = new ArrayList<>(first);
        both.addAll(rest);
        assertThat(both).extracting(CohortPeople.Member::userId).contains("a", "user 0", "user 6");
        assertThat(both.stream()
                        .filter(member -> "a".equals(member.userId()))
                        .findFirst()
                        .orElseThrow()
                        .traits()
                        .toString())
                .isEqualTo("{\"plan\":\"team\"}");
    }

    private static String cell(int period, String day, int value) {
        return "{'period':" + period + ",'time':'" + day + "T00:00:00Z','value':" + value + "}";
    }

    private static String partial(int period, String day, int value) {
        return cell(period, day, value).replace("}", ",'partial':true}");
    }

    private JsonNode report(String question) {
        return fixture.engine
                .answer(tenant, QuestionReader.read(QueryFixture.json(question), context()))
                .toJson();
    }

    private String deciding(String filter) {
        TimeRange range = QuestionReader.read(
                        QueryFixture.json("{'type':'metric','measures':[{'measure':'events'}],'filter':" + filter
                                + ",'range':{'start_time':'2025-03-01','end_time':'2025-03-02'}}"),
                        context())
                .decidingRange();
        return range.start() + "/" + range.end();
    }

    private String key(Instant now) {
        return QuestionReader.read(
                        metric("{'cohort':'c'}"),
                        QuestionContext.plain(
                                now, ZoneOffset.UTC, DayOfWeek.MONDAY, context().cohorts()))
                .cacheKey();
    }

    private long events(String filter) {
        MetricAnswer answer =
                (MetricAnswer) fixture.engine.answer(tenant, QuestionReader.read(metric(filter), context()));
        Double count = answer.values().getFirst();
        return count == null ? -1 : count.longValue();
    }

    private static JsonNode metric(@Nullable String filter) {
        return QueryFixture.json("{'type':'metric','measures':[{'measure':'events'}],"
                + (filter == null ? "" : "'filter':" + filter + ",")
                + "'range':{'start_time':'2025-01-01','end_time':'2025-06-01'}}");
    }

    private List<String> members(String rule) {
        List<String> members = new ArrayList<>();
        people.page(tenant, cohort(rule), 0, 100).forEach(member -> members.add(String.valueOf(member.userId())));
        assertThat(people.size(tenant, cohort(rule))).isEqualTo(members.size());
        return members;
    }

    private Cohort cohort(String rule) {
        return new Cohort("x", "x", 1, CohortReader.read(QueryFixture.json(rule), "definition", context()));
    }

    private void save(String id, String definition) {
        saved.put(id, new SavedCohort(id, id, 1, new SavedCohort.Dynamic(QueryFixture.json(definition))));
    }

    private QuestionContext context() {
        return QuestionContext.plain(NOW, ZoneOffset.UTC, DayOfWeek.MONDAY, id -> Optional.ofNullable(saved.get(id)));
    }

    private void buys(String user, int times) {
        for (int i = 0; i < times; i++) {
            event("2025-03-01T10:00:00Z", "buy", user, Attributes.NONE);
        }
    }

    private static Attributes amount(double amount) {
        return new Attributes(Map.of(), Map.of("amount", amount), Map.of());
    }

    private static Attributes texts(String name, String text) {
        return new Attributes(Map.of(name, text), Map.of(), Map.of());
    }

    private void event(String time, String type, @Nullable String user, Attributes properties) {
        add(time, type, user, properties, Attributes.NONE);
    }

    private void identify(String time, String user, Attributes traits) {
        add(time, "identify", user, Attributes.NONE, traits);
    }

    private void add(String time, String type, @Nullable String user, Attributes properties, Attributes traits) {
        long millis = Instant.parse(time).toEpochMilli();
        Event event = new Event(
                tenant,
                new EventId("event-" + events.size()),
                false,
                type,
                millis,
                millis,
                user,
                null,
                null,
                Map.of(),
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        events.add(new StoredEvent(event, new JournalAddress(0, events.size()), Person.of(event), traits));
    }

    private void store() {
        fixture.insert(events);
    }
}
