package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one tenant is told of trailing users, sessions, active users and stickiness never comes from another's events. */
final class MeasureIsolationTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Instant MIDDLE = Instant.parse("2025-05-10T12:00:00Z");
    private static final List<String> HOSTILE = List.of(
            "' OR 1 = 1 --",
            "') OR (tenant_id != '",
            "{tenant:String}",
            "\\') UNION ALL SELECT * FROM events --",
            "'; DROP TABLE events; --",
            "größe ✓");
    private static final List<String> MEASURES = List.of(
            "dau",
            "wau",
            "mau",
            "stickiness",
            "session_duration",
            "median_session_duration",
            "p90_session_duration",
            "bounce_rate",
            "engagement_rate",
            "events_per_session",
            "pages_per_session",
            "active_users_now");

    private final QueryFixture fixture = new QueryFixture();

    private void fill(TenantId tenant) {
        fixture.insert(new VisitEvents(tenant, ZoneOffset.UTC, MIDDLE, 4, 5).take(200));
    }

    private static ObjectNode question(String type) {
        ObjectNode question = JSON.objectNode().put("type", type);
        question.putObject("range").put("start_time", "2025-05-05").put("end_time", "2025-05-15");
        return question;
    }

    private Answer ask(TenantId tenant, ObjectNode question) {
        return fixture.engine.answer(
                tenant, QuestionReader.read(question, QuestionContext.plain(MIDDLE, ZoneOffset.UTC, DayOfWeek.MONDAY)));
    }

    private List<ObjectNode> questions(String text) {
        List<ObjectNode> questions = new ArrayList<>();
        for (String type : text.isEmpty() ? List.of("metric", "trend", "table") : List.of("trend")) {
            for (String word : MEASURES) {
                if (word.equals("active_users_now") && !type.equals("metric")) {
                    continue;
                }
                ObjectNode question = question(type);
                ArrayNode measures = question.putArray("measures");
                ObjectNode measure = measures.addObject().put("name", "m0").put("measure", word);
                if (!text.isEmpty()) {
                    measure.putArray("event").add(text).add("page_view");
                    measure.putObject("filter")
                            .put("property", "properties." + text)
                            .put("operator", "is_not_set");
                }
                if (word.equals("engagement_rate") && !text.isEmpty()) {
                    measure.putArray("conversion").add(text);
                }
                if (type.equals("trend")) {
                    question.put("interval", "day").put("compare", "week");
                    question.putObject("breakdown").put("property", text.isEmpty() ? "country" : "properties." + text);
                } else if (type.equals("table")) {
                    question.putArray("breakdowns").add(text.isEmpty() ? "country" : "properties." + text);
                } else if (!word.equals("active_users_now")) {
                    question.put("sparkline", "day");
                }
                questions.add(question);
            }
        }
        ObjectNode stickiness = question("stickiness");
        if (!text.isEmpty()) {
            stickiness.put("event", text);
        }
        questions.add(stickiness);
        return questions;
    }

    @Test
    void tellsATenantWithoutEventsThatThereIsNothing() {
        fill(QueryFixture.newTenant());
        TenantId mine = QueryFixture.newTenant();
        for (ObjectNode question : questions("")) {
            Answer answer = ask(mine, question);
            boolean nothing = answer instanceof StickinessAnswer stickiness
                    ? stickiness.total() == 0
                    : isNothing((MeasuredAnswer) answer);
            assertThat(nothing).as(question.toString()).isTrue();
        }
    }

    private static boolean isNothing(MeasuredAnswer answer) {
        return switch (answer) {
            case MetricAnswer metric -> isNothing(metric.values().getFirst());
            case TrendAnswer trend ->
                trend.lines().isEmpty()
                        && trend.totals().stream()
                                .flatMap(line -> line.values().stream())
                                .allMatch(MeasureIsolationTest::isNothing);
            case TableAnswer table ->
                table.totalRows() == 0 && isNothing(table.totals().getFirst());
        };
    }

    private static boolean isNothing(@Nullable Double value) {
        return value == null || value == 0;
    }

    @Test
    void answersTheSameWhateverOthersHaveUnderTheSameNames() {
        TenantId mine = QueryFixture.newTenant();
        fill(mine);
        List<String> before = answers(mine);
        TenantId other = QueryFixture.newTenant();
        List<StoredEvent> more = new VisitEvents(other, ZoneOffset.UTC, MIDDLE, 4, 6).take(500);
        fixture.insert(more);
        assertThat(answers(mine)).isEqualTo(before);
        assertThat(answers(other)).isNotEqualTo(before);
    }

    private List<String> answers(TenantId tenant) {
        List<String> answers = new ArrayList<>();
        questions("")
                .forEach(question -> answers.add(ask(tenant, question).toJson().toString()));
        for (String text : HOSTILE) {
            questions(text)
                    .forEach(question ->
                            answers.add(ask(tenant, question).toJson().toString()));
        }
        return answers;
    }
}
