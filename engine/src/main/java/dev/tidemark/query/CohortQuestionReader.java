package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Reads cohort reports. */
final class CohortQuestionReader {
    static final List<String> KNOWN =
            List.of("cohorts", "start", "entry", "period", "periods", "measure", "per_member");
    private static final int DEFAULT_PERIODS = 8;

    private CohortQuestionReader() {}

    static CohortQuestion read(Fields fields, QuestionContext context) {
        if (fields.has("cohorts") == fields.has("start")) {
            throw Fields.invalid("cohorts", "name either cohorts, or a start event");
        }
        ZoneId zone = CommonFields.zone(fields, context);
        Interval period = CommonFields.period(fields, Interval.WEEK);
        TimeRange range = new RangeReader(context, zone).read(fields, period, true);
        Buckets ofRange = Buckets.cut(range, period, zone, context.weekStart());
        CohortQuestion.Rows rows = fields.has("cohorts") ? cohorts(fields, context) : starts(fields, ofRange, context);
        Buckets columns = switch (rows) {
            case CohortQuestion.OfCohorts _ -> ofRange;
            case CohortQuestion.OfStarts starts ->
                Buckets.cut(
                        new TimeRange(range.start(), end(ofRange, starts.periods() - 1)),
                        period,
                        zone,
                        context.weekStart());
        };
        return new CohortQuestion(
                rows,
                measure(fields, context),
                fields.flag("per_member"),
                CommonFields.filter(fields, context),
                range,
                columns,
                columns.firstEndingAfter(context.now()),
                begun(columns, context.now()));
    }

    private static CohortQuestion.OfCohorts cohorts(Fields fields, QuestionContext context) {
        for (String word : List.of("entry", "periods")) {
            if (fields.has(word)) {
                throw Fields.invalid(word, "means nothing for cohorts, whose periods are those of the range");
            }
        }
        List<Cohort> cohorts = new ArrayList<>();
        List<JsonNode> ids = fields.list("cohorts");
        for (int i = 0; i < Math.min(ids.size(), CohortQuestion.MAX_COHORTS + 1); i++) {
            String at = "cohorts[" + i + "]";
            String id = Fields.text(ids.get(i), at);
            if (cohorts.stream().anyMatch(cohort -> cohort.id().equals(id))) {
                throw Fields.invalid(at, "a cohort can be given once only");
            }
            cohorts.add(CohortReader.resolve(id, at, context));
        }
        return new CohortQuestion.OfCohorts(cohorts);
    }

    private static CohortQuestion.OfStarts starts(Fields fields, Buckets ofRange, QuestionContext context) {
        Fields start = Fields.of(fields.required("start"), "start", ScopeReader.KNOWN);
        String entry = fields.text("entry").orElse("recurring");
        if (!entry.equals("recurring") && !entry.equals("first_time")) {
            throw Fields.invalid("entry", "must be recurring or first_time");
        }
        return new CohortQuestion.OfStarts(
                ScopeReader.read(start, context),
                entry.equals("first_time"),
                ofRange.size(),
                fields.integer("periods", DEFAULT_PERIODS));
    }

    private static Measure.Counted measure(Fields fields, QuestionContext context) {
        if (!fields.has("measure")) {
            return new Measure.DistinctUsers("users", Scope.EVERYTHING, false);
        }
        Measure measure = MeasureReader.measure(fields.required("measure"), "measure", context);
        if (!(measure instanceof Measure.Counted counted)) {
            throw Fields.invalid("measure", "cannot be a formula");
        }
        if (Family.of(counted) != Family.EVENTS) {
            throw Fields.invalid("measure.measure", "must be a measure of events, as users, events or sum");
        }
        return counted;
    }

    /** Where so many further periods end. */
    private static Instant end(Buckets buckets, int more) {
        LocalDate last = Instant.ofEpochMilli(buckets.edges().getLast())
                .atZone(buckets.zone())
                .toLocalDate();
        LocalDate moved = switch (buckets.interval()) {
            case WEEK -> last.plusWeeks(more);
            case MONTH -> last.plusMonths(more);
            case MINUTE, HOUR, DAY -> last.plusDays(more);
        };
        Instant end = moved.atStartOfDay(buckets.zone()).toInstant();
        if (end.isAfter(TimeRange.EVER.end())) {
            throw Fields.invalid("periods", "the periods must lie before the year 2106");
        }
        return end;
    }

    private static int begun(Buckets columns, Instant now) {
        int column = 0;
        while (column < columns.size() && !columns.time(column).isAfter(now)) {
            column++;
        }
        return column;
    }
}
