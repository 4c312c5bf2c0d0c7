package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Retention and paths of one tenant beside those of another with the same people, sessions and types. */
final class JourneyIsolationTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");
    private static final List<String> HOSTILE = List.of(
            "'; DROP TABLE events; --",
            "' OR 1=1 OR tenant_id='",
            "{tenant:String}",
            "{p0:String}",
            "\\",
            "\\'",
            "x') OR (1=1");

    private final QueryFixture fixture = new QueryFixture();

    @Test
    void seesNothingOfATenantWithTheSameEvents() {
        TenantId full = QueryFixture.newTenant();
        TenantId empty = QueryFixture.newTenant();
        fixture.insert(new RandomEvents(full, AROUND, 5).take(400));
        int seen = 0;
        for (String json : List.of(
                "{'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-20'}}",
                "{'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-20'},'entry':'first_time'}",
                "{'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-20'},'alignment':'rolling',"
                        + "'start':{'event':'view'},'return':{'event':'buy'},'breakdown':{'property':'country'}}",
                "{'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-20'},"
                        + "'criterion':'on_or_after'}")) {
            RetentionAnswer own = (RetentionAnswer) fixture.ask(full, json);
            RetentionAnswer other = (RetentionAnswer) fixture.ask(empty, json);
            seen += own.cohorts().stream().anyMatch(cohort -> cohort.size() > 0) ? 1 : 0;
            assertThat(other.cohorts()).allMatch(cohort -> cohort.size() == 0);
            assertThat(other.cohorts())
                    .allMatch(cohort -> cohort.returned().stream().allMatch(count -> count == 0));
            assertThat(other.groups()).isEmpty();
        }
        for (String members : List.of("'anchor':{}", "'anchor':{'event':'view'}", "'anchor':{},'by':'country'")) {
            String json = "{'type':'paths','range':{'start_time':'2025-03-01','end_time':'2025-03-20'},'steps':1,"
                    + members + "}";
            seen += ((PathsAnswer) fixture.ask(full, json)).total() > 0 ? 1 : 0;
            PathsAnswer other = (PathsAnswer) fixture.ask(empty, json);
            assertThat(other.total()).isZero();
            assertThat(other.paths()).isEmpty();
            assertThat(other.links()).isEmpty();
        }
        assertThat(seen).isEqualTo(7);
    }

    @Test
    void answersOfItsOwnEventsBesideTheSamePeopleAndSessionsOfAnother() {
        TenantId mine = QueryFixture.newTenant();
        TenantId other = QueryFixture.newTenant();
        List<StoredEvent> events = new RandomEvents(mine, AROUND, 6).take(200);
        fixture.insert(events);
        fixture.insert(new RandomEvents(other, AROUND, 7).take(300));
        RandomJourneys journeys = new RandomJourneys(ZoneId.of("UTC"), AROUND, new SplittableRandom(8));
        for (int i = 0; i < 20; i++) {
            JsonNode paths = journeys.paths();
            PathsAnswer answer =
                    (PathsAnswer) fixture.engine.answer(mine, QuestionReader.read(paths, QueryFixture.context()));
            assertThat(answer.total())
                    .isEqualTo(new NaivePaths(events, paths).found().total());
        }
    }

    @Test
    void takesHostileTextAsText() {
        TenantId tenant = QueryFixture.newTenant();
        fixture.insert(new RandomEvents(tenant, AROUND, 9).take(50));
        for (String text : HOSTILE) {
            ObjectNode retention = (ObjectNode) QueryFixture.json(
                    "{'type':'retention','range':{'start_time':'2025-03-01','end_time':'2025-03-20'},'periods':2}");
            retention.putObject("start").put("event", text).set("filter", test(text));
            retention.putObject("return").putArray("event").add(text).add("x" + text);
            retention.putObject("breakdown").put("property", "properties." + text);
            RetentionAnswer answer = (RetentionAnswer)
                    fixture.engine.answer(tenant, QuestionReader.read(retention, QueryFixture.context()));
            assertThat(answer.cohorts()).as(text).allMatch(cohort -> cohort.size() == 0);
            ObjectNode paths = (ObjectNode)
                    QueryFixture.json("{'type':'paths','range':{'start_time':'2025-03-01','end_time':'2025-03-20'}}");
            paths.put("by", "user." + text).set("filter", test(text));
            paths.putObject("anchor").put("event", text).set("filter", test(text));
            assertThat(((PathsAnswer) fixture.engine.answer(tenant, QuestionReader.read(paths, QueryFixture.context())))
                            .total())
                    .as(text)
                    .isZero();
        }
    }

    private static ObjectNode test(String text) {
        return ((ObjectNode) QueryFixture.json("{'operator':'eq'}"))
                .put("property", "properties." + text)
                .put("value", text + text);
    }
}
