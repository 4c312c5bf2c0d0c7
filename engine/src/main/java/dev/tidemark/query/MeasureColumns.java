package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The measures of a question as aggregates of one scan, each with its own condition. Distinct counts are {@code uniqCombined64(17)},
 * whose merged states are the same as the state of all: exact up to about 4,000, then with a standard error of 0.3%.
 */
final class MeasureColumns {
    private final List<Measure> measures;
    private final Source source;
    private final Parameters parameters;
    private final Conditions conditions;

    MeasureColumns(List<Measure> measures, Source source, Parameters parameters) {
        this(measures, source, parameters, new Conditions(parameters));
    }

    MeasureColumns(List<Measure> measures, Source source, Parameters parameters, Conditions conditions) {
        this.measures = measures;
        this.source = source;
        this.parameters = parameters;
        this.conditions = conditions;
    }

    /** Leaves out events that no measure of a family looks at. */
    Select.Builder lookedAt(Select.Builder select, Family family) {
        List<@Nullable String> scopes = new ArrayList<>();
        for (Measure measure : measures) {
            if (measure instanceof Measure.Counted counted && Family.of(counted) == family) {
                scopes.add(conditions.of(counted.scope()));
            }
        }
        return scopes.contains(null)
                ? select
                : select.where(scopes.stream().map(String::valueOf).distinct().collect(Collectors.joining(" OR ")));
    }

    /** Who was active in the last minutes of a window. */
    String activeNow(Measure.ActiveNow measure, TimeRange window) {
        String since = parameters.integer(window.endMillis() - measure.minutes() * Interval.MILLIS_PER_MINUTE);
        String recent = "person != 0 AND ts >= fromUnixTimestamp64Milli(" + since + ", 'UTC')";
        return distinct("person", and(recent, conditions.of(measure.scope())), measure.exact());
    }

    /** An SQL expression of the columns to sort by. */
    String order(Measure measure) {
        return measure instanceof Measure.Formula formula ? order(formula.expression()) : "m" + indexOf(measure.name());
    }

    private String order(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> parameters.number(constant.value());
            case Expression.Reference reference -> "toFloat64(m" + indexOf(reference.measure()) + ")";
            case Expression.Binary binary -> {
                String right = order(binary.right());
                yield "(" + order(binary.left()) + " " + binary.sign().symbol() + " "
                        + (binary.sign() == Expression.Sign.DIVIDED_BY ? "nullIf(" + right + ", 0)" : right) + ")";
            }
        };
    }

    private int indexOf(String name) {
        for (int i = 0; i < measures.size(); i++) {
            if (measures.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new TidemarkException(ErrorCode.INTERNAL, "a question without its own measure");
    }

    /**
     * The values of all measures from one row whose aggregates start at a column.
     *
     * @param begun whether there is a day at which trailing measures can stand
     */
    List<@Nullable Double> read(Rows rows, int row, int firstColumn, boolean begun) {
        Map<String, @Nullable Double> counted = new LinkedHashMap<>();
        int column = firstColumn;
        for (Measure measure : measures) {
            if (measure instanceof Measure.Counted) {
                boolean absent = measure instanceof Measure.Trailing && !begun;
                counted.put(measure.name(), absent ? null : rows.doubleAt(row, column));
                column++;
            }
        }
        return withFormulas(measures, counted);
    }

    /** The values of all measures where there are no events. */
    static List<@Nullable Double> ofNothing(List<Measure> measures, boolean begun) {
        Map<String, @Nullable Double> counted = new LinkedHashMap<>();
        for (Measure measure : measures) {
            boolean absent = measure instanceof Measure.Trailing && !begun;
            counted.put(measure.name(), measure.isZeroWhenEmpty() && !absent ? (Double) 0.0 : null);
        }
        return withFormulas(measures, counted);
    }

    private static List<@Nullable Double> withFormulas(List<Measure> measures, Map<String, @Nullable Double> counted) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Measure measure : measures) {
            values.add(
                    measure instanceof Measure.Formula formula
                            ? formula.expression().evaluate(counted::get)
                            : counted.get(measure.name()));
        }
        return Collections.unmodifiableList(values);
    }

    /** A measure of events, as an aggregate of them. */
    String aggregate(Measure.Counted measure) {
        String scope = conditions.of(measure.scope());
        return switch (measure) {
            case Measure.EventCount _ -> events(scope);
            case Measure.DistinctUsers users ->
                source.isRollup()
                        ? merged("persons", scope)
                        : distinct("person", and("person != 0", scope), users.exact());
            case Measure.Sessions sessions ->
                source.isRollup()
                        ? merged("sessions", scope)
                        : distinct("session_id", and("session_id != ''", scope), sessions.exact());
            case Measure.DistinctValues values -> {
                PropertyColumns columns = PropertyColumns.of(values.property(), parameters);
                yield distinct(columns.text(), and(columns.present(), scope), values.exact());
            }
            case Measure.EventsPerUser perUser -> {
                String ofPersons = and("person != 0", scope);
                yield "countIf(" + ofPersons + ") / nullIf(" + distinct("person", ofPersons, perUser.exact()) + ", 0)";
            }
            case Measure.NumericAggregate numeric -> numeric(numeric, scope);
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ ->
                throw new TidemarkException(ErrorCode.INTERNAL, "no measure of the events of a range");
        };
    }

    private String events(@Nullable String scope) {
        if (source.isRollup()) {
            return scope == null ? "sum(events)" : "sumIf(events, " + scope + ")";
        }
        return scope == null ? "count()" : "countIf(" + scope + ")";
    }

    private static String merged(String states, @Nullable String scope) {
        return scope == null
                ? "uniqCombined64IfMerge(17)(" + states + ")"
                : "uniqCombined64IfMergeIf(17)(" + states + ", " + scope + ")";
    }

    private static String distinct(String value, String condition, boolean exact) {
        return (exact ? "uniqExactIf(" : "uniqCombined64If(17)(") + value + ", " + condition + ")";
    }

    /** Sums are compensated, so that the order in which the engine adds does not show. */
    private String numeric(Measure.NumericAggregate measure, @Nullable String scope) {
        boolean sent = measure.property() instanceof Property.Sent;
        String path = measure.property().path();
        String key = parameters.text(path.substring(path.indexOf('.') + 1));
        String map = sent ? "props_num" : "user_num";
        String number = map + "[" + key + "]";
        String condition = and("mapContains(" + map + ", " + key + ")", scope);
        String arguments = "(" + number + ", " + condition + ")";
        return switch (measure.function()) {
            case SUM -> "sumKahanIf" + arguments;
            case AVG -> "sumKahanIf" + arguments + " / nullIf(countIf(" + condition + "), 0)";
            case MIN -> "minOrNullIf" + arguments;
            case MAX -> "maxOrNullIf" + arguments;
            case MEDIAN -> "quantileExactInclusiveOrNullIf(0.5)" + arguments;
            case P90 -> "quantileExactInclusiveOrNullIf(0.9)" + arguments;
            case P95 -> "quantileExactInclusiveOrNullIf(0.95)" + arguments;
            case P99 -> "quantileExactInclusiveOrNullIf(0.99)" + arguments;
        };
    }

    private static String and(String condition, @Nullable String scope) {
        return scope == null ? condition : condition + " AND " + scope;
    }
}
