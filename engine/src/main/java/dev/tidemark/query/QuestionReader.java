package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads questions from JSON and resolves what depends on the moment. Every failure is {@code INVALID_FIELD} with the JSON path of
 * what is wrong, as in {@code measures[1].property}; members that mean nothing are refused by name.
 */
public final class QuestionReader {
    private static final int MAX_LENGTH = 65_536;
    private static final List<String> COMMON = List.of("type", "range", "filter", "zone");

    private QuestionReader() {}

    public static Question read(JsonNode node, QuestionContext context) {
        Fields fields = Fields.open(node, "");
        if (node.toString().length() > MAX_LENGTH) {
            throw Fields.invalid("question", "can have at most " + MAX_LENGTH + " characters");
        }
        String type = fields.requiredText("type");
        return switch (type) {
            case "trend" ->
                MeasuredQuestionReader.trend(known(node, "measures", "interval", "breakdown", "compare"), context);
            case "metric" -> MeasuredQuestionReader.metric(known(node, "measures", "compare", "sparkline"), context);
            case "table" ->
                MeasuredQuestionReader.table(known(node, "measures", "breakdowns", "sort", "limit", "offset"), context);
            case "funnel" -> FunnelReader.read(known(node, FunnelReader.KNOWN), context);
            case "retention" ->
                RetentionReader.read(
                        known(
                                node,
                                "start",
                                "return",
                                "period",
                                "periods",
                                "entry",
                                "alignment",
                                "criterion",
                                "breakdown"),
                        context);
            case "paths" ->
                PathsReader.read(known(node, "anchor", "direction", "steps", "limit", "by", "repeats"), context);
            case "stickiness" -> StickinessReader.read(known(node, "event", "period"), context);
            case "cohort" ->
                CohortQuestionReader.read(known(node, CohortQuestionReader.KNOWN.toArray(String[]::new)), context);
            default ->
                throw Fields.invalid(
                        "type",
                        "'" + Fields.abbreviated(type)
                                + "' is no question; known are trend, metric, table, funnel, retention, cohort,"
                                + " paths, stickiness");
        };
    }

    /** The members of a question, which may have these besides those that all have. */
    private static Fields known(JsonNode node, String... more) {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(List.of(more));
        return Fields.of(node, "", known);
    }
}
