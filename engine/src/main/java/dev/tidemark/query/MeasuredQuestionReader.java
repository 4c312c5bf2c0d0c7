package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Reads questions for measures. */
final class MeasuredQuestionReader {
    private static final int DEFAULT_ROWS = 50;

    private MeasuredQuestionReader() {}

    static TrendQuestion trend(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        Interval chosen = CommonFields.interval(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, chosen, true);
        Interval interval = chosen == null ? Interval.suiting(range.endMillis() - range.startMillis()) : chosen;
        Buckets buckets = Buckets.cut(range, interval, zone, context.weekStart());
        Comparison comparison = CommonFields.comparison(fields);
        return new TrendQuestion(
                MeasureReader.read(fields, context),
                CommonFields.filter(fields, context),
                buckets,
                CommonFields.breakdown(fields),
                comparison == null ? null : buckets.movedBack(Shift.of(comparison, range, zone, interval)),
                buckets.firstEndingAfter(context.now()));
    }

    static MetricQuestion metric(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, null, false);
        Comparison comparison = CommonFields.comparison(fields);
        return new MetricQuestion(
                MeasureReader.read(fields, context),
                CommonFields.filter(fields, context),
                range,
                zone,
                comparison == null
                        ? null
                        : Shift.of(comparison, range, zone, null).back(range, zone));
    }

    static TableQuestion table(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        List<Measure> measures = MeasureReader.read(fields, context);
        List<Property> breakdowns = new ArrayList<>();
        List<JsonNode> paths = fields.list("breakdowns");
        for (int i = 0; i < paths.size(); i++) {
            String at = "breakdowns[" + i + "]";
            breakdowns.add(Fields.property(Fields.text(paths.get(i), at), at));
        }
        return new TableQuestion(
                measures,
                CommonFields.filter(fields, context),
                new RangeReader(context, zone).read(fields, null, false),
                zone,
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
