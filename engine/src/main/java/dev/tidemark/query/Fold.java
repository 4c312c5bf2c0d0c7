package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one question for measures, kept right by adding every event after those that it began with, in any order: it gives
 * what the engine would. Given up when it holds too much. Not thread-safe.
 */
public final class Fold {
    static final int MOST_CELLS = 10_000;
    private static final int MOST_BYTES = 16 << 20;
    private static final int RECOUNT_EVERY = 1_024;

    private final MeasuredQuestion question;
    private final FoldCell.Shape shape;
    private final Predicate<StoredEvent> filter;
    private final List<Property> keys;
    private final Interest interest;
    private final @Nullable Buckets buckets;
    private final @Nullable Series compared;
    private final Series totals;
    private final Map<List<@Nullable String>, Series> groups = new LinkedHashMap<>();
    private int cells;
    private int bytes;
    private int sinceRecount;
    private boolean overflown;

    /** Cells by bucket, and one over all buckets. */
    private static final class Series {
        final FoldCell all;
        final @Nullable FoldCell[] byBucket;

        Series(FoldCell.Shape shape, int buckets) {
            all = FoldCell.empty(shape);
            byBucket = new @Nullable FoldCell[buckets];
        }

        FoldCell at(int bucket, FoldCell.Shape shape) {
            FoldCell cell = byBucket[bucket];
            if (cell == null) {
                cell = FoldCell.empty(shape);
                byBucket[bucket] = cell;
            }
            return cell;
        }
    }

    private Fold(MeasuredQuestion question) {
        this.question = question;
        this.shape = FoldCell.Shape.of(question);
        this.filter = EventMatch.of(question.filter());
        this.keys = keys(question);
        this.interest = Interest.of(question);
        this.buckets = question instanceof TrendQuestion trend ? trend.buckets() : null;
        this.totals = new Series(shape, size(buckets));
        this.compared = comparedRange() == null ? null : new Series(shape, size(comparedBuckets()));
    }

    /** Whether a question can be kept up to date this way. */
    public static boolean isFor(Question question) {
        return question instanceof MeasuredQuestion measured
                && (measured.filter() == null || measured.filter().isOfOneEvent())
                && measured.measures().stream().allMatch(Fold::isFor)
                && !(measured instanceof MetricQuestion metric && metric.sparkline() != null)
                && !(measured instanceof TrendQuestion trend && trend.breakdown() != null && trend.compared() != null);
    }

    private static boolean isFor(Measure measure) {
        if (measure instanceof Measure.Counted counted && !counted.scope().isOfOneEvent()) {
            return false;
        }
        return switch (measure) {
            case Measure.EventCount _, Measure.Formula _ -> true;
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ -> false;
            case Measure.DistinctUsers users -> !users.exact();
            case Measure.Sessions sessions -> !sessions.exact();
            case Measure.DistinctValues values -> !values.exact();
            case Measure.EventsPerUser perUser -> !perUser.exact();
            case Measure.NumericAggregate numeric ->
                switch (numeric.function()) {
                    case SUM, AVG, MIN, MAX -> true;
                    case MEDIAN, P90, P95, P99 -> false;
                };
        };
    }

    /**
     * Begins with what the store holds before an offset of the journal; everything before it must be visible. Empty when it would
     * hold too much. Blocks; fails as {@link EventStore#query} does.
     */
    static Optional<Fold> begin(EventStore store, TenantId tenant, MeasuredQuestion question, long beforeOffset) {
        Fold fold = new Fold(question);
        FoldSnapshot snapshot = new FoldSnapshot(store, tenant, question, beforeOffset);
        fold.read(snapshot.cells(question.range(), fold.buckets, fold.keys, MOST_CELLS));
        TimeRange earlier = fold.comparedRange();
        if (earlier != null && fold.compared != null && !fold.overflown) {
            Rows rows = snapshot.cells(earlier, fold.comparedBuckets(), List.of(), MOST_CELLS);
            for (int row = 0; row < rows.size(); row++) {
                put(
                        fold.compared,
                        fold.comparedBuckets(),
                        rows.longAt(row, 0),
                        FoldCell.read(fold.shape, rows, row, 1),
                        fold.shape);
            }
        }
        fold.recount();
        return fold.overflown ? Optional.empty() : Optional.of(fold);
    }

