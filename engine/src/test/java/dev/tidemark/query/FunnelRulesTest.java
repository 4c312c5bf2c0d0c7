package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of docs/adr/0011, worked by hand. Times are of 2025-03-10, people are {@code p} unless a name stands before the type. */
final class FunnelRulesTest {
    private static final Instant DAY = Instant.parse("2025-03-10T00:00:00Z");
    private static final String WHOLE_DAY = "'range':{'start_time':'2025-03-10','end_time':'2025-03-10'},'window':'1h'";

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        window is inclusive                      | A 1:00, B 2:00               | AB  |                              | 1 1
        window ends a millisecond later          | A 1:00, B 2:00:00.001        | AB  |                              | 1 0
        window is measured from the first step   | A 1:00, B 1:50, C 2:10       | ABC |                              | 1 1 0
        later steps may fall after the range     | A 23:50, B 24:40             | AB  |                              | 1 1
        entries may not                          | A 24:00, B 24:10             | AB  |                              | 0 0
        nor before it                            | A -0:10, B 0:10              | AB  |                              | 0 0
        other events may lie between             | A 1:00, X 1:01, B 1:02       | AB  |                              | 1 1
        steps out of order do not count          | B 1:00, A 1:01               | AB  |                              | 1 0
        any entry reaches deepest                | A 1:00, A 1:30, B 1:45, C 2:15 | ABC |                            | 1 1 1
        only the first entry                     | A 1:00, A 1:30, B 1:45, C 2:15 | ABC | 'entry':'first_entry'      | 1 1 0
        equal times in the order of the steps    | C 1:00, B 1:00, A 1:00       | ABC |                              | 1 1 1
        one event serves one step                | A 1:00                       | AA  |                              | 1 0
        two events serve two equal steps         | A 1:00, A 1:01               | AA  |                              | 1 1
        two at one time serve two equal steps    | A 1:00, A 1:00               | AA  |                              | 1 1
        three steps need three events            | A 1:00, A 1:00               | AAA |                              | 1 1 0
        the event that no other step needs       | A 1:00, B 1:00               | *A  |                              | 1 1
        strict allows nothing between            | A 1:00, X 1:01, B 1:02       | AB  | 'order':'strict'             | 1 0
        strict not even a step again             | A 1:00, B 1:01, B 1:02, C 1:03 | ABC | 'order':'strict'           | 1 1 0
        strict begins again at each entry        | A 1:00, A 1:01, B 1:02       | AB  | 'order':'strict'             | 1 1
        strict: equal times are not between      | A 1:00, X 1:00, B 1:01, X 1:01 | AB | 'order':'strict'            | 1 1
        strict looks only through the filter     | A 1:00, X 1:01, B 1:02       | AB  | 'order':'strict','filter':{'property':'event_type','operator':'neq','value':'X'} | 1 1
        any order                                | C 1:00, A 1:10, B 1:20       | ABC | 'order':'any'                | 1 1 1
        any order counts how many are done       | C 1:00, A 1:10               | ABC | 'order':'any'                | 1 1 0
        any order within the window of the first | C 1:00, A 1:10, B 2:01       | ABC | 'order':'any'                | 1 1 0
        any order: the later entry is better     | C 1:00, A 1:30, B 2:10, C 2:20 | ABC | 'order':'any'              | 1 1 1
        any order: one event, one step           | A 1:00, B 1:10               | *A  | 'order':'any'                | 1 1
        an exclusion ends the attempt            | A 1:00, X 1:01, B 1:02       | AB  | 'exclusions':[{'event':'X','from':1,'to':2}] | 1 0
        at the step that it follows              | A 1:00, B 1:01, X 1:02, C 1:03 | ABC | 'exclusions':[{'event':'X','from':1,'to':3}] | 1 0 0
        but at no other                          | A 1:00, X 1:01, B 1:02, C 1:03 | ABC | 'exclusions':[{'event':'X','from':2,'to':3}] | 1 1 1
        it counts without the later step too     | A 1:00, B 1:01, X 1:02       | ABC | 'exclusions':[{'event':'X','from':1,'to':3}] | 1 0 0
        not after the window                     | A 1:00, B 1:01, X 2:01       | ABC | 'exclusions':[{'event':'X','from':1,'to':3}] | 1 1 0
        another entry is another attempt         | A 1:00, X 1:01, A 1:02, B 1:03 | AB | 'exclusions':[{'event':'X','from':1,'to':2}] | 1 1
        equal times are not between              | A 1:00, X 1:00, B 1:01, X 1:01 | AB | 'exclusions':[{'event':'X','from':1,'to':2}] | 1 1
        exclusions in any order                  | B 1:00, X 1:01, A 1:02       | AB  | 'order':'any','exclusions':[{'event':'X','from':1,'to':2}] | 1 0
        totals re-enter after converting         | A 1:00, B 1:01, A 1:02, B 1:03 | AB | 'count':'totals'            | 2 2
        totals: no entry inside an attempt       | A 1:00, A 1:30, B 1:45, C 2:15 | ABC | 'count':'totals'           | 1 1 0
        totals re-enter after the window         | A 1:00, A 2:00:00.001, B 2:01 | AB | 'count':'totals'             | 2 1
        totals re-enter after an exclusion       | A 1:00, X 1:01, A 1:01, B 1:02 | AB | 'count':'totals','exclusions':[{'event':'X','from':1,'to':2}] | 2 1
        totals of the first entry                | A 1:00, B 1:01, A 1:02, B 1:03 | AB | 'count':'totals','entry':'first_entry' | 1 1
        users count once                         | A 1:00, B 1:01, A 1:02, B 1:03, q A 1:00 | AB |                   | 2 1
        people do not share steps                | p A 1:00, q B 1:01           | AB  |                              | 1 0
        """)
    void follows(String rule, String events, String steps, String more, String counts) {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(events(tenant, events));
        FunnelAnswer answer = ask(tenant, steps, more == null ? "" : "," + more);
        assertThat(counts(answer)).as(rule).isEqualTo(counts);
    }

    @Test
    void takesTheTimesOfTheEarliestEntryThatGetsDeepest() {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(events(
                tenant, "A 1:00, A 1:10, B 1:20, B 1:25, A 1:30, B 1:31, C 2:05, q A 3:00, q B 3:00:01, q C 3:00:31"));
        FunnelAnswer answer = ask(tenant, "ABC", "");
        assertThat(counts(answer)).isEqualTo("2 2 2");
        assertThat(answer.steps().get(0).seconds()).isNull();
        // p enters at 1:10 (at 1:00 C comes too late), B at 1:20; q takes 1 s and 30 s.
        assertThat(answer.steps().get(1).seconds()).isEqualTo(new FunnelAnswer.Seconds(300.5, 300.5, 540.1));
        FunnelAnswer.Seconds last = answer.steps().get(2).seconds();
        assertThat(last).isNotNull();
        assertThat(List.of(last.median(), last.avg())).containsOnly(1365.0);
        assertThat(last.p90()).isCloseTo(2433, within(1e-9));
        JsonNode json = answer.toJson();
        assertThat(json.at("/steps/1/seconds/p90").asDouble()).isEqualTo(540.1);
        assertThat(json.at("/steps/0/seconds").isNull()).isTrue();
        assertThat(json.at("/steps/2/name").asText()).isEqualTo("C");
    }

    @Test
    void countsSessionsByThemselves() {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(events(tenant, "A 1:00 s1, B 1:01 s2, A 1:02 s3, q B 1:03 s3, A 1:04, B 1:05"));
        assertThat(counts(ask(tenant, "AB", ",'count':'sessions'"))).isEqualTo("2 1");
    }

    @Test
    void splitsByThePropertyOfTheEventOfAStep() {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(
                events(tenant, "A/x 1:00, B/y 1:01, C 1:02, q A/x 1:00, q B/z 1:01, r A/y 1:00, u A 1:00, u A/w 1:00"));
        String breakdown = ",'breakdown':{'property':'properties.p'";
        assertThat(groups(ask(tenant, "ABC", breakdown + "}"))).isEqualTo("x:2 2 1, w:1 0 0, y:1 0 0");
        assertThat(groups(ask(tenant, "ABC", breakdown + ",'step':2}"))).isEqualTo("y:1 1 1, z:1 1 0, $none:2 0 0");
        assertThat(groups(ask(tenant, "ABC", breakdown + ",'step':'last'}")))
                .isEqualTo("w:1 0 0, y:1 0 0, z:1 1 0, $none:1 1 1");
        assertThat(groups(ask(tenant, "ABC", breakdown + ",'limit':1}"))).isEqualTo("x:2 2 1, $other:2 0 0");
    }

    @Test
    void asksOneFunnelOfEachEntryBucketAndMarksThoseWhoseWindowIsOpen() {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(events(tenant, "A 1:00, B 1:01, A 2:00, A 3:30, B 4:10"));
        String question = "{'type':'funnel','steps':[{'event':'A'},{'event':'B'}],'interval':'hour',"
                + "'range':{'start_time':'2025-03-10T01:00:00Z','end_time':'2025-03-10T05:00:00Z'},'window':'1h'}";
        JsonNode over = fixture.ask(tenant, question).toJson().get("over_time");
        assertThat(over.findValues("counts").toString()).isEqualTo("[[1,1], [1,0], [1,1], [0,0]]");
        assertThat(over.at("/1/conversion").asInt()).isEqualTo(0);
        assertThat(over.at("/3/conversion").isNull()).isTrue();
        assertThat(over.findValues("partial")).isEmpty();
        Instant before = Instant.parse("2025-03-10T04:30:00Z");
        FunnelQuestion open = (FunnelQuestion) QuestionReader.read(
                QueryFixture.json(question), QuestionContext.plain(before, ZoneOffset.UTC, DayOfWeek.MONDAY));
        assertThat(open.partialFrom()).isEqualTo(2);
        assertThat(open.cacheKey()).isNotEqualTo(QueryFixture.question(question).cacheKey());
        assertThat(((FunnelAnswer) fixture.engine.answer(tenant, open))
                        .toJson()
                        .at("/over_time/2/partial")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void touchesTheRangeAndTheWindowAfterIt() {
        Question question =
                QueryFixture.question("{'type':'funnel','steps':[{'event':'A'},{'event':'B'}]," + WHOLE_DAY + "}");
        assertThat(question.touchedRange()).isEqualTo(new TimeRange(DAY, DAY.plus(Duration.ofHours(25))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        steps                   | 'steps':[{'event':'A'}]
        steps                   | 'window':'7d'
        steps[1].nope           | 'steps':[{'event':'A'},{'nope':1}]
        steps[0].name           | 'steps':[{'event':'A','name':' '},{'event':'B'}]
        steps[1].filter.operator | 'steps':[{'event':'A'},{'filter':{'property':'country','operator':'x','value':1}}]
        window                  | 'steps':[{},{}],'window':'7'
        window                  | 'steps':[{},{}],'window':'0s'
        window                  | 'steps':[{},{}],'window':'367d'
        order                   | 'steps':[{},{}],'order':'loose'
        entry                   | 'steps':[{},{}],'entry':'x'
        count                   | 'steps':[{},{}],'count':'events'
        exclusions[0].to        | 'steps':[{},{}],'exclusions':[{'event':'X','from':1}]
        exclusions[0]           | 'steps':[{},{}],'exclusions':[{'event':'X','from':2,'to':2}]
        exclusions[0]           | 'steps':[{},{}],'exclusions':[{'event':'X','from':1,'to':3}]
        breakdown.step          | 'steps':[{},{}],'breakdown':{'property':'country','step':3}
        breakdown.step          | 'steps':[{},{}],'breakdown':{'property':'country','step':'middle'}
        breakdown.property      | 'steps':[{},{}],'breakdown':{'property':'nope'}
        breakdown.limit         | 'steps':[{},{}],'breakdown':{'property':'country','limit':0}
        interval                | 'steps':[{},{}],'interval':'year'
        measures                | 'steps':[{},{}],'measures':[]
        """)
    void namesTheFieldThatIsWrong(String field, String members) {
        assertThatThrownBy(() -> QueryFixture.question("{'type':'funnel'," + members + "}"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue(field));
    }

    @Test
    void hasAKeyThatTellsApartWhateverDiffers() {
        String start = "{'type':'funnel'," + WHOLE_DAY + ",'steps':[{'event':'A'},{'event':'B'}]";
        List<String> keys = new ArrayList<>();
        for (String more : List.of(
                "",
                ",'order':'any'",
                ",'entry':'first_entry'",
                ",'count':'totals'",
                ",'exclusions':[{'event':'X','from':1,'to':2}]",
                ",'breakdown':{'property':'country'}",
                ",'breakdown':{'property':'country','step':2}",
                ",'breakdown':{'property':'country','step':'last'}",
                ",'interval':'hour'")) {
            keys.add(QueryFixture.question(start + more + "}").cacheKey());
        }
        keys.add(QueryFixture.question(start.replace("1h", "2h") + "}").cacheKey());
        keys.add(QueryFixture.question(start.replace("'B'", "'B','name':'Bought'") + "}")
                .cacheKey());
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(QueryFixture.question(start + ",'order':'ordered','entry':'any_entry','count':'users'}")
                        .cacheKey())
                .isEqualTo(keys.getFirst());
    }

    @Test
    void neverSeesAnotherTenant() {
        TenantId mine = QueryFixture.newTenant();
        TenantId other = QueryFixture.newTenant();
        TenantId nobody = QueryFixture.newTenant();
        String hostile = "x' OR 1=1 --{tenant:String}\\";
        List<StoredEvent> events = new ArrayList<>(events(mine, "A 1:00 s1, B/" + "y 1:01 s1"));
        events.addAll(events(other, "A 1:00 s1, B/y 1:01 s1, A 0:30 s1, B 0:31 s1, C 0:32 s1, q A 1:00 s1"));
        fixture.insert(events);
        for (String count : List.of("users", "sessions", "totals")) {
            for (String order : List.of("ordered", "strict", "any")) {
                String more = ",'count':'" + count + "','order':'" + order
                        + "','interval':'hour','breakdown':{'property':'properties.p','step':'last'}";
                assertThat(counts(ask(mine, "ABC", more))).isEqualTo("1 1 0");
                assertThat(groups(ask(mine, "ABC", more))).isEqualTo("y:1 1 0");
                assertThat(counts(ask(nobody, "ABC", more))).isEqualTo("0 0 0");
            }
        }
        ObjectNode json = (ObjectNode) QueryFixture.json("{'type':'funnel'," + WHOLE_DAY + "}");
        for (int step = 0; step < 3; step++) {
            json.withArray("steps").addObject().put("event", hostile).put("name", hostile);
        }
        json.withArray("exclusions")
                .addObject()
                .put("event", hostile)
                .put("from", 1)
                .put("to", 2);
        json.putObject("breakdown").put("property", "properties." + hostile);
        json.putObject("filter")
                .put("property", "country")
                .put("operator", "neq")
                .put("value", hostile);
        FunnelAnswer answer =
                (FunnelAnswer) fixture.engine.answer(mine, QuestionReader.read(json, QueryFixture.context()));
        assertThat(counts(answer)).isEqualTo("0 0 0");
    }

    private FunnelAnswer ask(TenantId tenant, String steps, String more) {
        List<String> nodes = new ArrayList<>();
        for (char step : steps.toCharArray()) {
            nodes.add(step == '*' ? "{}" : "{'event':'" + step + "'}");
        }
        return (FunnelAnswer) fixture.ask(
                tenant, "{'type':'funnel'," + WHOLE_DAY + ",'steps':[" + String.join(",", nodes) + "]" + more + "}");
    }

    private static String counts(FunnelAnswer answer) {
        return counts(answer.steps());
    }

    private static String counts(List<FunnelAnswer.Step> steps) {
        return String.join(
                " ", steps.stream().map(step -> Long.toString(step.count())).toList());
    }

    private static String groups(FunnelAnswer answer) {
        return String.join(
                ", ",
                answer.groups().stream()
                        .map(group -> group.value().label() + ":" + counts(group.steps()))
                        .toList());
    }

    /** As {@code [person] type[/property] h:mm[:ss] [session]}, separated by commas. */
    static List<StoredEvent> events(TenantId tenant, String text) {
        List<StoredEvent> events = new ArrayList<>();
        for (String part : text.split(", *")) {
            List<String> words = new ArrayList<>(List.of(part.strip().split(" +")));
            String person = words.get(0).matches("[a-z]+") ? words.removeFirst() : "p";
            String[] type = words.get(0).split("/");
            events.add(FunnelSets.event(
                    tenant,
                    events.size(),
                    type[0],
                    DAY.toEpochMilli() + millis(words.get(1)),
                    person,
                    null,
                    words.size() > 2 ? words.get(2) : null,
                    type.length > 1 ? Map.of("p", type[1]) : Map.of()));
        }
        return events;
    }

    private static long millis(String clock) {
        String[] parts = clock.replace("-", "").split(":");
        double seconds = Integer.parseInt(parts[0]) * 3600
                + Integer.parseInt(parts[1]) * 60
                + (parts.length > 2 ? Double.parseDouble(parts[2]) : 0);
        return Math.round(seconds * 1000) * (clock.startsWith("-") ? -1 : 1);
    }
}
