package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cohorts as the store finds them and as a loop over persons does, on many small sets of events. */
final class CohortOracleTest {
    private static final int SETS = 400;
    private static final int SETS_A_LIST = 50;

    /** Statements are what the time goes to, so that only some sets are asked for what others show as well. */
    private static final int SETS_A_SIZE = 8;

    private static final int SETS_A_METRIC = 2;

    private final QueryFixture fixture = new QueryFixture();
    private final CohortPeople people = new CohortPeople(fixture.store);

    private record Case(
            int number,
            String about,
            TenantId tenant,
            List<StoredEvent> events,
            NaiveCohort naive,
            QuestionContext context,
            JsonNode metric,
            JsonNode report) {}

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 21",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 22",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 23",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 24",
        "UTC, 2024-02-29T00:00:00Z, 25",
    })
    void findsWhomTheLoopFinds(String zone, String middle, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            Case made = set(set, ZoneId.of(zone), Instant.parse(middle), seed, seeds);
            cases.add(made);
            all.addAll(made.events);
        }
        fixture.insert(all);
        cases.parallelStream().forEach(this::compare);
    }

    private Case set(int set, ZoneId zone, Instant middle, long seed, SplittableRandom seeds) {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events =
                new RandomPeople(tenant, middle, seeds.nextLong()).take(set == 0 ? 0 : seeds.nextInt(1, 60));
        Instant now = middle.plus(Duration.ofHours(seeds.nextInt(-100, 300)));
        Map<String, JsonNode> definitions = new HashMap<>();
        Map<String, Set<String>> lists = new HashMap<>();
        Map<String, SavedCohort> saved = new HashMap<>();
        if (set % SETS_A_LIST == 0) {
            lists.put("listed", Set.of("user x", "anonymous ü", "user nobody"));
            List<Long> persons = List.of(Person.ofUser("x"), Person.ofAnonymous("ü"), Person.ofUser("nobody"));
            fixture.store.insert(fixture.store.encodeCohortMembers("list-" + tenant, tenant, "list", persons));
            saved.put("listed", new SavedCohort("listed", "listed", 1, new SavedCohort.Static("list")));
        }
        List<String> ids = new ArrayList<>(lists.keySet());
        for (String id : List.of("first", "second")) {
            JsonNode definition = new RandomCohorts(middle, zone, ids, seeds.nextLong()).rule(2);
            definitions.put(id, definition);
            saved.put(id, new SavedCohort(id, id, 1, new SavedCohort.Dynamic(definition)));
            ids.add(id);
        }
        RandomCohorts questions = new RandomCohorts(middle, zone, ids, seeds.nextLong());
        DayOfWeek weekStart = seeds.nextBoolean() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY;
        return new Case(
                set,
                "seed " + seed + " set " + set + " " + definitions,
                tenant,
                events,
                new NaiveCohort(events, definitions, lists, zone, now),
                QuestionContext.plain(now, zone, weekStart, id -> Optional.ofNullable(saved.get(id))),
                questions.metric(),
                questions.report());
    }

    private void compare(Case each) {
        Cohort second = CohortReader.resolve("second", "cohort", each.context);
        Set<String> members = new TreeSet<>();
        for (CohortPeople.Member member : people.page(each.tenant, second, 0, 100)) {
            members.add(member.userId() == null ? "anonymous " + member.anonymousId() : "user " + member.userId());
        }
        assertThat(members).as(each.about).isEqualTo(each.naive.membersOf("second"));
        if (each.number % SETS_A_SIZE == 0) {
            assertThat(people.size(each.tenant, second)).as(each.about).isEqualTo(members.size());
        }
        if (each.number % SETS_A_METRIC == 0) {
            compareMetric(each);
        }
        compareReport(each);
    }

    private void compareMetric(Case each) {
        Question question = QuestionReader.read(each.metric, each.context);
        MetricAnswer answer = (MetricAnswer) fixture.engine.answer(each.tenant, question);
        List<StoredEvent> passing = each.events.stream()
                .filter(event -> each.naive.passes(each.metric.get("filter"), event))
                .toList();
        ObjectNode unfiltered = each.metric.deepCopy();
        unfiltered.remove("filter");
        NaiveCalendar calendar = new NaiveCalendar(unfiltered, each.context.weekStart());
        assertThat(answer.values())
                .as(each.about + " " + each.metric)
                .isEqualTo(new NaiveAnalyst(passing, unfiltered, calendar).metric(calendar.range()));
    }

    private void compareReport(Case each) {
        String about = each.about + " now " + each.context.now() + " " + each.report;
        Question question = QuestionReader.read(each.report, each.context);
        CohortAnswer answer = (CohortAnswer) fixture.engine.answer(each.tenant, question);
        NaiveCohortReport loop =
                new NaiveCohortReport(each.naive, each.report, each.context.now(), each.context.weekStart());
        List<NaiveCohortReport.Row> rows = loop.rows();
        JsonNode json = answer.toJson().get("rows");
        assertThat(json).as(about).hasSameSizeAs(rows);
        for (int row = 0; row < rows.size(); row++) {
            assertThat(json.get(row).get("size").asInt())
                    .as(about + " row " + row)
                    .isEqualTo(rows.get(row).size());
            JsonNode cells = json.get(row).get("cells");
            assertThat(cells)
                    .as(about + " row " + row)
                    .hasSameSizeAs(rows.get(row).cells());
            for (int cell = 0; cell < cells.size(); cell++) {
                NaiveCohortReport.Cell right = rows.get(row).cells().get(cell);
                String at = about + " row " + row + " cell " + cell;
                assertThat(cells.get(cell).path("partial").asBoolean()).as(at).isEqualTo(right.partial());
                if (right.value() == null) {
                    assertThat(cells.get(cell).get("value").isNull()).as(at).isTrue();
                } else {
                    assertThat(cells.get(cell).get("value").isNumber()).as(at).isTrue();
                    assertThat(cells.get(cell).get("value").asDouble())
                            .as(at)
                            .isCloseTo(right.value(), within(1e-9 * Math.max(1, Math.abs(right.value()))));
                }
            }
        }
        compareBehind(about, each, question, loop, rows);
    }

    /** Behind a row are as many people as it has, and behind a cell the events that were measured. */
    private void compareBehind(
            String about, Case each, Question question, NaiveCohortReport loop, List<NaiveCohortReport.Row> rows) {
        Behind behind = new Behind(fixture, each.tenant, question, each.context.now());
        SplittableRandom random = new SplittableRandom(each.number);
        int row = random.nextInt(rows.size());
        ObjectNode at = JsonNodeFactory.instance.objectNode().put("row", row);
        assertThat(behind.people(at))
                .as(about + " behind row " + row)
                .hasSize(rows.get(row).size());
        int cells = rows.get(row).cells().size();
        if (cells > 0) {
            int period = random.nextInt(cells);
            assertThat(behind.events(at.put("period", period)))
                    .as(about + " behind " + at)
                    .isEqualTo(loop.behind(row, period));
        }
    }
}