    private void read(Rows rows) {
        overflown = rows.size() > MOST_CELLS;
        for (int row = 0; row < rows.size() && !overflown; row++) {
            FoldCell cell = FoldCell.read(shape, rows, row, 1 + keys.size());
            put(totals, buckets, rows.longAt(row, 0), cell, shape);
            if (!keys.isEmpty()) {
                List<@Nullable String> key = new ArrayList<@Nullable String>();
                for (int i = 0; i < keys.size(); i++) {
                    key.add(rows.value(row, 1 + i) == null ? null : rows.textAt(row, 1 + i));
                }
                put(group(key), buckets, rows.longAt(row, 0), cell, shape);
            }
            cells++;
        }
    }

    private static void put(Series series, @Nullable Buckets cut, long edge, FoldCell cell, FoldCell.Shape shape) {
        series.all.addAll(cell);
        int bucket = cut == null ? 0 : cut.startingAt(edge);
        if (cut != null && bucket >= 0) {
            series.at(bucket, shape).addAll(cell);
        }
    }

    /** Adds an event of the tenant that was not in yet. */
    public void add(StoredEvent event) {
        long millis = event.event().timestampMillis();
        boolean here = isIn(question.range(), millis);
        TimeRange earlier = comparedRange();
        boolean before = earlier != null && isIn(earlier, millis);
        if (overflown || !(here || before) || !filter.test(event)) {
            return;
        }
        long lookers = shape.lookers(event);
        if (lookers == 0) {
            return;
        }
        if (here) {
            add(totals, buckets, event, lookers);
            if (!keys.isEmpty()) {
                add(group(key(event)), buckets, event, lookers);
            }
        }
        if (before && compared != null) {
            add(compared, comparedBuckets(), event, lookers);
        }
        if (++sinceRecount >= RECOUNT_EVERY) {
            recount();
        }
    }

    private void add(Series series, @Nullable Buckets cut, StoredEvent event, long lookers) {
        series.all.add(event, lookers);
        if (cut != null) {
            int bucket = cut.holding(event.event().timestampMillis());
            if (series.byBucket[bucket] == null) {
                cells++;
            }
            series.at(bucket, shape).add(event, lookers);
        }
    }

    /** What every event that can concern it has in common. */
    public Interest interest() {
        return interest;
    }

    /**
     * Goes on as the answer to the same question of a later moment. False when it cannot; then it is unchanged, and the later
     * question needs a fold of its own.
     */
    public boolean moveTo(Question later) {
        return later.cacheKey().equals(question.cacheKey());
    }

    /** About how much memory it takes. */
    public int bytes() {
        return bytes;
    }

    /** What the engine would answer; empty when it has become too much to be known here, for good. */
    public Optional<Answer> current() {
        if (overflown || !isKnown()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (question) {
                    case TrendQuestion trend -> trend(trend);
                    case MetricQuestion metric ->
                        new MetricAnswer(
                                metric,
                                totals.all.values(metric.measures()),
                                compared == null ? null : compared.all.values(metric.measures()),
                                null);
                    case TableQuestion table -> table(table);
                });
    }

    private TrendAnswer trend(TrendQuestion trend) {
        Buckets earlier = trend.compared();
        List<TrendAnswer.Line> all = new ArrayList<>(lines(trend, null, false, totals));
        if (earlier != null && compared != null) {
            all.addAll(lines(trend, null, true, compared));
        }
        Breakdown breakdown = trend.breakdown();
        if (breakdown == null) {
            return new TrendAnswer(trend, all, all);
        }
        List<Map.Entry<List<@Nullable String>, Series>> ranked = new ArrayList<>();
        Series none = null;
        for (Map.Entry<List<@Nullable String>, Series> group : groups.entrySet()) {
            if (group.getKey().getFirst() == null) {
                none = group.getValue();
            } else {
                ranked.add(group);
            }
        }
        ranked.sort(FoldOrder.of(
                entry -> entry.getValue().all.values(trend.measures()).getFirst(), Map.Entry::getKey, true));
        List<TrendAnswer.Line> split = new ArrayList<>();
        int top = Math.min(breakdown.limit(), ranked.size());
        for (Map.Entry<List<@Nullable String>, Series> group : ranked.subList(0, top)) {
            String text = String.valueOf(group.getKey().getFirst());
            split.addAll(lines(trend, new BreakdownValue.Value(text), false, group.getValue()));
        }
        if (ranked.size() > top) {
            split.addAll(lines(trend, new BreakdownValue.Other(), false, together(ranked.subList(top, ranked.size()))));
        }
        if (none != null) {
            split.addAll(lines(trend, new BreakdownValue.None(), false, none));
        }
        return new TrendAnswer(trend, split, all);
    }

