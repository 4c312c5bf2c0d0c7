package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Answers a funnel: one scan, and one more for the funnel over time. */
final class FunnelPlan {
    private static final long TOTAL = -2;
    private static final long ABSENT = -1;
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final EventStore store;
    private final TenantId tenant;
    private final FunnelQuestion question;
    private final int steps;

    FunnelPlan(EventStore store, TenantId tenant, FunnelQuestion question) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.steps = question.steps().size();
    }

    FunnelAnswer answer() {
        FunnelQuestion.Split split = question.split();
        List<FunnelAnswer.Group> groups = new ArrayList<>();
        List<FunnelAnswer.Step> total = split == null ? total() : total(split, groups);
        Buckets buckets = question.overTime();
        return new FunnelAnswer(question, total, groups, buckets == null ? List.of() : overTime(buckets));
    }

    private List<FunnelAnswer.Step> total() {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(
                new FunnelAttempts(question, parameters).select(List.of()).build());
        select.column("count()", "c1");
        for (int step = 2; step <= steps; step++) {
            String quantiles = "quantilesExactInclusiveIf(0.5, 0.9)" + taken(step);
            select.column("countIf(level >= " + step + ")", "c" + step)
                    .column("sumIf" + taken(step), "sum" + step)
                    .column(quantiles + "[1]", "median" + step)
                    .column(quantiles + "[2]", "p90" + step);
        }
        return read(store.query(tenant, select.build()), 0, 0);
    }

    /** Adds the groups by their rank and returns all together. One scan: the aggregates of each value are merged by its rank. */
    private List<FunnelAnswer.Step> total(FunnelQuestion.Split split, List<FunnelAnswer.Group> groups) {
        Rows rows = store.query(tenant, ranked(split));
        int limit = split.breakdown().limit();
        List<FunnelAnswer.Step> total = nothing();
        for (int row = 0; row < rows.size(); row++) {
            long slot = rows.longAt(row, 0);
            List<FunnelAnswer.Step> found = read(rows, row, 2);
            if (slot == TOTAL) {
                total = found;
            } else if (slot == ABSENT) {
                groups.add(new FunnelAnswer.Group(new BreakdownValue.None(), found));
            } else if (slot == limit) {
                groups.add(new FunnelAnswer.Group(new BreakdownValue.Other(), found));
            } else {
                groups.add(new FunnelAnswer.Group(new BreakdownValue.Value(rows.textAt(row, 1)), found));
            }
        }
        return total;
    }

    private Select ranked(FunnelQuestion.Split split) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder byValue = Select.from(new FunnelAttempts(question, parameters)
                        .select(List.of(FunnelEvents.Part.VALUES))
                        .build())
                .column("absent", "lacks")
                .column("text", "val")
                .column("count()", "n1");
        for (int step = 2; step <= steps; step++) {
            byValue.column("countIf(level >= " + step + ")", "n" + step)
                    .column("sumIf" + taken(step), "all" + step)
                    .column("quantilesExactInclusiveIfState(0.5, 0.9)" + taken(step), "q" + step);
        }
        Select.Builder slots = Select.from(
                        byValue.groupBy("lacks").groupBy("val").build())
                .column(
                        "if(lacks = 1, toInt64(" + ABSENT
                                + "), least(toInt64(row_number() OVER (PARTITION BY lacks ORDER BY n1"
                                + " DESC, val)) - 1, toInt64("
                                + split.breakdown().limit() + ")))",
                        "slot")
                .column("val", "val")
                .column("n1", "n1");
        for (int step = 2; step <= steps; step++) {
            slots.column("n" + step, "n" + step)
                    .column("all" + step, "all" + step)
                    .column("q" + step, "q" + step);
        }
        Select.Builder select = Select.from(slots.build())
                .column("if(grouping(slot) = 1, toInt64(" + TOTAL + "), slot)", "s")
                .column("any(val)", "text")
                .column("sum(n1)", "c1");
        for (int step = 2; step <= steps; step++) {
            String quantiles = "quantilesExactInclusiveIfMerge(0.5, 0.9)(q" + step + ")";
            select.column("sum(n" + step + ")", "c" + step)
                    .column("sum(all" + step + ")", "sum" + step)
                    .column(quantiles + "[1]", "median" + step)
                    .column(quantiles + "[2]", "p90" + step);
        }
        return select.groupBy("GROUPING SETS ((slot), ())")
                .orderBy("s = " + ABSENT)
                .orderBy("s")
                .build();
    }

    /** The arguments of an aggregate of the milliseconds from the step before. */
    private static String taken(int step) {
        return "(s" + step + " - s" + (step - 1) + ", level >= " + step + ")";
    }

    private List<FunnelAnswer.Step> nothing() {
        List<FunnelAnswer.Step> none = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            none.add(new FunnelAnswer.Step(0, null));
        }
        return none;
    }

    private List<FunnelAnswer.Step> read(Rows rows, int row, int firstColumn) {
        List<FunnelAnswer.Step> read =
                new ArrayList<>(List.of(new FunnelAnswer.Step(rows.longAt(row, firstColumn), null)));
        for (int column = firstColumn + 1; read.size() < steps; column += 4) {
            long count = rows.longAt(row, column);
            Double median = rows.doubleAt(row, column + 2);
            Double p90 = rows.doubleAt(row, column + 3);
            read.add(new FunnelAnswer.Step(
                    count,
                    count == 0 || median == null || p90 == null
                            ? null
                            : new FunnelAnswer.Seconds(
                                    median / MILLIS_PER_SECOND,
                                    (double) rows.longAt(row, column + 1) / count / MILLIS_PER_SECOND,
                                    p90 / MILLIS_PER_SECOND)));
        }
        return read;
    }

    private List<List<Long>> overTime(Buckets buckets) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(new FunnelAttempts(question, parameters).byBucket(buckets))
                .column("bucket", "b");
        for (int step = 1; step <= steps; step++) {
            select.column("countIf(level >= " + step + ")", "c" + step);
        }
        Rows rows = store.query(tenant, select.groupBy("b").build());
        List<List<Long>> counts = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            counts.add(Collections.nCopies(steps, 0L));
        }
        for (int row = 0; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 0));
            List<Long> found = new ArrayList<>();
            for (int step = 1; step <= steps; step++) {
                found.add(rows.longAt(row, step));
            }
            if (bucket >= 0) {
                counts.set(bucket, found);
            }
        }
        return counts;
    }
}
