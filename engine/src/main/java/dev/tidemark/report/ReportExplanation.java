package dev.tidemark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Problem;
import dev.tidemark.query.Question;
import java.time.Instant;
import java.util.function.Function;

/** A report whose widgets are answered one after the other, past the cache of answers, each with how its answer came about. */
final class ReportExplanation {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WidgetAnswers answers;

    ReportExplanation(WidgetAnswers answers) {
        this.answers = answers;
    }

    /** Fails with {@code INVALID_FIELD} when an override cannot be read. */
    ObjectNode of(
            Report report,
            Function<Widget, Question> questions,
            Instant now,
            Overrides overrides,
            String correlationId) {
        ObjectNode explained = JSON.createObjectNode()
                .put("report_id", report.id().value())
                .put("report_name", report.name())
                .put("generated_at", now.toString())
                .put("stale", false);
        ArrayNode widgets = explained.putArray("widgets");
        for (Widget widget : report.widgets()) {
            ObjectNode node = ReportJson.widgetHead(widget);
            widgets.add(node);
            try {
                Question question = questions.apply(widget);
                node.setAll(answers.explained(report.tenant(), question));
            } catch (TidemarkException e) {
                if (overrides.areAtFault(e)) {
                    throw e;
                }
                node.putPOJO("error", Problem.body(e, correlationId));
            }
        }
        return explained;
    }
}
