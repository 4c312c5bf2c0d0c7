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
        Map<Integer, Grid> grids = scan(question.buckets(), top);
        Buckets compared = question.compared();
        Map<Integer, Grid> comparedGrids = compared == null ? Map.of() : scan(compared, top);

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
        PropertyColumns property = PropertyColumns.of(breakdown.property(), parameters);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Measure first = question.measures().getFirst();
        Select.Builder select = filtered(source.select(parameters, question.range()), parameters)
                .where(property.present())
                .column(property.text(), "k")
                .column("reinterpretAsInt64(sipHash64(" + property.text() + "))", "h");
        Select ranked = measures.addTo(select, first)
                .groupBy("k")
                .groupBy("h")
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
    private Map<Integer, Grid> scan(Buckets buckets, Top top) {
        Parameters parameters = new Parameters(tenant);
        Breakdown breakdown = question.breakdown();
        Select.Builder select = filtered(source.select(parameters, buckets.range()), parameters)
                .column(bucket(buckets, parameters), "b");
        if (breakdown == null) {
            select.column("toInt64(" + TOTAL + ")", "s").groupBy("b");
        } else {
            String slot = top.slot(PropertyColumns.of(breakdown.property(), parameters), parameters);
            select.column("if(grouping(slot) = 1, toInt64(" + TOTAL + "), " + slot + " AS slot)", "s")
                    .groupBy("GROUPING SETS ((b, slot), (b))");
        }
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Rows rows = store.query(tenant, measures.addTo(select).build());
        Map<Integer, Grid> grids = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 0));
            if (bucket >= 0 && bucket < question.buckets().size()) {
                grids.computeIfAbsent((int) rows.longAt(row, 1), _ -> new Grid(question))
                        .put(bucket, measures.read(rows, row, 2));
            }
        }
        return grids;
    }

    private Select.Builder filtered(Select.Builder select, Parameters parameters) {
        Filter filter = question.filter();
        return filter == null ? select : select.where(new Conditions(parameters).of(filter));
    }

    /** The edge at which the bucket of an event starts: by arithmetic where buckets are equally long, else by search. */
    private String bucket(Buckets buckets, Parameters parameters) {
        Long width = buckets.commonWidth();
        if (width == null) {
            return "roundDown(" + source.millis() + ", " + parameters.integers(buckets.edges()) + ")";
        }
        String first = parameters.integer(buckets.edges().getFirst());
        String step = parameters.integer(width);
        return first + " + intDiv(" + source.millis() + " - " + first + ", " + step + ") * " + step;
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
        Grid filled = grid == null ? new Grid(question) : grid;
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

        Grid(TrendQuestion question) {
            List<@Nullable Double> nothing = MeasureColumns.ofNothing(question.measures());
            for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
                byBucket.add(nothing);
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
