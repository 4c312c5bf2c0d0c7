package dev.tidemark.query;

import java.time.ZoneId;
import java.util.List;

/** Reads questions of how often persons come back. */
final class StickinessReader {
    private static final List<Interval> PERIODS = List.of(Interval.DAY, Interval.WEEK, Interval.MONTH);

    private StickinessReader() {}

    /**
     * {@code filter} is that of the question, as in every other; {@code event} says which types make a person active.
     */
    static StickinessQuestion read(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        Interval period = period(fields);
        TimeRange range = new RangeReader(context, zone).read(fields, period, true);
        Buckets periods =
                Fields.renamed("interval", "period", () -> Buckets.cut(range, period, zone, context.weekStart()));
        return new StickinessQuestion(
                new Scope(ScopeReader.eventTypes(fields, "event"), null),
                CommonFields.filter(fields, context),
                periods,
                periods.firstEndingAfter(context.now()) < periods.size());
    }

    private static Interval period(Fields fields) {
        String word = fields.text("period").orElse("day");
        return PERIODS.stream()
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid("period", "must be one of day, week, month"));
    }
}
