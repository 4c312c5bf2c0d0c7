package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TenantIsolationTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");
    private static final List<String> HOSTILE = List.of(
            "'; DROP TABLE events; --",
            "' OR 1=1 OR tenant_id='",
            "{tenant:String}",
            "{p0:String}",
            "\\",
            "\\'",
            "x') OR (1=1",
            "`",
            "\0",
            "*/ UNION ALL SELECT * FROM events /*");

    private final QueryFixture fixture = new QueryFixture();

    @Test
    void seesNothingOfATenantWithTheSameEvents() {
        TenantId full = QueryFixture.newTenant();
        TenantId empty = QueryFixture.newTenant();
        fixture.insert(new RandomEvents(full, AROUND, 1).take(300));
        RandomQuestions questions = new RandomQuestions(ZoneId.of("UTC"), AROUND, 2);
        int somethingSeen = 0;
        for (int i = 0; i < 40; i++) {
            Question question = QuestionReader.read(questions.next(), QueryFixture.context());
            MeasuredAnswer own = (MeasuredAnswer) fixture.engine.answer(full, question);
            MeasuredAnswer other = (MeasuredAnswer) fixture.engine.answer(empty, question);
            somethingSeen += isNothing(own) ? 0 : 1;
            assertThat(isNothing(other)).as(question.cacheKey()).isTrue();
        }
        assertThat(somethingSeen).isGreaterThan(15);
    }

    @Test
    void takesHostileTextAsText() {
        TenantId mine = QueryFixture.newTenant();
        TenantId other = QueryFixture.newTenant();
        List<StoredEvent> events = new RandomEvents(mine, AROUND, 3).take(50);
        fixture.insert(events);
        fixture.insert(new RandomEvents(other, AROUND, 4).take(80));
        String range = "{'start_time':'2025-01-01','end_time':'2025-06-01'}";
        for (String text : HOSTILE) {
            List<ObjectNode> questions = new ArrayList<>();
            for (String operator : List.of("eq", "contains", "starts_with", "gt")) {
                ObjectNode question = metric(range);
                question.putObject("filter")
                        .put("property", "properties." + text)
                        .put("operator", operator)
                        .put("value", text);
                questions.add(question);
                ObjectNode country = metric(range);
                country.putObject("filter")
                        .put("property", "country")
                        .put("operator", operator)
                        .put("value", text);
                questions.add(country);
            }
            ObjectNode listed = metric(range);
            listed.putObject("filter")
                    .put("property", "event_type")
                    .put("operator", "in")
                    .putArray("value")
                    .add(text)
                    .add(text + text);
            questions.add(listed);
            ObjectNode measured = metric(range);
            ((ObjectNode) measured.get("measures").get(0)).put("event", text);
            questions.add(measured);
            for (ObjectNode question : questions) {
                long expected = naive(events, question);
                MetricAnswer answer = (MetricAnswer)
                        fixture.engine.answer(mine, QuestionReader.read(question, QueryFixture.context()));
                assertThat(answer.values()).as(question.toString()).containsExactly((double) expected);
            }
            ObjectNode table = metric(range).put("type", "table");
            table.putArray("breakdowns").add("properties." + text).add("user." + text);
            TableAnswer answer =
                    (TableAnswer) fixture.engine.answer(mine, QuestionReader.read(table, QueryFixture.context()));
            assertThat(answer.totals()).containsExactly(50.0);
        }
        assertThat(((MetricAnswer) fixture.engine.answer(
                                other, QuestionReader.read(metric(range), QueryFixture.context())))
                        .values())
                .containsExactly(80.0);
    }

    private static ObjectNode metric(String range) {
        ObjectNode question = JsonNodeFactory.instance.objectNode().put("type", "metric");
        question.putArray("measures").addObject().put("name", "events").put("measure", "events");
        question.set("range", QueryFixture.json(range));
        return question;
    }

    private static long naive(List<StoredEvent> events, JsonNode question) {
        JsonNode type = question.get("measures").get(0).get("event");
        return events.stream()
                .filter(event -> NaiveFilter.holds(question.get("filter"), event))
                .filter(event ->
                        type == null || type.asText().equals(event.event().type()))
                .count();
    }

    private static boolean isNothing(MeasuredAnswer answer) {
        return switch (answer) {
            case TrendAnswer trend ->
                trend.totals().stream()
                                .flatMap(line -> line.values().stream())
                                .allMatch(value -> value == null || value == 0)
                        && (trend.question().breakdown() == null
                                || trend.lines().isEmpty());
            case MetricAnswer metric -> metric.values().stream().allMatch(value -> value == null || value == 0);
            case TableAnswer table -> table.totalRows() == 0;
        };
    }
}
