package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.KeptBuckets.Counted;
import dev.tidemark.query.KeptBuckets.Ranked;
import dev.tidemark.query.KeptBuckets.Span;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of a trend's breakdown with the most of the first measure over the whole range; equal ones come in the order of
 * their bytes. Numbers of events add up, so those of the buckets that are over are kept by value and only the rest is counted
 * anew. Everything else (distinct counts above all) is ranked by a statement over the whole range.
 */
final class TrendRanking {
    private static final int MOST_VALUES = 2_000;
    static final Comparator<String> BY_BYTES =
            Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Breakdown breakdown;
    private final Planner planner;
    private final @Nullable KeptBuckets kept;

    TrendRanking(
            EventStore store,
            TenantId tenant,
            TrendQuestion question,
            Breakdown breakdown,
            Planner planner,
            @Nullable KeptBuckets kept) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.breakdown = breakdown;
        this.planner = planner;
        this.kept = kept;
    }

    /**
     * The ranking together with all buckets, where one scan can find them and nothing is kept yet, so that a refresh stays one of
     * what has changed; null otherwise.
     */
    TrendCells.@Nullable Found withBuckets() {
        boolean few = planner.mergesFew(tenant, question.range());
        TrendCells cells = new TrendCells(store, tenant, question, breakdown, few);
        if (planner.choose(question) != Source.EVENTS || !cells.fits()) {
            return null;
        }
        if (kept == null) {
            return cells.find(0, 0);
        }
        boolean isAdded = isAdded();
        TimeRange ranked = isAdded ? question.buckets().part(0, over()).range() : question.range();
        String shape = kept.named(tenant, isAdded ? addedShape() : wholeShape());
        if (kept.hasRanking(tenant, shape)) {
            return null;
        }
        long position = kept.position(tenant);
        TrendCells.Found found = cells.find(isAdded ? over() : 0, isAdded ? MOST_VALUES + 1 : 0);
        if (found != null) {
            Span span = new Span(ranked.startMillis(), ranked.endMillis());
            kept.keepRanking(
                    tenant, shape, new Ranked(position, span, isAdded ? few(found.early()) : counts(found.top())));
        }
        return found;
    }

    private static @Nullable Map<String, Counted> few(Map<String, Counted> values) {
        return values.size() > MOST_VALUES ? null : values;
    }

    private static Map<String, Counted> counts(TopValues top) {
        Map<String, Counted> counts = new LinkedHashMap<>();
        top.ranked().forEach(value -> counts.put(value.text(), new Counted(value.hash(), 0)));
        return counts;
    }

    /** How many of the buckets are over. */
    private int over() {
        return Math.min(question.partialFrom(), question.buckets().size());
    }

    /** Whether what is kept of the buckets that are over and what is counted of the others add up. */
    private boolean isAdded() {
        return kept != null && over() > 0 && question.measures().getFirst() instanceof Measure.EventCount;
    }

    private String addedShape() {
        return CanonicalForm.rankingShape(question, breakdown);
    }

    private String wholeShape() {
        return breakdown.limit() + CanonicalForm.rankingShape(question, breakdown);
    }

    TopValues top() {
        Buckets buckets = question.buckets();
        int over = over();
        if (kept == null || !isAdded()) {
            return ofStatement();
        }
        Map<String, Counted> counts = ofBucketsOver(kept, buckets.part(0, over).range());
        if (counts == null) {
            return ofStatement();
        }
        Map<String, Counted> all = new HashMap<>(counts);
        if (over < buckets.size()) {
            Rows rest = count(buckets.part(over, buckets.size()).range(), MOST_VALUES + 1);
            if (rest.size() > MOST_VALUES) {
                return ofStatement();
            }
            counts(rest)
                    .forEach((text, more) -> all.merge(
                            text, more, (left, right) -> new Counted(left.hash(), left.count() + right.count())));
        }
        return new TopValues(all.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, Counted> entry) ->
                                -entry.getValue().count())
                        .thenComparing(Map.Entry::getKey, BY_BYTES))
                .limit(breakdown.limit())
                .map(entry ->
                        new TopValues.Value(entry.getKey(), entry.getValue().hash()))
                .toList());
    }

    private TopValues ofStatement() {
        if (kept == null) {
            return top(counts(count(question.range(), breakdown.limit())));
        }
        TimeRange range = question.range();
        Span span = new Span(range.startMillis(), range.endMillis());
        String shape = kept.named(tenant, wholeShape());
        Ranked known = kept.findRanking(tenant, shape, span);
        if (known != null && known.values() != null) {
            return top(known.values());
        }
        long position = kept.position(tenant);
        Map<String, Counted> ranked = counts(count(range, breakdown.limit()));
        kept.keepRanking(tenant, shape, new Ranked(position, span, ranked));
        return top(ranked);
    }

    private static TopValues top(Map<String, Counted> ranked) {
        return new TopValues(ranked.entrySet().stream()
                .map(entry ->
                        new TopValues.Value(entry.getKey(), entry.getValue().hash()))
                .toList());
    }

    /** Null when there are too many values to keep. */
    private @Nullable Map<String, Counted> ofBucketsOver(KeptBuckets kept, TimeRange over) {
        Span span = new Span(over.startMillis(), over.endMillis());
        String shape = kept.named(tenant, addedShape());
        Ranked known = kept.findRanking(tenant, shape, span);
        if (known != null) {
            return known.values();
        }
        long position = kept.position(tenant);
        Rows rows = count(over, MOST_VALUES + 1);
        Map<String, Counted> values = rows.size() > MOST_VALUES ? null : counts(rows);
        kept.keepRanking(tenant, shape, new Ranked(position, span, values));
        return values;
    }

    /** In the order of the rows. */
    private static Map<String, Counted> counts(Rows rows) {
        Map<String, Counted> counts = new LinkedHashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            counts.put(rows.textAt(row, 0), new Counted(rows.longAt(row, 1), rows.longAt(row, 2)));
        }
        return counts;
    }

    private Rows count(TimeRange range, int limit) {
        Source source = range.equals(question.range()) ? planner.choose(question) : planner.choose(question, range);
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Measure first = question.measures().getFirst();
        Select ranked = new MeasureSelect(
                        question, source, parameters, range, question.horizon().lastOnly())
                .by(List.of(
                        new Dimension("k", breakdown.property(), PropertyColumns::text),
                        new Dimension("h", breakdown.property(), PropertyColumns::hash)))
                .presentOnly()
                .only(first)
                .build()
                .orderBy(measures.order(first) + " DESC NULLS LAST")
                .orderBy("k")
                .limit(limit, 0)
                .build();
        return store.query(tenant, ranked);
    }
}
