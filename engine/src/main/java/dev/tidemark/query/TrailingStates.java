package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A trend of trailing measures whose states of persons, one for each day, are small: the engine makes them and they are merged here. A small
 * tenant's engine takes longer to plan the merging than to do the rest. Not thread-safe.
 */
final class TrailingStates {
    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final TrailingDays days;
    private final List<Scope> scopes;

    /** An answer to come of a question that fits. */
    TrailingStates(EventStore store, TenantId tenant, TrendQuestion question, TrailingDays days) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.days = days;
        this.scopes = question.measures().stream()
                .filter(Measure.Trailing.class::isInstance)
                .map(measure -> ((Measure.Trailing) measure).scope())
                .distinct()
                .toList();
    }

    /** Whether a question is one for it: without a breakdown, and of trailing measures that are not exact. */
    static boolean fits(TrendQuestion question) {
        return question.breakdown() == null
                && question.measures().stream()
                        .allMatch(measure -> !(measure instanceof Measure.Counted)
                                || (measure instanceof Measure.Trailing trailing && !trailing.exact()));
    }

    /** As {@link TrendScan#count}; null when there are more persons than can be counted here. */
    @Nullable
    List<Map<Integer, List<@Nullable Double>>> find(Source source) {
        NavigableMap<Long, List<DistinctState>> byDay = states(source);
        List<Map<Integer, List<@Nullable Double>>> found = new ArrayList<>();
        for (Long stand : days.stands()) {
            Map<Integer, List<@Nullable Double>> lines = new HashMap<>();
            found.add(lines);
            if (stand != null && !trailed(byDay, stand, days.lookback()).isEmpty()) {
                Map<String, @Nullable Double> values = values(byDay, stand);
                if (values == null) {
                    return null;
                }
                lines.put(TopValues.TOTAL, MeasureColumns.withFormulas(question.measures(), values));
            }
        }
        return found;
    }

    private NavigableMap<Long, List<DistinctState>> states(Source source) {
        Parameters parameters = new Parameters(tenant);
        TrailingRows rows = new TrailingRows(question.measures(), days, source, parameters);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Rows found = store.query(
                tenant,
                rows.states(measures.lookedAt(
                                new Conditions(parameters)
                                        .limited(source.select(parameters, days.range()), question.filter()),
                                Family.TRAILING))
                        .build());
        Map<Long, Long> numbers = new HashMap<>();
        for (int i = 0; i < days.numbers().size(); i++) {
            numbers.put(days.edges().get(i), days.numbers().get(i));
        }
        NavigableMap<Long, List<DistinctState>> byDay = new TreeMap<>();
        for (int row = 0; row < found.size(); row++) {
            Long day = numbers.get(found.longAt(row, 0));
            if (day != null) {
                List<DistinctState> states = new ArrayList<>();
                for (int i = 0; i < scopes.size(); i++) {
                    states.add(DistinctState.read(found.textAt(row, 1 + i)));
                }
                byDay.put(day, states);
            }
        }
        return byDay;
    }

    private @Nullable Map<String, @Nullable Double> values(NavigableMap<Long, List<DistinctState>> byDay, long stand) {
        Map<String, @Nullable Double> values = new LinkedHashMap<>();
        for (Measure measure : question.measures()) {
            if (measure instanceof Measure.Trailing trailing) {
                OptionalLong active = persons(byDay, stand, trailing.scope(), ofDays(trailing.function()));
                OptionalLong whole = trailing.function() == TrailingFunction.STICKINESS
                        ? persons(byDay, stand, trailing.scope(), TrailingFunction.MAU.days())
                        : OptionalLong.of(1);
                if (active.isEmpty() || whole.isEmpty()) {
                    return null;
                }
                values.put(
                        trailing.name(),
                        whole.getAsLong() == 0 ? null : (Double) ((double) active.getAsLong() / whole.getAsLong()));
            }
        }
        return values;
    }

    private static int ofDays(TrailingFunction function) {
        return function == TrailingFunction.STICKINESS ? TrailingFunction.DAU.days() : function.days();
    }

    private OptionalLong persons(NavigableMap<Long, List<DistinctState>> byDay, long stand, Scope scope, int trailing) {
        DistinctState merged = new DistinctState();
        trailed(byDay, stand, trailing).values().forEach(states -> merged.addAll(states.get(scopes.indexOf(scope))));
        return merged.count();
    }

    private static NavigableMap<Long, List<DistinctState>> trailed(
            NavigableMap<Long, List<DistinctState>> byDay, long stand, int trailing) {
        return byDay.subMap(stand - trailing, false, stand, true);
    }
}
