package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.KeptBuckets.Counted;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A trend with a breakdown whose measures count events: numbers by bucket and value, which are few and add up, so that values are ranked and
 * lines and totals made here. The engine plans one small statement, which takes longer than to run it where a tenant is small. Not thread-safe.
 */
final class TrendCounts {
    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Breakdown breakdown;
    private final int mostCells;
    private final Parameters parameters;
    private final MeasureColumns measures;
    private final int counts;

    TrendCounts(EventStore store, TenantId tenant, TrendQuestion question, Breakdown breakdown, int mostCells) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.breakdown = breakdown;
        this.mostCells = mostCells;
        this.parameters = new Parameters(tenant);
        this.measures = new MeasureColumns(question.measures(), Source.EVENTS, parameters);
        this.counts = (int) question.measures().stream()
                .filter(Measure.Counted.class::isInstance)
                .count();
    }

    /** Whether a question is one for it. */
    static boolean fits(TrendQuestion question) {
        return question.measures().getFirst() instanceof Measure.EventCount
                && question.measures().stream()
                        .allMatch(
                                measure -> measure instanceof Measure.EventCount || measure instanceof Measure.Formula);
    }

    /** As {@link TrendCells#find}, with all values; null when there are too many cells. */
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
                value.add(bucket, rows, row);
            }
        }
        List<Value> ranked = new ArrayList<>(values.values());
        ranked.sort(Comparator.comparingLong(
                        (Value value) -> -value.sum(question.buckets().size()))
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
        return new TrendCells.Found(top, before, lines(ranked, none, top));
    }

    /** A row for each bucket and value: the start, the text, its hash, the counts. */
    private Select cells() {
        Select.Builder events = measures.lookedAt(
                new Conditions(parameters)
                        .limited(Source.EVENTS.select(parameters, question.buckets()), question.filter()),
                Family.EVENTS);
        events.column(EventTimes.floor(Source.EVENTS, question.buckets().edges(), parameters), "b")
                .column(PropertyColumns.of(breakdown.property(), parameters).key(), "k")
                .column(PropertyColumns.hash("ifNull(toString(k), '')"), "h")
                .groupBy("b")
                .groupBy("k")
                .mostGroups(mostCells);
        for (int i = 0; i < question.measures().size(); i++) {
            if (question.measures().get(i) instanceof Measure.Counted counted) {
                events.column(measures.aggregate(counted), "m" + i);
            }
        }
        return events.build();
    }

    private boolean isPresent(Rows rows, int row) {
        return PropertyColumns.isEmptyWhereAbsent(breakdown.property())
                ? !rows.textAt(row, 1).isEmpty()
                : rows.value(row, 1) != null;
    }

    private Function<String, Value> value(long hash) {
        return text -> new Value(text, hash);
    }

    private List<Map<Integer, List<@Nullable Double>>> lines(List<Value> ranked, Value none, TopValues top) {
        List<Integer> slots = top.slots();
        List<Map<Integer, List<@Nullable Double>>> lines = new ArrayList<>();
        for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
            Map<Integer, long[]> sums = new HashMap<>();
            for (int place = 0; place < ranked.size(); place++) {
                add(sums, place < slots.size() ? slots.get(place) : top.other(), ranked.get(place), bucket);
            }
            add(sums, TopValues.NONE, none, bucket);
            Map<Integer, List<@Nullable Double>> values = new HashMap<>();
            sums.forEach((slot, numbers) -> values.put(slot, read(numbers)));
            lines.add(values);
        }
        return lines;
    }

    private void add(Map<Integer, long[]> sums, int slot, Value value, int bucket) {
        long[] numbers = value.byBucket.get(bucket);
        if (numbers != null) {
            addTo(sums.computeIfAbsent(slot, _ -> new long[counts]), numbers);
            addTo(sums.computeIfAbsent(TopValues.TOTAL, _ -> new long[counts]), numbers);
        }
    }

    private static void addTo(long[] sums, long[] numbers) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += numbers[i];
        }
    }

    /** The values of all measures, formulas included. */
    private List<@Nullable Double> read(long[] numbers) {
        List<@Nullable Object> row = new ArrayList<>();
        for (long number : numbers) {
            row.add(number);
        }
        return measures.read(Rows.of(List.of(), List.of(Collections.unmodifiableList(row))), 0, 0, true);
    }

    /** A value with its counts. */
    private final class Value {
        private final String text;
        private final long hash;
        private final Map<Integer, long[]> byBucket = new HashMap<>();

        Value(String text, long hash) {
            this.text = text;
            this.hash = hash;
        }

        void add(int bucket, Rows rows, int row) {
            long[] numbers = byBucket.computeIfAbsent(bucket, _ -> new long[counts]);
            for (int i = 0; i < counts; i++) {
                numbers[i] += rows.longAt(row, 3 + i);
            }
        }

        /** Of the first count in the first buckets. */
        long sum(int buckets) {
            return byBucket.entrySet().stream()
                    .filter(entry -> entry.getKey() < buckets)
                    .mapToLong(entry -> entry.getValue()[0])
                    .sum();
        }

        boolean isBefore(int buckets) {
            return byBucket.keySet().stream().anyMatch(bucket -> bucket < buckets);
        }
    }
}
