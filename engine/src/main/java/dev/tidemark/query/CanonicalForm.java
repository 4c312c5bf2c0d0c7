package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a question so that equal questions give equal texts, whatever form they were asked in. */
final class CanonicalForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CanonicalForm() {}

    static String of(Question question) {
        return of(question, CanonicalForm::filter);
    }

    /**
     * A text that two questions share exactly when they ask the same but for the values that their filters pin properties to, which
     * are of the same types.
     */
    static String unpinned(Question question) {
        return of(question, filter -> unpinned(filter, Pins.of(filter)));
    }

    private static String of(Question question, Function<Filter, ObjectNode> filters) {
        ObjectNode form = JSON.objectNode();
        form.put("type", question.type());
        form.put("start", question.range().startMillis());
        form.put("end", question.range().endMillis());
        form.put("zone", question.zone().getId());
        if (question.filter() != null) {
            form.set("filter", filters.apply(question.filter()));
        }
        switch (question) {
            case MeasuredQuestion measured -> measured(form, measured, filters);
            case FunnelQuestion funnel -> FunnelForm.put(form, funnel);
            case RetentionQuestion retention -> retention(form, retention);
            case PathsQuestion paths -> paths(form, paths);
            case StickinessQuestion stickiness -> stickiness(form, stickiness);
            case CohortQuestion cohort -> CohortForm.put(form, cohort);
        }
        return form.toString();
    }

    /** A text that two questions share exactly when they ask the same at two moments: all but what follows from the moment. */
    static String timeless(Question question) {
        ObjectNode form = JSON.objectNode();
        form.put("type", question.type());
        form.put("zone", question.zone().getId());
        putFilter(form, question.filter());
        switch (question) {
            case TrendQuestion trend -> {
                putMeasures(form, trend);
                form.put("interval", trend.buckets().interval().wireName());
                form.put("compared", trend.compared() != null);
                putBreakdown(form, trend.breakdown());
            }
            case MetricQuestion metric -> {
                putMeasures(form, metric);
                form.put("compared", metric.compared() != null);
                if (metric.sparkline() != null) {
                    form.put("sparkline", timeless(metric.sparkline()));
                }
            }
            case TableQuestion table -> {
                putMeasures(form, table);
                putRows(form, table);
            }
            case FunnelQuestion funnel -> FunnelForm.putTimeless(form, funnel);
            case RetentionQuestion _, PathsQuestion _, StickinessQuestion _, CohortQuestion _ ->
                form.put("moment", question.cacheKey());
        }
        return form.toString();
    }

    /** What the values of a trend's bucket depend on, beside its span and the events. */
    static String trendShape(TrendQuestion trend, TopValues top) {
        ObjectNode form = shape(trend);
        if (trend.breakdown() != null) {
            form.put("by", trend.breakdown().property().path());
            ArrayNode values = form.putArray("top");
            top.texts().forEach(values::add);
        }
        return form.toString();
    }

    /** What the numbers of a ranking depend on, beside its span and the events. */
    static String rankingShape(TrendQuestion trend, Breakdown breakdown) {
        ObjectNode form = shape(trend);
        form.put("by", breakdown.property().path());
        return form.toString();
    }

    private static ObjectNode shape(TrendQuestion trend) {
        ObjectNode form = JSON.objectNode();
        putFilter(form, trend.filter());
        putMeasures(form, trend);
        return form;
    }

    private static void measured(ObjectNode form, MeasuredQuestion question, Function<Filter, ObjectNode> filters) {
        putMeasures(form, question);
        switch (question) {
            case TrendQuestion trend -> trend(form, trend);
            case MetricQuestion metric -> metric(form, metric, filters);
            case TableQuestion table -> table(form, table);
        }
    }

    private static void putMeasures(ObjectNode form, MeasuredQuestion question) {
        ArrayNode measures = form.putArray("measures");
        question.measures().forEach(measure -> measures.add(measure(measure)));
    }

    private static void stickiness(ObjectNode form, StickinessQuestion stickiness) {
        putScope(form, stickiness.scope());
        form.put("period", stickiness.periods().interval().wireName());
        form.put("first", stickiness.periods().edges().getFirst());
        form.put("partial", stickiness.partial());
    }

    private static void trend(ObjectNode form, TrendQuestion trend) {
        form.put("interval", trend.buckets().interval().wireName());
        form.put("first", trend.buckets().edges().getFirst());
        form.put("partial", trend.partialFrom());
        putBreakdown(form, trend.breakdown());
        putHorizon(form, "stands", trend.horizon());
        putHorizon(form, "compared_stands", trend.comparedHorizon());
        if (trend.compared() != null) {
            putRange(form, trend.compared().range());
            form.put("compared_first", trend.compared().edges().getFirst());
        }
    }

    private static void metric(ObjectNode form, MetricQuestion metric, Function<Filter, ObjectNode> filters) {
        putRange(form, metric.compared());
        putHorizon(form, "stands", metric.horizon());
        putHorizon(form, "compared_stands", metric.comparedHorizon());
        if (metric.sparkline() != null) {
            form.put("sparkline", of(metric.sparkline(), filters));
        }
    }

    private static void putHorizon(ObjectNode form, String name, Horizon horizon) {
        if (horizon.days() != null) {
            ArrayNode stands = form.putArray(name);
            horizon.days().stands().forEach(stands::add);
        }
        if (horizon.window() != null) {
            form.put(name + "_until", horizon.window().endMillis());
        }
    }

    private static void table(ObjectNode form, TableQuestion table) {
        putHorizon(form, "stands", table.horizon());
        putRows(form, table);
    }

    /** Which rows a table shows, in which order. */
    private static void putRows(ObjectNode form, TableQuestion table) {
        ArrayNode breakdowns = form.putArray("breakdowns");
        table.breakdowns().forEach(property -> breakdowns.add(property.path()));
        form.put("by_measure", table.sort().byMeasure());
        form.put("sort", table.sort().index());
        form.put("descending", table.sort().descending());
        form.put("limit", table.limit());
        form.put("offset", table.offset());
    }

    private static void retention(ObjectNode form, RetentionQuestion retention) {
        putScope(form.putObject("start_event"), retention.start());
        putScope(form.putObject("return_event"), retention.returning());
        form.put("first_time", retention.firstTime());
        form.put("or_after", retention.orAfter());
        RetentionPeriods periods = retention.periods();
        form.put("period", periods.interval().wireName());
        form.put("periods", periods.count());
        form.put("rolling", periods.rolling());
        form.put("first", periods.edges().getFirst());
        ArrayNode begun = form.putArray("begun");
        periods.begun().forEach(begun::add);
        ArrayNode complete = form.putArray("complete");
        periods.complete().forEach(complete::add);
        putBreakdown(form, retention.breakdown());
    }

    private static void paths(ObjectNode form, PathsQuestion paths) {
        putScope(form.putObject("anchor"), paths.anchor());
        form.put("before", paths.before());
        form.put("steps", paths.steps());
        form.put("limit", paths.limit());
        form.put("by", paths.by().path());
        form.put("collapse", paths.collapse());
    }

    private static void putRange(ObjectNode form, @Nullable TimeRange compared) {
        if (compared != null) {
            form.put("compared_start", compared.startMillis());
            form.put("compared_end", compared.endMillis());
        }
    }

    static void putScope(ObjectNode form, Scope scope) {
        ArrayNode types = form.putArray("events");
        scope.eventTypes().forEach(types::add);
        putFilter(form, scope.filter());
    }

    static void putBreakdown(ObjectNode form, @Nullable Breakdown breakdown) {
        if (breakdown != null) {
            form.put("breakdown", breakdown.property().path());
            form.put("limit", breakdown.limit());
        }
    }

    static ObjectNode measure(Measure measure) {
        ObjectNode form = JSON.objectNode();
        form.put("name", measure.name());
        if (measure instanceof Measure.Counted counted) {
            putScope(form, counted.scope());
        }
        switch (measure) {
            case Measure.EventCount _ -> form.put("measure", "events");
            case Measure.DistinctUsers users -> form.put("measure", "users").put("exact", users.exact());
            case Measure.Sessions sessions -> form.put("measure", "sessions").put("exact", sessions.exact());
            case Measure.EventsPerUser perUser ->
                form.put("measure", "events_per_user").put("exact", perUser.exact());
            case Measure.NumericAggregate numeric ->
                form.put("measure", numeric.function().wireName())
                        .put("property", numeric.property().path());
            case Measure.DistinctValues values ->
                form.put("measure", "distinct")
                        .put("property", values.property().path())
                        .put("exact", values.exact());
            case Measure.Trailing trailing ->
                form.put("measure", trailing.function().wireName()).put("exact", trailing.exact());
            case Measure.OfSessions ofSessions -> {
                form.put("measure", ofSessions.function().wireName());
                ArrayNode conversion = form.putArray("conversion");
                ofSessions.conversion().forEach(conversion::add);
            }
            case Measure.ActiveNow now ->
                form.put("measure", "active_users_now")
                        .put("minutes", now.minutes())
                        .put("exact", now.exact());
            case Measure.Formula formula -> form.set("formula", expression(formula.expression()));
        }
        return form;
    }

    private static ArrayNode expression(Expression expression) {
        ArrayNode form = JSON.arrayNode();
        switch (expression) {
            case Expression.Constant constant -> form.add(constant.value());
            case Expression.Reference reference -> form.add(reference.measure());
            case Expression.Binary binary ->
                form.add(String.valueOf(binary.sign().symbol()))
                        .add(expression(binary.left()))
                        .add(expression(binary.right()));
        }
        return form;
    }

    static void putFilter(ObjectNode form, @Nullable Filter filter) {
        if (filter != null) {
            form.set("filter", filter(filter));
        }
    }

    static ObjectNode filter(Filter filter) {
        ObjectNode form = JSON.objectNode();
        switch (filter) {
            case Filter.And and -> group(form, "and", and.filters(), CanonicalForm::filter);
            case Filter.Or or -> group(form, "or", or.filters(), CanonicalForm::filter);
            case Filter.Not not -> form.set("not", filter(not.filter()));
            case Filter.Test test -> {
                form.put("property", test.property().path());
                form.put("operator", test.operator().wireName());
                ArrayNode values = form.putArray("values");
                List<Scalar> listed = new ArrayList<>(test.values());
                if (test.operator().takesList()) {
                    listed = listed.stream().distinct().toList();
                }
                listed.forEach(value -> add(values, value));
            }
            case Filter.InCohort in -> form.set("cohort", CohortForm.of(in.cohort()));
        }
        return form;
    }

    /** With the type of each pin in the place of its value. */
    private static ObjectNode unpinned(Filter filter, Map<Property, Scalar> pins) {
        return switch (filter) {
            case Filter.And and -> {
                ObjectNode form = JSON.objectNode();
                group(form, "and", and.filters(), member -> unpinned(member, pins));
                yield form;
            }
            case Filter.Test test
            when Pins.isPin(test, pins) ->
                JSON.objectNode()
                        .put("pinned", test.property().path())
                        .put(
                                "as",
                                switch (test.values().getFirst()) {
                                    case Scalar.Text _ -> "text";
                                    case Scalar.Numeric _ -> "number";
                                    case Scalar.Flag _ -> "flag";
                                });
            case Filter.Test _, Filter.Or _, Filter.Not _, Filter.InCohort _ -> filter(filter);
        };
    }

    /** The order and repetition within a group mean nothing. */
    private static void group(
            ObjectNode form, String word, List<Filter> filters, Function<Filter, ObjectNode> written) {
        ArrayNode members = form.putArray(word);
        filters.stream()
                .map(member -> written.apply(member).toString())
                .distinct()
                .sorted()
                .forEach(members::add);
    }

    private static void add(ArrayNode values, Scalar value) {
        switch (value) {
            case Scalar.Text text -> values.add(text.value());
            case Scalar.Numeric number -> values.add(number.value());
            case Scalar.Flag flag -> values.add(flag.value());
        }
    }
}
