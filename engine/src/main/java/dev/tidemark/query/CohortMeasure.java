package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A measure of a start period in two steps, so that persons can be sorted into rows in between: first of each person and period, then
 * of all persons of a row.
 *
 * @param ofPerson an aggregate of events
 * @param ofRow an aggregate of the former, named {@code v}, beside {@code person}
 */
record CohortMeasure(String ofPerson, String ofRow) {

    static CohortMeasure of(Measure.Counted measure, Parameters parameters) {
        String scope = new Conditions(parameters).of(measure.scope());
        return switch (measure) {
            case Measure.EventCount _ -> new CohortMeasure(count(scope), "sum(v)");
            case Measure.DistinctUsers users ->
                new CohortMeasure("toUInt8(" + count(scope) + " > 0)", persons(users.exact()));
            case Measure.EventsPerUser perUser ->
                new CohortMeasure(count(scope), "sum(v) / nullIf(" + persons(perUser.exact()) + ", 0)");
            case Measure.Sessions sessions -> distinct("session_id", and("session_id != ''", scope), sessions.exact());
            case Measure.DistinctValues values -> {
                PropertyColumns columns = PropertyColumns.of(values.property(), parameters);
                yield distinct(columns.text(), and(columns.present(), scope), values.exact());
            }
            case Measure.NumericAggregate numeric -> numeric(numeric, scope, parameters);
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ ->
                throw new TidemarkException(ErrorCode.INTERNAL, "no measure of the events of a range");
        };
    }

    private static CohortMeasure numeric(
            Measure.NumericAggregate measure, @Nullable String scope, Parameters parameters) {
        NumberColumn column = NumberColumn.of(measure.property(), parameters);
        String condition = and(column.present(), scope);
        String arguments = "(" + column.number() + ", " + condition + ")";
        return switch (measure.function()) {
            case SUM -> new CohortMeasure("sumKahanIf" + arguments, "sumKahan(v)");
            case AVG ->
                new CohortMeasure(
                        "(sumKahanIf" + arguments + ", countIf(" + condition + "))",
                        "sumKahan(v.1) / nullIf(sum(v.2), 0)");
            case MIN -> new CohortMeasure("minOrNullIf" + arguments, "minOrNull(v)");
            case MAX -> new CohortMeasure("maxOrNullIf" + arguments, "maxOrNull(v)");
            case MEDIAN -> percentile("0.5", arguments);
            case P90 -> percentile("0.9", arguments);
            case P95 -> percentile("0.95", arguments);
            case P99 -> percentile("0.99", arguments);
        };
    }

    private static CohortMeasure percentile(String share, String arguments) {
        return new CohortMeasure(
                "quantileExactInclusiveOrNullIfState(" + share + ")" + arguments,
                "quantileExactInclusiveOrNullIfMerge(" + share + ")(v)");
    }

    private static CohortMeasure distinct(String value, String condition, boolean exact) {
        String function = exact ? "uniqExactIf" : "uniqCombined64If";
        String size = exact ? "" : "(17)";
        return new CohortMeasure(
                function + "State" + size + "(" + value + ", " + condition + ")", function + "Merge" + size + "(v)");
    }

    private static String persons(boolean exact) {
        return (exact ? "uniqExactIf" : "uniqCombined64If(17)") + "(person, v > 0)";
    }

    private static String count(@Nullable String scope) {
        return scope == null ? "count()" : "countIf(" + scope + ")";
    }

    private static String and(String condition, @Nullable String scope) {
        return scope == null ? condition : condition + " AND " + scope;
    }
}
