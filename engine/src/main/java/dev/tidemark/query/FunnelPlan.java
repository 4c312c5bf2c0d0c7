package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Answers a funnel: one scan, and one more for the funnel over time where that has a breakdown too or is of totals. */
final class FunnelPlan {
    private static final long TOTAL = -2;
    private static final long ABSENT = -1;
    private static final int COLUMNS_OF_STEP = 4;
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
        Buckets buckets = question.overTime();
        if (buckets != null && split == null && question.counting() != FunnelQuestion.Counting.TOTALS) {
            return totalAndOverTime(buckets);
        }
        List<FunnelAnswer.Group> groups = new ArrayList<>();
        List<FunnelAnswer.Step> total = split == null ? total() : total(split, groups);
        return new FunnelAnswer(question, total, groups, buckets == null ? List.of() : overTime(buckets));
    }

    private List<FunnelAnswer.Step> total() {
        Parameters parameters = new Parameters(tenant);
        Select attempts =
                new FunnelAttempts(question, parameters).select(List.of()).build();
        return read(store.query(tenant, steps(attempts).build()), 0, 0);
    }

    private FunnelAnswer totalAndOverTime(Buckets buckets) {
        Parameters parameters = new Parameters(tenant);
        Select attempts = new FunnelAttempts(question, parameters).withCells(buckets);
        Rows rows = store.query(
                tenant, steps(attempts).column("cell", "of").groupBy("of").build());
        int of = 1 + COLUMNS_OF_STEP * (steps - 1);
        List<FunnelAnswer.Step> total = nothing();
        for (int row = 0; row < rows.size(); row++) {
            if (rows.longAt(row, of) == FunnelAttempts.WHOLE) {
                total = read(rows, row, 0);
            }
        }
        return new FunnelAnswer(question, total, List.of(), overTime(buckets, rows, of, 0));
    }

    /** The columns that {@link #read} reads. */
    private Select.Builder steps(Select attempts) {
        Select.Builder select = Select.from(attempts).column("count()", "c1");
        for (int step = 2; step <= steps; step++) {
            String quantiles = "quantilesExactInclusiveIf(0.5, 0.9)" + taken(step);
            select.column("countIf(level >= " + step + ")", "c" + step)
                    .column("sumIf" + taken(step), "sum" + step)
                    .column(quantiles + "[1]", "median" + step)
                    .column(quantiles + "[2]", "p90" + step);
        }
        return select;
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
        for (int column = firstColumn + 1; read.size() < steps; column += COLUMNS_OF_STEP) {
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
        Select cells = Select.from(new FunnelAttempts(question, parameters).byBucket(buckets))
                .column("cell", "of")
                .column("count()", "n")
                .groupBy("of")
                .build();
        return overTime(buckets, store.query(tenant, cells), 0, 1);
    }

    /** From rows with a cell and how many are in it, by bucket how many got at least to each step. */
    private List<List<Long>> overTime(Buckets buckets, Rows rows, int cellColumn, int countColumn) {
        long[][] counts = new long[buckets.size()][steps];
        for (int row = 0; row < rows.size(); row++) {
            long cell = rows.longAt(row, cellColumn);
            int bucket = cell == FunnelAttempts.WHOLE ? -1 : buckets.startingAt(FunnelAttempts.bucketOf(cell));
            if (bucket >= 0) {
                for (int step = 0; step < FunnelAttempts.levelOf(cell); step++) {
                    counts[bucket][step] += rows.longAt(row, countColumn);
                }
            }
        }
        return Arrays.stream(counts)
                .map(of -> Arrays.stream(of).boxed().toList())
                .toList();
    }
}
