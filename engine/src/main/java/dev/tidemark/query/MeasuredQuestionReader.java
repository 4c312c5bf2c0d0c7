package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads questions for measures. */
final class MeasuredQuestionReader {
    private static final int DEFAULT_ROWS = 50;

    private MeasuredQuestionReader() {}

    static TrendQuestion trend(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        List<Measure> measures = MeasureReader.read(fields, context);
        Interval chosen = CommonFields.interval(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, chosen, true);
        Interval interval = chosen == null ? suiting(range, measures) : chosen;
        Buckets buckets = Buckets.cut(range, interval, zone, context.weekStart());
        Comparison comparison = CommonFields.comparison(fields);
        Buckets compared = comparison == null ? null : buckets.movedBack(Shift.of(comparison, range, zone, interval));
        return new TrendQuestion(
                measures,
                CommonFields.filter(fields, context),
                buckets,
                CommonFields.breakdown(fields),
                compared,
                Horizon.of(measures, buckets, context.now()),
                compared == null ? Horizon.NONE : Horizon.of(measures, compared, context.now()),
                buckets.firstEndingAfter(context.now()));
    }

    /** Measures of trailing days have no shorter interval than a day. */
    private static Interval suiting(TimeRange range, List<Measure> measures) {
        Interval suiting = Interval.suiting(range.endMillis() - range.startMillis());
        return !suiting.isOfDays() && measures.stream().anyMatch(Measure.Trailing.class::isInstance)
                ? Interval.DAY
                : suiting;
    }

    static MetricQuestion metric(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        List<Measure> measures = MeasureReader.read(fields, context);
        Filter filter = CommonFields.filter(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, null, false);
        Comparison comparison = CommonFields.comparison(fields);
        TimeRange compared = comparison == null
                ? null
                : Shift.of(comparison, range, zone, null).back(range, zone);
        Horizon horizon = Horizon.of(measures, range, zone, context.now());
        Horizon comparedHorizon = Horizon.NONE;
        if (comparison != null && compared != null) {
            TimeRange window = horizon.window();
            comparedHorizon = Horizon.of(measures, compared, zone, context.now())
                    .withWindow(
                            window == null
                                    ? null
                                    : Shift.of(comparison, window, zone, null).back(window, zone));
        }
        return new MetricQuestion(
                measures,
                filter,
                range,
                zone,
                compared,
                horizon,
                comparedHorizon,
                sparkline(fields, context, measures, filter, range, zone));
    }

    /** The first measure over the buckets of the range, with those that it is computed from. */
    private static @Nullable TrendQuestion sparkline(
            Fields fields,
            QuestionContext context,
            List<Measure> measures,
            @Nullable Filter filter,
            TimeRange range,
            ZoneId zone) {
        JsonNode asked = fields.node("sparkline");
        if (asked == null || (asked.isBoolean() && !asked.booleanValue())) {
            return null;
        }
        Measure first = measures.getFirst();
        List<Measure> needed = new ArrayList<>();
        if (first instanceof Measure.Formula formula) {
            List<String> references = formula.expression().references();
            measures.stream()
                    .filter(measure -> references.contains(measure.name()))
                    .forEach(needed::add);
        }
        needed.add(first);
        if (needed.stream().anyMatch(Measure.ActiveNow.class::isInstance)) {
            throw Fields.invalid("sparkline", "active_users_now has no past; name another measure first");
        }
        Interval interval = asked.isBoolean() ? suiting(range, needed) : sparklineInterval(asked, range, needed);
        if (!interval.isOfDays() && needed.stream().anyMatch(Measure.Trailing.class::isInstance)) {
            throw Fields.invalid("sparkline", "measures of trailing days need the interval day, week or month");
        }
        Buckets buckets =
                Fields.renamed("interval", "sparkline", () -> Buckets.cut(range, interval, zone, context.weekStart()));
        return new TrendQuestion(
                needed,
                filter,
                buckets,
                null,
                null,
                Horizon.of(needed, buckets, context.now()),
                Horizon.NONE,
                buckets.firstEndingAfter(context.now()));
    }

    private static Interval sparklineInterval(JsonNode asked, TimeRange range, List<Measure> measures) {
        String word = asked.isTextual() ? asked.textValue() : "";
        if (word.equals("auto")) {
            return suiting(range, measures);
        }
        return Arrays.stream(Interval.values())
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid(
                        "sparkline", "must be true, false, or one of minute, hour, day, week, month, auto"));
    }

    static TableQuestion table(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        List<Measure> measures = MeasureReader.read(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, null, false);
        List<Property> breakdowns = new ArrayList<>();
        List<JsonNode> paths = fields.list("breakdowns");
        for (int i = 0; i < paths.size(); i++) {
            String at = "breakdowns[" + i + "]";
            breakdowns.add(Fields.property(Fields.text(paths.get(i), at), at));
        }
        return new TableQuestion(
                measures,
                CommonFields.filter(fields, context),
                range,
                zone,
                Horizon.of(measures, range, zone, context.now()),
                breakdowns,
                sort(fields, measures, breakdowns),
                fields.integer("limit", DEFAULT_ROWS),
                fields.integer("offset", 0));
    }

    private static TableQuestion.Sort sort(Fields question, List<Measure> measures, List<Property> breakdowns) {
        if (!question.has("sort")) {
            return new TableQuestion.Sort(true, 0, true);
        }
        Fields fields = Fields.of(question.required("sort"), "sort", List.of("measure", "breakdown", "direction"));
        if (fields.has("measure") == fields.has("breakdown")) {
            throw Fields.invalid("sort", "name either a measure or a breakdown");
        }
        boolean byMeasure = fields.has("measure");
        String member = byMeasure ? "measure" : "breakdown";
        String column = fields.requiredText(member);
        int index = byMeasure
                ? measures.stream().map(Measure::name).toList().indexOf(column)
                : breakdowns.stream().map(Property::path).toList().indexOf(column);
        if (index < 0) {
            throw Fields.invalid(
                    fields.at(member), "'" + Fields.abbreviated(column) + "' is no " + member + " of this table");
        }
        String direction = fields.text("direction").orElse(byMeasure ? "desc" : "asc");
        if (!direction.equals("asc") && !direction.equals("desc")) {
            throw Fields.invalid(fields.at("direction"), "must be asc or desc");
        }
        return new TableQuestion.Sort(byMeasure, index, direction.equals("desc"));
    }
}
