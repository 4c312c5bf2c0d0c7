package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers a trend: with a breakdown, one scan for its top values; then one scan for all lines and totals, and one for those
 * compared with. Values of a breakdown travel as 64-bit hashes, because they can be long and many.
 */
final class TrendPlan {
    private static final int TOTAL = -2;
    private static final int NONE = -1;

    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Source source;

    TrendPlan(EventStore store, TenantId tenant, TrendQuestion question, Source source) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.source = source;
    }

    TrendAnswer answer() {
        Breakdown breakdown = question.breakdown();
        Top top = breakdown == null ? Top.EMPTY : top(breakdown);
        Map<Integer, Grid> grids = scan(question.buckets(), question.horizon(), top);
        Buckets compared = question.compared();
        Map<Integer, Grid> comparedGrids =
                compared == null ? Map.of() : scan(compared, question.comparedHorizon(), top);

        List<TrendAnswer.Line> totals = new ArrayList<>();
        addLines(totals, null, false, grids.get(TOTAL));
        if (compared != null) {
            addLines(totals, null, true, comparedGrids.get(TOTAL));
        }
        if (breakdown == null) {
            return new TrendAnswer(question, totals, totals);
        }
        List<TrendAnswer.Line> lines = new ArrayList<>();
        for (int slot = 0; slot < top.texts.size(); slot++) {
            addLines(lines, new BreakdownValue.Value(top.texts.get(slot)), slot, grids, comparedGrids);
        }
        addLines(lines, new BreakdownValue.Other(), top.texts.size(), grids, comparedGrids);
        addLines(lines, new BreakdownValue.None(), NONE, grids, comparedGrids);
        return new TrendAnswer(question, lines, totals);
    }

    /** The values of the breakdown with the most of the first measure; equal ones in the order of their bytes. */
    private Top top(Breakdown breakdown) {
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Measure first = question.measures().getFirst();
        Select ranked = new MeasureSelect(
                        question,
                        source,
                        parameters,
                        question.range(),
                        question.horizon().lastOnly())
                .by(List.of(
                        new Dimension("k", breakdown.property(), PropertyColumns::text),
                        new Dimension(
                                "h",
                                breakdown.property(),
                                property -> "reinterpretAsInt64(sipHash64(" + property.text() + "))")))
                .presentOnly()
                .only(first)
                .build()
                .orderBy(measures.order(first) + " DESC NULLS LAST")
                .orderBy("k")
                .limit(breakdown.limit(), 0)
                .build();
        Rows rows = store.query(tenant, ranked);
        List<String> texts = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.textAt(row, 0));
            hashes.add(rows.longAt(row, 1));
        }
        return new Top(texts, hashes);
    }

    /** The lines of one range by slot: one of {@code TOTAL}, {@code NONE}, the index of a top value, or the number of them for the others. */
    private Map<Integer, Grid> scan(Buckets buckets, Horizon horizon, Top top) {
        Parameters parameters = new Parameters(tenant);
        Breakdown breakdown = question.breakdown();
        MeasureSelect select = new MeasureSelect(question, source, parameters, buckets.range(), horizon).in(buckets);
        if (breakdown != null) {
            select.by(List.of(new Dimension("s", breakdown.property(), property -> top.slot(property, parameters))))
                    .withTotals("toInt64(" + TOTAL + ")");
        }
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Rows rows = store.query(tenant, select.build().build());
        int firstMeasure = breakdown == null ? 1 : 2;
        Map<Integer, Grid> grids = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 0));
            if (bucket >= 0 && bucket < question.buckets().size()) {
                int slot = breakdown == null ? TOTAL : (int) rows.longAt(row, 1);
                grids.computeIfAbsent(slot, _ -> new Grid(question, horizon))
                        .put(bucket, measures.read(rows, row, firstMeasure, horizon.hasBegun(bucket)));
            }
        }
        return grids;
    }

    private void addLines(
            List<TrendAnswer.Line> lines,
            BreakdownValue value,
            int slot,
            Map<Integer, Grid> grids,
            Map<Integer, Grid> comparedGrids) {
        if (!grids.containsKey(slot) && !comparedGrids.containsKey(slot)) {
            return;
        }
        addLines(lines, value, false, grids.get(slot));
        if (question.compared() != null) {
            addLines(lines, value, true, comparedGrids.get(slot));
        }
    }

    private void addLines(
            List<TrendAnswer.Line> lines, @Nullable BreakdownValue value, boolean compare, @Nullable Grid grid) {
        Grid filled =
                grid == null ? new Grid(question, compare ? question.comparedHorizon() : question.horizon()) : grid;
        Buckets compared = question.compared();
        int buckets = compare && compared != null
                ? compared.size()
                : question.buckets().size();
        for (int measure = 0; measure < question.measures().size(); measure++) {
            lines.add(new TrendAnswer.Line(
                    question.measures().get(measure).name(), value, compare, filled.values(measure, buckets)));
        }
    }

    /** The values of a breakdown that get lines of their own, with their hashes. */
    private record Top(List<String> texts, List<Long> hashes) {
        static final Top EMPTY = new Top(List.of(), List.of());

        String slot(PropertyColumns property, Parameters parameters) {
            String other = "toInt64(" + texts.size() + ")";
            if (texts.isEmpty()) {
                return "if(" + property.present() + ", " + other + ", toInt64(" + NONE + "))";
            }
            List<Long> slots = LongStream.range(0, texts.size()).boxed().toList();
            return "if(" + property.present() + ", transform(reinterpretAsInt64(sipHash64(" + property.text() + ")), "
                    + parameters.integers(hashes) + ", " + parameters.integers(slots) + ", " + other + "), toInt64("
                    + NONE + "))";
        }
    }

    /** Values by bucket and measure, of a line's worth. */
    private static final class Grid {
        private final List<List<@Nullable Double>> byBucket = new ArrayList<>();

        Grid(TrendQuestion question, Horizon horizon) {
            for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
                byBucket.add(MeasureColumns.ofNothing(question.measures(), horizon.hasBegun(bucket)));
            }
        }

        void put(int bucket, List<@Nullable Double> values) {
            byBucket.set(bucket, values);
        }

        /** Of one measure; null from the given number of buckets on. */
        List<@Nullable Double> values(int measure, int buckets) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int bucket = 0; bucket < byBucket.size(); bucket++) {
                values.add(bucket < buckets ? byBucket.get(bucket).get(measure) : null);
            }
            return values;
        }
    }
}