    private Series together(List<Map.Entry<List<@Nullable String>, Series>> parts) {
        Series sum = new Series(shape, size(buckets));
        for (Map.Entry<List<@Nullable String>, Series> part : parts) {
            @Nullable FoldCell[] byBucket = part.getValue().byBucket;
            for (int bucket = 0; bucket < byBucket.length; bucket++) {
                FoldCell cell = byBucket[bucket];
                if (cell != null) {
                    sum.at(bucket, shape).addAll(cell);
                }
            }
        }
        return sum;
    }

    private static List<TrendAnswer.Line> lines(
            TrendQuestion trend, @Nullable BreakdownValue value, boolean compare, Series series) {
        List<@Nullable Double> nothing = MeasureColumns.ofNothing(trend.measures(), true);
        List<TrendAnswer.Line> lines = new ArrayList<>();
        for (int measure = 0; measure < trend.measures().size(); measure++) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int bucket = 0; bucket < trend.buckets().size(); bucket++) {
                if (bucket >= series.byBucket.length) {
                    values.add(null);
                    continue;
                }
                FoldCell cell = series.byBucket[bucket];
                values.add((cell == null ? nothing : cell.values(trend.measures())).get(measure));
            }
            lines.add(new TrendAnswer.Line(trend.measures().get(measure).name(), value, compare, values));
        }
        return lines;
    }

    private TableAnswer table(TableQuestion table) {
        List<TableAnswer.Row> rows = new ArrayList<>();
        groups.forEach((key, series) -> rows.add(new TableAnswer.Row(
                key.stream()
                        .map(text -> text == null
                                ? (BreakdownValue) new BreakdownValue.None()
                                : new BreakdownValue.Value(text))
                        .toList(),
                series.all.values(table.measures()))));
        rows.sort(FoldOrder.of(table.sort()));
        return new TableAnswer(
                table,
                rows.stream().skip(table.offset()).limit(table.limit()).toList(),
                totals.all.values(table.measures()),
                rows.size());
    }

    private Series group(List<@Nullable String> key) {
        return groups.computeIfAbsent(key, _ -> {
            cells++;
            return new Series(shape, size(buckets));
        });
    }

    private List<@Nullable String> key(StoredEvent event) {
        List<@Nullable String> key = new ArrayList<@Nullable String>();
        for (Property property : keys) {
            Scalar value = EventValue.of(property, event);
            key.add(value == null ? null : EventValue.text(value));
        }
        return key;
    }

    private boolean isKnown() {
        return totals.all.isKnown() && (compared == null || compared.all.isKnown());
    }

    private void recount() {
        sinceRecount = 0;
        int sum = bytes(totals) + (compared == null ? 0 : bytes(compared));
        for (Map.Entry<List<@Nullable String>, Series> group : groups.entrySet()) {
            for (String text : group.getKey()) {
                sum += 64 + (text == null ? 0 : 2 * text.length());
            }
            sum += bytes(group.getValue());
        }
        bytes = sum;
        overflown |= cells > MOST_CELLS || bytes > MOST_BYTES;
    }

    private static int bytes(Series series) {
        int sum = series.all.bytes() + 8 * series.byBucket.length;
        for (FoldCell cell : series.byBucket) {
            sum += cell == null ? 0 : cell.bytes();
        }
        return sum;
    }

    private static List<Property> keys(MeasuredQuestion question) {
        return switch (question) {
            case TrendQuestion trend ->
                trend.breakdown() == null
                        ? List.of()
                        : List.of(trend.breakdown().property());
            case MetricQuestion _ -> List.of();
            case TableQuestion table -> table.breakdowns();
        };
    }

    private @Nullable TimeRange comparedRange() {
        return switch (question) {
            case TrendQuestion trend ->
                trend.compared() == null ? null : trend.compared().range();
            case MetricQuestion metric -> metric.compared();
            case TableQuestion _ -> null;
        };
    }

    private @Nullable Buckets comparedBuckets() {
        return question instanceof TrendQuestion trend ? trend.compared() : null;
    }

    private static boolean isIn(TimeRange range, long millis) {
        return millis >= range.startMillis() && millis < range.endMillis();
    }

    private static int size(@Nullable Buckets cut) {
        return cut == null ? 0 : cut.size();
    }
}
