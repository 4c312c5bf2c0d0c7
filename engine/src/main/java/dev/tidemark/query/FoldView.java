package dev.tidemark.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values read from what the parts of a fold have counted. Not thread-safe. */
final class FoldView {
    private final MeasuredQuestion question;
    private final List<FoldPart> parts;
    private final List<FoldCell> nothing;
    private final boolean hasFormulas;
    private boolean known = true;

    FoldView(MeasuredQuestion question, List<FoldPart> parts) {
        this.question = question;
        this.parts = parts;
        this.nothing = parts.stream().map(part -> FoldCell.empty(part.shape())).toList();
        this.hasFormulas = question.measures().stream().anyMatch(Measure.Formula.class::isInstance);
    }

    /**
     * Where an answer has a number.
     *
     * @param bucket {@link FoldWindows#WHOLE} for that of a range as a whole
     */
    record Place(boolean compared, int bucket) {
        static final Place WHOLE = new Place(false, FoldWindows.WHOLE);
        static final Place WHOLE_COMPARED = new Place(true, FoldWindows.WHOLE);
    }

    /**
     * Series that are shown as one, by part; of some parts there may be none.
     *
     * @param key the texts of the breakdowns' values, null for an absent one; empty where there is no one value
     */
    record Group(List<@Nullable String> key, List<List<FoldSeries>> byPart) {}

    /** Whether all values so far can be told outside the engine. */
    boolean isKnown() {
        return known;
    }

    /** All of it. */
    Group totals() {
        return new Group(
                List.of(), parts.stream().map(part -> List.of(part.totals())).toList());
    }

    /** By the values of the breakdowns, in no order. */
    Collection<Group> groups() {
        if (parts.size() == 1) {
            List<Group> groups = new ArrayList<>();
            for (Map.Entry<List<@Nullable String>, FoldSeries> entry :
                    parts.getFirst().groups().entrySet()) {
                groups.add(new Group(entry.getKey(), List.of(List.of(entry.getValue()))));
            }
            return groups;
        }
        Map<List<@Nullable String>, Group> groups = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            for (Map.Entry<List<@Nullable String>, FoldSeries> entry :
                    parts.get(i).groups().entrySet()) {
                Group group = groups.get(entry.getKey());
                if (group == null) {
                    group = empty(entry.getKey());
                    groups.put(entry.getKey(), group);
                }
                group.byPart().get(i).add(entry.getValue());
            }
        }
        return groups.values();
    }

    /** Several as one. */
    Group together(List<Group> groups) {
        Group all = empty(List.of());
        for (Group group : groups) {
            for (int i = 0; i < parts.size(); i++) {
                all.byPart().get(i).addAll(group.byPart().get(i));
            }
        }
        return all;
    }

    private Group empty(List<@Nullable String> key) {
        List<List<FoldSeries>> none = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            none.add(new ArrayList<>(1));
        }
        return new Group(key, none);
    }

    /** Whether a group has anything at a place. */
    boolean has(Group group, Place place) {
        for (int i = 0; i < parts.size(); i++) {
            FoldSpan span = FoldWindows.looked(question, parts.get(i).shape().family(), place);
            if (span != null && group.byPart().get(i).stream().anyMatch(series -> series.has(span))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a group has anything in any of some buckets. */
    boolean has(Group group, boolean compared, Buckets buckets) {
        for (int i = 0; i < parts.size(); i++) {
            Family family = parts.get(i).shape().family();
            List<FoldSeries> series = group.byPart().get(i);
            if (family == Family.EVENTS) {
                TimeRange range = buckets.range();
                FoldSpan all = new FoldSpan(range.startMillis(), range.endMillis());
                if (series.stream().anyMatch(each -> each.has(all))) {
                    return true;
                }
                continue;
            }
            for (int bucket = 0; bucket < buckets.size() && !series.isEmpty(); bucket++) {
                FoldSpan span = FoldWindows.looked(question, family, new Place(compared, bucket));
                if (span != null && series.stream().anyMatch(each -> each.has(span))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The values of all measures at a place. */
    List<@Nullable Double> values(Group group, Place place) {
        @Nullable Double[] values = new @Nullable Double[question.measures().size()];
        for (int i = 0; i < values.length; i++) {
            if (question.measures().get(i) instanceof Measure.Counted counted) {
                values[i] = value(group, counted, place);
            }
        }
        if (!hasFormulas) {
            return Arrays.asList(values);
        }
        Map<String, @Nullable Double> counted = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            counted.put(question.measures().get(i).name(), values[i]);
        }
        return MeasureColumns.withFormulas(question.measures(), counted);
    }

    private @Nullable Double value(Group group, Measure.Counted measure, Place place) {
        if (measure instanceof Measure.Trailing(String name, Scope scope, TrailingFunction function, boolean exact)
                && function == TrailingFunction.STICKINESS) {
            Double daily = value(group, new Measure.Trailing(name, scope, TrailingFunction.DAU, exact), place);
            Double monthly = value(group, new Measure.Trailing(name, scope, TrailingFunction.MAU, exact), place);
            return daily == null || monthly == null || monthly == 0 ? null : (Double) (daily / monthly);
        }
        FoldSpan span = FoldWindows.span(question, measure, place);
        if (span == null) {
            return null;
        }
        int part = partOf(measure);
        FoldCell cell = cell(group.byPart().get(part), span, part);
        int index = parts.get(part).shape().indexOf(measure);
        known &= cell.isKnown(index);
        return cell.value(index);
    }

    private int partOf(Measure.Counted measure) {
        int part = 0;
        while (parts.get(part).shape().family() != Family.of(measure)) {
            part++;
        }
        return part;
    }

    private FoldCell cell(List<FoldSeries> group, FoldSpan span, int part) {
        if (group.size() == 1) {
            FoldCell cell = group.getFirst().over(span);
            return cell == null ? nothing.get(part) : cell;
        }
        FoldCell merged = FoldCell.empty(parts.get(part).shape());
        for (FoldSeries series : group) {
            FoldCell cell = series.over(span);
            if (cell != null) {
                merged.addAll(cell);
            }
        }
        return merged;
    }
}
