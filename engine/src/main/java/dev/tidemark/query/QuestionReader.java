package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions from JSON and resolves what depends on the moment. Every failure is {@code INVALID_FIELD} with the JSON path of
 * what is wrong, as in {@code measures[1].property}; members that mean nothing are refused by name.
 */
public final class QuestionReader {
    private static final int MAX_LENGTH = 65_536;
    private static final int DEFAULT_ROWS = 50;
    private static final List<String> COMMON = List.of("type", "measures", "range", "filter", "zone");

    private QuestionReader() {}

    public static Question read(JsonNode node, QuestionContext context) {
        Fields fields = Fields.open(node, "");
        if (node.toString().length() > MAX_LENGTH) {
            throw Fields.invalid("question", "can have at most " + MAX_LENGTH + " characters");
        }
        String type = fields.requiredText("type");
        return switch (type) {
            case "trend" -> trend(Fields.of(node, "", with("interval", "breakdown", "compare")), context);
            case "metric" -> metric(Fields.of(node, "", with("compare")), context);
            case "table" -> table(Fields.of(node, "", with("breakdowns", "sort", "limit", "offset")), context);
            default ->
                throw Fields.invalid(
                        "type", "'" + Fields.abbreviated(type) + "' is no question; known are trend, metric, table");
        };
    }

    private static TrendQuestion trend(Fields fields, QuestionContext context) {
        ZoneId zone = zone(fields, context);
        Interval chosen = interval(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, chosen, true);
        Interval interval = chosen == null ? Interval.suiting(range.endMillis() - range.startMillis()) : chosen;
        Buckets buckets = Buckets.cut(range, interval, zone, context.weekStart());
        Comparison comparison = comparison(fields);
        return new TrendQuestion(
                MeasureReader.read(fields),
                filter(fields, context),
                buckets,
                breakdown(fields),
                comparison == null ? null : buckets.movedBack(Shift.of(comparison, range, zone, interval)),
                buckets.firstEndingAfter(context.now()));
    }

    private static MetricQuestion metric(Fields fields, QuestionContext context) {
        ZoneId zone = zone(fields, context);
        TimeRange range = new RangeReader(context, zone).read(fields, null, false);
        Comparison comparison = comparison(fields);
        return new MetricQuestion(
                MeasureReader.read(fields),
                filter(fields, context),
                range,
                zone,
                comparison == null
                        ? null
                        : Shift.of(comparison, range, zone, null).back(range, zone));
    }

    private static TableQuestion table(Fields fields, QuestionContext context) {
        ZoneId zone = zone(fields, context);
        List<Measure> measures = MeasureReader.read(fields);
        List<Property> breakdowns = new ArrayList<>();
        List<JsonNode> paths = fields.list("breakdowns");
        for (int i = 0; i < paths.size(); i++) {
            String at = "breakdowns[" + i + "]";
            breakdowns.add(Fields.property(Fields.text(paths.get(i), at), at));
        }
        return new TableQuestion(
                measures,
                filter(fields, context),
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

    private static @Nullable Filter filter(Fields fields, QuestionContext context) {
        JsonNode own = fields.node("filter");
        JsonNode locked = context.lockedFilter();
        Filter asked = own == null ? null : FilterReader.read(own, "filter");
        if (locked == null || locked.isNull()) {
            return asked;
        }
        Filter lock = FilterReader.read(locked, "locked_filter");
        return asked == null ? lock : new Filter.And(List.of(lock, asked));
    }

    private static @Nullable Breakdown breakdown(Fields question) {
        if (!question.has("breakdown")) {
            return null;
        }
        Fields fields = Fields.of(question.required("breakdown"), "breakdown", List.of("property", "limit"));
        return new Breakdown(
                Fields.property(fields.requiredText("property"), fields.at("property")),
                fields.integer("limit", Breakdown.DEFAULT_LIMIT));
    }

    private static @Nullable Comparison comparison(Fields fields) {
        Optional<String> word = fields.text("compare");
        if (word.isEmpty()) {
            return null;
        }
        return Arrays.stream(Comparison.values())
                .filter(candidate -> candidate.wireName().equals(word.get()))
                .findFirst()
                .orElseThrow(() -> Fields.invalid(
                        "compare",
                        "must be one of "
                                + Arrays.stream(Comparison.values())
                                        .map(Comparison::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    /** Null for {@code auto}. */
    private static @Nullable Interval interval(Fields fields, QuestionContext context) {
        String overriding = context.interval();
        String word = overriding == null ? fields.text("interval").orElse("auto") : overriding;
        if (word.equals("auto")) {
            return null;
        }
        return Arrays.stream(Interval.values())
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid("interval", "must be one of minute, hour, day, week, month, auto"));
    }

    /** All names of UTC are one zone. */
    private static ZoneId zone(Fields fields, QuestionContext context) {
        ZoneId zone = context.zone();
        Optional<String> id = fields.text("zone");
        if (id.isPresent()) {
            try {
                zone = ZoneId.of(id.get());
            } catch (DateTimeException e) {
                throw Fields.invalid(
                        "zone", "'" + Fields.abbreviated(id.get()) + "' is no time zone; write one as Europe/Berlin");
            }
        }
        return zone.normalized().equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
    }

    private static List<String> with(String... more) {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(List.of(more));
        return known;
    }
}
