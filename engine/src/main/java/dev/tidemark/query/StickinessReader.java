package dev.tidemark.query;

import java.time.ZoneId;

/** Reads questions of how often persons come back. */
final class StickinessReader {
    private StickinessReader() {}

    /**
     * {@code filter} is that of the question, as in every other; {@code event} says which types make a person active.
     */
    static StickinessQuestion read(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        Interval period = CommonFields.period(fields, Interval.DAY);
        TimeRange range = new RangeReader(context, zone).read(fields, period, true);
        Buckets periods =
                Fields.renamed("interval", "period", () -> Buckets.cut(range, period, zone, context.weekStart()));
        return new StickinessQuestion(
                new Scope(ScopeReader.eventTypes(fields, "event"), null),
                CommonFields.filter(fields, context),
                periods,
                periods.firstEndingAfter(context.now()) < periods.size());
    }
}
