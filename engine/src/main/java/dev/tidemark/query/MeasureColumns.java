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
import org.jspecify.annotations.Nullable;

/**
 * The measures of a question as aggregates of one scan, each with its own condition. Distinct counts are {@code uniqCombined64(17)},
 * whose merged states are the same as the state of all: exact up to about 4,000, then with a standard error of 0.3%. Not thread-safe.
 */
final class MeasureColumns {
    private final List<Measure> measures;
    private final Source source;
    private final Parameters parameters;
    private final Conditions conditions;
    private @Nullable Scope common;

    MeasureColumns(List<Measure> measures, Source source, Parameters parameters) {
        this(measures, source, parameters, new Conditions(parameters));
    }

    MeasureColumns(List<Measure> measures, Source source, Parameters parameters, Conditions conditions) {
        this.measures = measures;
        this.source = source;
        this.parameters = parameters;
        this.conditions = conditions;
    }

    /**
     * Leaves out events that no measure of a family looks at. Where all of the family look at the same events, aggregates made
     * afterwards need not ask for each event again.
     */
    Select.Builder lookedAt(Select.Builder select, Family family) {
        List<Scope> scopes = measures.stream()
                .filter(measure -> measure instanceof Measure.Counted counted && Family.of(counted) == family)
                .map(measure -> ((Measure.Counted) measure).scope())
                .distinct()
                .toList();
        if (scopes.size() == 1) {
            common = scopes.getFirst();
        }
        return conditions.limited(select, scopes);
    }

    /** What of a measure's scope is not asked already; null for nothing. */
    private @Nullable String rest(Scope scope) {
        return scope.equals(common) ? null : conditions.of(scope);
    }

    /** Who was active in the last minutes of a window. */
    String activeNow(Measure.ActiveNow measure, TimeRange window) {
        String since = parameters.integer(window.endMillis() - measure.minutes() * Interval.MILLIS_PER_MINUTE);
        String recent = "person != 0 AND ts >= fromUnixTimestamp64Milli(" + since + ", 'UTC')";
        return distinct("person", and(recent, rest(measure.scope())), measure.exact());
    }

    /** Adds two columns for each measure, all of events, from which {@link FoldCell} goes on. */
    Select.Builder addStatesTo(Select.Builder select) {
        Select.Builder looked = lookedAt(select, Family.EVENTS);
        for (int i = 0; i < measures.size(); i++) {
            if (measures.get(i) instanceof Measure.Counted counted) {
                List<String> states = states(counted);
                looked.column(states.getFirst(), "m" + i).column(states.getLast(), "n" + i);
            }
        }
        return looked;
    }

    private List<String> states(Measure.Counted measure) {
        String scope = rest(measure.scope());
        return switch (measure) {
            case Measure.EventCount _, Measure.DistinctUsers _, Measure.Sessions _, Measure.DistinctValues _ -> {
                Mergeable function = mergeable(measure);
                yield List.of(function == null ? "NULL" : function.kept(), "0");
            }
            case Measure.EventsPerUser _ -> {
                String ofPersons = and("person != 0", scope);
                yield List.of(distinctOf("person", ofPersons, false).kept(), "countIf(" + ofPersons + ")");
            }
            case Measure.NumericAggregate numeric -> {
                boolean averaged = numeric.function() == NumericFunction.AVG;
                String present = NumberColumn.of(numeric.property(), parameters).present();
                yield List.of(
                        numeric(averaged ? asSum(numeric) : numeric, scope), "countIf(" + and(present, scope) + ")");
            }
            case Measure.ActiveNow _ ->
                List.of(distinctOf("person", and("person != 0", scope), false).kept(), "0");
            case Measure.Trailing _, Measure.OfSessions _ ->
                throw new TidemarkException(ErrorCode.INTERNAL, "no measure of the events of a range");
        };
    }

