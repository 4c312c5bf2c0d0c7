package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a funnel: one scan; with a breakdown one before it for the top values; one more for the funnel over time. */
final class FunnelPlan {
    private static final long TOTAL = -2;
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
        FunnelValues values = split == null ? FunnelValues.NONE : FunnelValues.top(store, tenant, question, split);
        Map<Long, List<FunnelAnswer.Step>> slots = scan(values);
        List<FunnelAnswer.Group> groups = new ArrayList<>();
        for (int slot = 0; slot < values.texts().size(); slot++) {
            addGroup(groups, new BreakdownValue.Value(values.texts().get(slot)), slots.get((long) slot));
        }
        addGroup(groups, new BreakdownValue.Other(), slots.get((long)
                values.texts().size()));
        addGroup(groups, new BreakdownValue.None(), slots.get(FunnelValues.ABSENT));
        Buckets buckets = question.overTime();
        List<FunnelAnswer.Step> total = slots.get(TOTAL);
        return new FunnelAnswer(
                question, total == null ? nothing() : total, groups, buckets == null ? List.of() : overTime(buckets));
    }

    private static void addGroup(
            List<FunnelAnswer.Group> groups, BreakdownValue value, @Nullable List<FunnelAnswer.Step> found) {
        if (found != null) {
            groups.add(new FunnelAnswer.Group(value, found));
        }
    }

    private List<FunnelAnswer.Step> nothing() {
        List<FunnelAnswer.Step> none = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            none.add(new FunnelAnswer.Step(0, null));
        }
        return none;
    }

    private Map<Long, List<FunnelAnswer.Step>> scan(FunnelValues values) {
        Parameters parameters = new Parameters(tenant);
        FunnelAttempts attempts = new FunnelAttempts(question, parameters);
        boolean isSplit = question.split() != null;
        Select.Builder select = Select.from(attempts.select(isSplit ? List.of(FunnelEvents.Part.VALUES) : List.of())
                .build());
        if (isSplit) {
            select.column(
                            "if(grouping(slot) = 1, toInt64(" + TOTAL + "), " + values.slot(parameters) + " AS slot)",
                            "s")
                    .groupBy("GROUPING SETS ((slot), ())");
        } else {
            select.column("toInt64(" + TOTAL + ")", "s");
        }
        select.column("count()", "c1");
        for (int step = 2; step <= steps; step++) {
            String taken = "s" + step + " - s" + (step - 1) + ", level >= " + step;
            String quantiles = "quantilesExactInclusiveIf(0.5, 0.9)(" + taken + ")";
            select.column("countIf(level >= " + step + ")", "c" + step)
                    .column("sumIf(" + taken + ")", "sum" + step)
                    .column(quantiles + "[1]", "median" + step)
                    .column(quantiles + "[2]", "p90" + step);
        }
        Rows rows = store.query(tenant, select.build());
        Map<Long, List<FunnelAnswer.Step>> slots = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            slots.put(rows.longAt(row, 0), read(rows, row));
        }
        return slots;
    }

    private List<FunnelAnswer.Step> read(Rows rows, int row) {
        List<FunnelAnswer.Step> read = new ArrayList<>(List.of(new FunnelAnswer.Step(rows.longAt(row, 1), null)));
        for (int column = 2; read.size() < steps; column += 4) {
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
