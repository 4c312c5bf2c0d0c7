package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a trend: with a breakdown, its top values; then all lines and totals, of one scan where that can be; then those compared with. */
final class TrendPlan {
    private final StatementLog store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Planner planner;
    private final @Nullable KeptBuckets kept;

    /**
     * One answer to come.
     *
     * @param kept null to compute everything anew
     */
    TrendPlan(
            StatementLog store, TenantId tenant, TrendQuestion question, Planner planner, @Nullable KeptBuckets kept) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.planner = planner;
        this.kept = question.hasIndependentBuckets() ? kept : null;
    }

    TrendAnswer answer() {
        Breakdown breakdown = question.breakdown();
        long position = kept == null ? 0 : kept.position(tenant);
        TrendRanking ranking =
                breakdown == null ? null : new TrendRanking(store, tenant, question, breakdown, planner, kept);
        TrendCells.Found found = ranking == null ? null : ranking.withBuckets();
        TopValues top = found != null ? found.top() : ranking != null ? ranking.top() : TopValues.OF_NO_BREAKDOWN;
        TrendBuckets buckets = new TrendBuckets(tenant, question, top, planner, kept, store);
        Values values = new Values(
                found == null
                        ? buckets.values(question.buckets(), question.horizon())
                        : buckets.found(question.buckets(), position, found.values()));
        Buckets compared = question.compared();
        Values comparedValues =
                new Values(compared == null ? List.of() : buckets.values(compared, question.comparedHorizon()));

        List<TrendAnswer.Line> totals = new ArrayList<>();
        addLine(totals, null, false, TopValues.TOTAL, values);
        if (compared != null) {
            addLine(totals, null, true, TopValues.TOTAL, comparedValues);
        }
        if (breakdown == null) {
            return new TrendAnswer(question, totals, totals);
        }
        List<TrendAnswer.Line> lines = new ArrayList<>();
        List<Integer> slots = top.slots();
        for (int rank = 0; rank < slots.size(); rank++) {
            String text = top.ranked().get(rank).text();
            addLines(lines, new BreakdownValue.Value(text), slots.get(rank), values, comparedValues);
        }
        addLines(lines, new BreakdownValue.Other(), top.other(), values, comparedValues);
        addLines(lines, new BreakdownValue.None(), TopValues.NONE, values, comparedValues);
        return new TrendAnswer(question, lines, totals);
    }

    private void addLines(
            List<TrendAnswer.Line> lines, BreakdownValue value, int slot, Values values, Values compared) {
        if (!values.have(slot) && !compared.have(slot)) {
            return;
        }
        addLine(lines, value, false, slot, values);
        if (question.compared() != null) {
            addLine(lines, value, true, slot, compared);
        }
    }

    private void addLine(
            List<TrendAnswer.Line> lines, @Nullable BreakdownValue value, boolean compare, int slot, Values values) {
        Horizon horizon = compare ? question.comparedHorizon() : question.horizon();
        for (int measure = 0; measure < question.measures().size(); measure++) {
            List<@Nullable Double> points = new ArrayList<>();
            for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
                if (bucket >= values.byBucket.size()) {
                    points.add(null);
                    continue;
                }
                List<@Nullable Double> found = values.byBucket.get(bucket).get(slot);
                points.add((found == null
                                ? MeasureColumns.ofNothing(question.measures(), horizon.hasBegun(bucket))
                                : found)
                        .get(measure));
            }
            lines.add(new TrendAnswer.Line(question.measures().get(measure).name(), value, compare, points));
        }
    }

    /** By bucket and slot, of all measures. */
    private record Values(List<Map<Integer, List<@Nullable Double>>> byBucket) {
        boolean have(int slot) {
            return byBucket.stream().anyMatch(lines -> lines.containsKey(slot));
        }
    }
}
