package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.List;

/** Reads questions for retention. */
final class RetentionReader {
    private static final int DEFAULT_PERIODS = 8;

    private RetentionReader() {}

    static RetentionQuestion read(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        Interval interval = CommonFields.period(fields, Interval.DAY);
        TimeRange range = new RangeReader(context, zone).read(fields, interval, true);
        boolean rolling =
                fields.word("alignment", List.of("calendar", "rolling")).equals("rolling");
        return new RetentionQuestion(
                scope(fields, "start", context),
                scope(fields, "return", context),
                CommonFields.filter(fields, context),
                RetentionPeriods.of(
                        Buckets.cut(range, interval, zone, context.weekStart()),
                        context.weekStart(),
                        fields.integer("periods", DEFAULT_PERIODS),
                        rolling,
                        context.now()),
                fields.word("entry", List.of("recurring", "first_time")).equals("first_time"),
                fields.word("criterion", List.of("on", "on_or_after")).equals("on_or_after"),
                CommonFields.breakdown(fields));
    }

    /** All events where it is absent. */
    private static Scope scope(Fields question, String name, QuestionContext context) {
        JsonNode node = question.node(name);
        return node == null
                ? Scope.EVERYTHING
                : ScopeReader.read(Fields.of(node, question.at(name), ScopeReader.KNOWN), context);
    }
}
