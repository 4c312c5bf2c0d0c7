package dev.tidemark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Problem;
import java.io.IOException;
import java.time.Instant;

/**
 * One widget with its numbers, or with why there are none, in the form that it has in a report. Immutable; its JSON is not to be
 * modified.
 */
public final class WidgetAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Widget widget;
    private final WidgetOutcome outcome;
    private final ObjectNode json;
    private final Instant askedAt;

    private WidgetAnswer(Widget widget, WidgetOutcome outcome, ObjectNode json, Instant askedAt) {
        this.widget = widget;
        this.outcome = outcome;
        this.json = json;
        this.askedAt = askedAt;
    }

    static WidgetAnswer of(Widget widget, WidgetOutcome outcome, Instant now, String correlationId) {
        return switch (outcome) {
            case WidgetOutcome.Fresh fresh -> of(widget, outcome, fresh.result());
            case WidgetOutcome.Stale stale -> of(widget, outcome, stale.result());
            case WidgetOutcome.Failed failed -> {
                ObjectNode json = ReportJson.widgetHead(widget);
                json.set("error", JSON.valueToTree(Problem.body(failed.failure(), correlationId)));
                yield new WidgetAnswer(widget, outcome, json, now);
            }
        };
    }

    private static WidgetAnswer of(Widget widget, WidgetOutcome outcome, CachedResult result) {
        try {
            ObjectNode json = ReportJson.widgetHead(widget);
            json.set("data", JSON.readTree(result.json()));
            return new WidgetAnswer(widget, outcome, json, result.askedAt());
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer is not JSON", e);
        }
    }

    /** A widget with data that came about elsewhere, as in {@code {"widget_id", "type", ..., "data"}}. */
    public static ObjectNode json(Widget widget, ObjectNode data) {
        ObjectNode json = ReportJson.widgetHead(widget);
        json.set("data", data);
        return json;
    }

    public ObjectNode json() {
        return json;
    }

    /** When the question was put. */
    public Instant askedAt() {
        return askedAt;
    }

    /** Whether the numbers are those of before, because the store could not be asked. */
    public boolean isStale() {
        return outcome instanceof WidgetOutcome.Stale;
    }

    /** Whether the numbers are those of when they were asked for. */
    public boolean isFresh() {
        return outcome instanceof WidgetOutcome.Fresh;
    }

    /** Whether both show the same. */
    public boolean looksLike(WidgetAnswer other) {
        return widget.equals(other.widget)
                && switch (outcome) {
                    case WidgetOutcome.Fresh fresh ->
                        other.outcome instanceof WidgetOutcome.Fresh(var _, CachedResult result)
                                && result.contentHash().equals(fresh.result().contentHash());
                    case WidgetOutcome.Stale stale ->
                        other.outcome instanceof WidgetOutcome.Stale(CachedResult result)
                                && result.contentHash().equals(stale.result().contentHash());
                    case WidgetOutcome.Failed _ -> json.equals(other.json);
                };
    }
}
