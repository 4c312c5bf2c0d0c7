package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;

/**
 * Trailing measures: the persons of each day once, as a state, each state then merged into the days that trail it. Merged states
 * are the same as the state of all events of those days.
 */
final class TrailingRows {
    private final List<Measure.Trailing> measures;
    private final TrailingDays days;
    private final Source source;
    private final Parameters parameters;
    private final Conditions conditions;

    TrailingRows(List<Measure> measures, TrailingDays days, Source source, Parameters parameters) {
        this.measures = measures.stream()
                .filter(Measure.Trailing.class::isInstance)
                .map(Measure.Trailing.class::cast)
                .toList();
        this.days = days;
        this.source = source;
        this.parameters = parameters;
        this.conditions = new Conditions(parameters);
    }

    /** A state of persons, which measures of the same scope share. */
    private record State(Scope scope, boolean exact) {}

    private List<State> states() {
        return measures.stream()
                .map(measure -> new State(measure.scope(), measure.exact()))
                .distinct()
                .toList();
    }

    /**
     * A row for each day, combination of dimensions, and number that trails the day: {@code stand}, {@code day}, the dimensions under
     * {@link #column}, and the states.
     *
     * @param starts of the buckets that have a day to stand at, in their order
     */
    Select.Builder from(Select.Builder events, List<Dimension> dimensions, List<Long> starts) {
        BucketColumn.of(source, days.edges(), parameters).groups(events, "edge");
        for (Dimension dimension : dimensions) {
            events.column(
                            dimension.value().apply(PropertyColumns.of(dimension.property(), parameters)),
                            column(dimension))
                    .groupBy(column(dimension));
        }
        List<State> states = states();
        for (int i = 0; i < states.size(); i++) {
            events.column(state(states.get(i)), "persons" + i);
        }
        Select.Builder daily = Select.from(events.build()).column(day(), "day");
        List<String> columns =
                new ArrayList<>(dimensions.stream().map(TrailingRows::column).toList());
        for (int i = 0; i < states.size(); i++) {
            columns.add("persons" + i);
        }
        columns.forEach(column -> daily.column(column, column));
        return Select.from(daily.build())
                .arrayJoin("arrayFilter(stood -> tupleElement(stood, 1) >= day AND tupleElement(stood, 1) < day + "
                        + days.lookback() + ", arrayZip(" + parameters.integers(days.begun()) + ", "
                        + parameters.integers(starts) + ")) AS stand");
    }

    /** A row for each day that has events: where it starts, and the states of its persons, one for each scope, for who merges them outside the engine. */
    Select.Builder states(Select.Builder events) {
        BucketColumn.of(source, days.edges(), parameters).groups(events, "edge");
        List<State> states = states();
        for (int i = 0; i < states.size(); i++) {
            events.column("hex(" + state(states.get(i)) + ")", "persons" + i);
        }
        return events;
    }

    /** The number of the day that starts at an edge: by arithmetic for days of UTC. */
    private String day() {
        List<Long> edges = days.edges().subList(0, days.numbers().size());
        return EventTimes.areDaysOfUtc(edges, days.numbers())
                ? "intDiv(edge, " + Interval.MILLIS_PER_DAY + ")"
                : "transform(edge, " + parameters.integers(edges) + ", " + parameters.integers(days.numbers()) + ")";
    }

    /** Where the value of a dimension stands in the rows. */
    static String column(Dimension dimension) {
        return "of_" + dimension.alias();
    }

    /** The start of the bucket that a row is of. */
    static String bucket() {
        return "tupleElement(stand, 2)";
    }

    private String state(State state) {
        String scope = conditions.of(state.scope());
        if (source.isRollup()) {
            return scope == null
                    ? "uniqCombined64IfMergeState(17)(persons)"
                    : "uniqCombined64IfMergeStateIf(17)(persons, " + scope + ")";
        }
        String condition = scope == null ? "person != 0" : "person != 0 AND " + scope;
        return (state.exact() ? "uniqExactIfState(" : "uniqCombined64IfState(17)(") + "person, " + condition + ")";
    }

    /** A measure as an aggregate of the rows. */
    String aggregate(Measure.Trailing measure) {
        return switch (measure.function()) {
            case DAU, WAU, MAU -> persons(measure, measure.function().days());
            case STICKINESS ->
                persons(measure, TrailingFunction.DAU.days()) + " / nullIf("
                        + persons(measure, TrailingFunction.MAU.days()) + ", 0)";
        };
    }

    private String persons(Measure.Trailing measure, int trailed) {
        int state = states().indexOf(new State(measure.scope(), measure.exact()));
        String function = measure.exact() ? "uniqExactIfMerge" : "uniqCombined64IfMerge";
        String arguments = measure.exact() ? "(" : "(17)(";
        return trailed == days.lookback()
                ? function + arguments + "persons" + state + ")"
                : function + "If" + arguments + "persons" + state + ", tupleElement(stand, 1) - day < " + trailed + ")";
    }
}