    private static Measure.NumericAggregate asSum(Measure.NumericAggregate measure) {
        return new Measure.NumericAggregate(measure.name(), measure.scope(), NumericFunction.SUM, measure.property());
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

    /** The values of all measures from those that are no formulas, by name. */
    static List<@Nullable Double> withFormulas(List<Measure> measures, Map<String, @Nullable Double> counted) {
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
        String scope = rest(measure.scope());
        return switch (measure) {
            case Measure.EventCount _ -> source.isRollup() ? rolledUpEvents(scope) : ofEvents(measure);
            case Measure.DistinctUsers _ -> source.isRollup() ? merged("persons", scope) : ofEvents(measure);
            case Measure.Sessions _ -> source.isRollup() ? merged("sessions", scope) : ofEvents(measure);
            case Measure.DistinctValues _ -> ofEvents(measure);
            case Measure.EventsPerUser perUser -> {
                String ofPersons = and("person != 0", scope);
                yield "countIf(" + ofPersons + ") / nullIf(" + distinct("person", ofPersons, perUser.exact()) + ", 0)";
            }
            case Measure.NumericAggregate numeric -> numeric(numeric, scope);
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ ->
                throw new TidemarkException(ErrorCode.INTERNAL, "no measure of the events of a range");
        };
    }

    /** The persons of a trailing measure, of the events of one day. */
    String personsOf(Measure.Trailing measure) {
        String scope = rest(measure.scope());
        return source.isRollup()
                ? merged("persons", scope)
                : distinct("person", and("person != 0", scope), measure.exact());
    }

    private String ofEvents(Measure.Counted measure) {
        Mergeable function = mergeable(measure);
        return function == null ? "NULL" : function.whole();
    }

    /** A measure of events as one function whose states can be merged; null for one that is not. */
    @Nullable
    Mergeable mergeable(Measure.Counted measure) {
        String scope = rest(measure.scope());
        return switch (measure) {
            case Measure.EventCount _ ->
                scope == null ? new Mergeable("count", "", "") : new Mergeable("countIf", "", scope);
            case Measure.DistinctUsers users -> distinctOf("person", and("person != 0", scope), users.exact());
            case Measure.Sessions sessions ->
                distinctOf("session_id", and("session_id != ''", scope), sessions.exact());
            case Measure.DistinctValues values -> {
                PropertyColumns columns = PropertyColumns.of(values.property(), parameters);
                yield distinctOf(columns.text(), and(columns.present(), scope), values.exact());
            }
            case Measure.NumericAggregate _,
                    Measure.EventsPerUser _,
                    Measure.Trailing _,
                    Measure.OfSessions _,
                    Measure.ActiveNow _ -> null;
        };
    }

    /** An aggregate function with its parameters, as in {@code (17)}, and arguments. */
    record Mergeable(String function, String parameters, String arguments) {
        String whole() {
            return function + parameters + "(" + arguments + ")";
        }

        String state() {
            return function + "State" + parameters + "(" + arguments + ")";
        }

        /** For who goes on with it outside the engine: of a distinct count the state, else the value. */
        String kept() {
            return function.startsWith("uniq") ? "hex(" + state() + ")" : whole();
        }

        String merged(String states) {
            return function + "Merge" + parameters + "(" + states + ")";
        }

        String mergedIf(String states, String condition) {
            return function + "MergeIf" + parameters + "(" + states + ", " + condition + ")";
        }
    }

    private static String rolledUpEvents(@Nullable String scope) {
        return scope == null ? "sum(events)" : "sumIf(events, " + scope + ")";
    }

    private static String merged(String states, @Nullable String scope) {
        return scope == null
                ? "uniqCombined64IfMerge(17)(" + states + ")"
                : "uniqCombined64IfMergeIf(17)(" + states + ", " + scope + ")";
    }

    private static String distinct(String value, String condition, boolean exact) {
        return distinctOf(value, condition, exact).whole();
    }

    private static Mergeable distinctOf(String value, String condition, boolean exact) {
        return exact
                ? new Mergeable("uniqExactIf", "", value + ", " + condition)
                : new Mergeable("uniqCombined64If", "(17)", value + ", " + condition);
    }

    /** Sums are compensated, so that the order in which the engine adds does not show. */
    private String numeric(Measure.NumericAggregate measure, @Nullable String scope) {
        NumberColumn column = NumberColumn.of(measure.property(), parameters);
        String condition = and(column.present(), scope);
        String arguments = "(" + column.number() + ", " + condition + ")";
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
