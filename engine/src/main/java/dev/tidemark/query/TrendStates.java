package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.KeptBuckets.Counted;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A trend with a breakdown whose cells, one for each bucket and value, are few and small: the engine makes them, and values are ranked and lines and
 * totals merged here. The engine plans one small statement, which takes longer than to run it where a tenant is small. Not thread-safe.
 */
final class TrendStates {
    private static final int KEY_COLUMNS = 3;

    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Breakdown breakdown;
    private final int mostCells;
    private final FoldCell.Shape shape;

    TrendStates(EventStore store, TenantId tenant, TrendQuestion question, Breakdown breakdown, int mostCells) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.breakdown = breakdown;
        this.mostCells = mostCells;
        this.shape = FoldCell.Shape.of(question, Family.EVENTS);
    }

    /**
     * Whether a question is one for it.
     *
     * @param few whether its events are so few that the states of distinct counts can be handed over
     */
    static boolean fits(TrendQuestion question, boolean few) {
        return question.measures().getFirst() instanceof Measure.Counted
                && question.measures().stream()
                        .allMatch(measure -> !(measure instanceof Measure.Counted counted) || fits(counted, few));
    }

    private static boolean fits(Measure.Counted measure, boolean few) {
        return switch (measure) {
            case Measure.EventCount _ -> true;
            case Measure.DistinctUsers users -> few && !users.exact();
            case Measure.Sessions sessions -> few && !sessions.exact();
            case Measure.DistinctValues values -> few && !values.exact();
            case Measure.EventsPerUser _,
                    Measure.NumericAggregate _,
                    Measure.Trailing _,
                    Measure.OfSessions _,
                    Measure.ActiveNow _ -> false;
        };
    }

    /** As {@link TrendCells#find}, with all values; null when there are too many cells, or more in them than can be counted here. */
    TrendCells.@Nullable Found find(int early) {
        Rows rows = store.query(tenant, cells());
        if (rows.size() > mostCells) {
            return null;
        }
        Map<String, Value> values = new HashMap<>();
        Value none = new Value("", 0);
        for (int row = 0; row < rows.size(); row++) {
            int bucket = question.buckets().startingAt(rows.longAt(row, 0));
            if (bucket >= 0) {
                Value value = isPresent(rows, row)
                        ? values.computeIfAbsent(rows.textAt(row, 1), value(rows.longAt(row, 2)))
                        : none;
                value.add(bucket, FoldCell.read(shape, rows, row, KEY_COLUMNS));
            }
        }
        List<Value> ranked = new ArrayList<>(values.values());
        ranked.forEach(Value::sum);
        ranked.sort(Comparator.comparingDouble((Value value) -> -value.first)
                .thenComparing(value -> value.text, TrendRanking.BY_BYTES));
        TopValues top = new TopValues(ranked.stream()
                .limit(breakdown.limit())
                .map(value -> new TopValues.Value(value.text, value.hash))
                .toList());
        Map<String, Counted> before = new LinkedHashMap<>();
        for (Value value : ranked) {
            if (value.isBefore(early)) {
                before.put(value.text, new Counted(value.hash, value.sum(early)));
            }
        }
        return found(ranked, none, top, before);
    }

    /** A row for each bucket and value: the start, the text, its hash, two columns for each measure of the shape. */
    private Select cells() {
        Parameters parameters = new Parameters(tenant);
        Property property = breakdown.property();
        String text = PropertyColumns.isEmptyWhereAbsent(property) ? "toString(k)" : "ifNull(toString(k), '')";
        Select.Builder rows = new Conditions(parameters)
                .limited(Source.EVENTS.select(parameters, question.buckets()), question.filter());
        Select.Builder events = BucketColumn.of(
                        Source.EVENTS, question.buckets().edges(), parameters)
                .groups(rows, "b")
                .column(PropertyColumns.of(property, parameters).key(), "k")
                .column(PropertyColumns.hash(text), "h")
                .groupBy("k")
                .mostGroups(mostCells);
        return new MeasureColumns(List.copyOf(shape.measures()), Source.EVENTS, parameters)
                .addStatesTo(events)
                .build();
    }

    private boolean isPresent(Rows rows, int row) {
        return PropertyColumns.isEmptyWhereAbsent(breakdown.property())
                ? !rows.textAt(row, 1).isEmpty()
                : rows.value(row, 1) != null;
    }

    private Function<String, Value> value(long hash) {
        return text -> new Value(text, hash);
    }

    private TrendCells.@Nullable Found found(
            List<Value> ranked, Value none, TopValues top, Map<String, Counted> before) {
        List<Integer> slots = top.slots();
        List<Map<Integer, List<@Nullable Double>>> lines = new ArrayList<>();
        for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
            Map<Integer, FoldCell> merged = new HashMap<>();
            for (int place = 0; place < ranked.size(); place++) {
                add(merged, place < slots.size() ? slots.get(place) : top.other(), ranked.get(place), bucket);
            }
            add(merged, TopValues.NONE, none, bucket);
            Map<Integer, List<@Nullable Double>> values = new HashMap<>();
            for (Map.Entry<Integer, FoldCell> line : merged.entrySet()) {
                if (!isKnown(line.getValue())) {
                    return null;
                }
                values.put(line.getKey(), values(line.getValue()));
            }
            lines.add(values);
        }
        return new TrendCells.Found(top, before, lines);
    }

    private void add(Map<Integer, FoldCell> merged, int slot, Value value, int bucket) {
        FoldCell cell = value.byBucket.get(bucket);
        if (cell != null) {
            merged.computeIfAbsent(slot, _ -> FoldCell.empty(shape)).addAll(cell);
            merged.computeIfAbsent(TopValues.TOTAL, _ -> FoldCell.empty(shape)).addAll(cell);
        }
    }

    private boolean isKnown(FoldCell cell) {
        for (int i = 0; i < shape.measures().size(); i++) {
            if (!cell.isKnown(i)) {
                return false;
            }
        }
        return true;
    }

    /** The values of all measures, formulas included. */
    private List<@Nullable Double> values(FoldCell cell) {
        Map<String, @Nullable Double> counted = new LinkedHashMap<>();
        for (int i = 0; i < shape.measures().size(); i++) {
            counted.put(shape.measures().get(i).name(), cell.value(i));
        }
        return MeasureColumns.withFormulas(question.measures(), counted);
    }

    /** A value with its cells. */
    private final class Value {
        private final String text;
        private final long hash;
        private final Map<Integer, FoldCell> byBucket = new TreeMap<>();
        private double first;

        Value(String text, long hash) {
            this.text = text;
            this.hash = hash;
        }

        void add(int bucket, FoldCell cell) {
            FoldCell known = byBucket.putIfAbsent(bucket, cell);
            if (known != null) {
                known.addAll(cell);
            }
        }

        /** Notes what it is ranked by. */
        void sum() {
            first = sum(question.buckets().size());
        }

        /** The first measure over the first buckets. */
        double sum(int buckets) {
            FoldCell sum = FoldCell.empty(shape);
            byBucket.forEach((bucket, cell) -> {
                if (bucket < buckets) {
                    sum.addAll(cell);
                }
            });
            Double value = sum.value(
                    shape.indexOf((Measure.Counted) question.measures().getFirst()));
            return value == null ? 0 : value;
        }

        boolean isBefore(int buckets) {
            return byBucket.keySet().stream().anyMatch(bucket -> bucket < buckets);
        }
    }
}
