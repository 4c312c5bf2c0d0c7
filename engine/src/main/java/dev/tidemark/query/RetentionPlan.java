package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers retention: with a breakdown, one scan for its top values; then one scan for all cohorts. */
final class RetentionPlan {
    private final EventStore store;
    private final TenantId tenant;
    private final RetentionQuestion question;

    RetentionPlan(EventStore store, TenantId tenant, RetentionQuestion question) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
    }

    RetentionAnswer answer() {
        Breakdown breakdown = question.breakdown();
        TopValues top = breakdown == null ? null : top(breakdown);
        Rows rows = store.query(tenant, new RetentionRows(question, new Parameters(tenant)).counts(top));
        Map<Integer, Grid> grids = new HashMap<>();
        Grid total = new Grid(question.periods());
        for (int row = 0; row < rows.size(); row++) {
            int cohort = (int) rows.longAt(row, 1);
            int period = (int) rows.longAt(row, 2);
            long people = rows.longAt(row, 3);
            total.add(cohort, period, people);
            grids.computeIfAbsent((int) rows.longAt(row, 0), _ -> new Grid(question.periods()))
                    .add(cohort, period, people);
        }
        return new RetentionAnswer(question, total.cohorts(), top == null ? List.of() : groups(top, grids));
    }

    private TopValues top(Breakdown breakdown) {
        Rows rows = store.query(tenant, new RetentionRows(question, new Parameters(tenant)).topValues(breakdown));
        List<TopValues.Value> values = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            values.add(new TopValues.Value(rows.textAt(row, 0), rows.longAt(row, 1)));
        }
        return new TopValues(values);
    }

    private static List<RetentionAnswer.Group> groups(TopValues top, Map<Integer, Grid> grids) {
        List<RetentionAnswer.Group> groups = new ArrayList<>();
        List<String> texts = top.texts();
        for (int slot : top.slots()) {
            addGroup(groups, new BreakdownValue.Value(texts.get(slot)), grids.get(slot));
        }
        addGroup(groups, new BreakdownValue.Other(), grids.get(top.other()));
        addGroup(groups, new BreakdownValue.None(), grids.get(TopValues.NONE));
        return groups;
    }

    private static void addGroup(List<RetentionAnswer.Group> groups, BreakdownValue value, @Nullable Grid grid) {
        if (grid != null) {
            groups.add(new RetentionAnswer.Group(value, grid.cohorts()));
        }
    }

    /** People by cohort and period; the last column holds the sizes. */
    private static final class Grid {
        private final long[][] people;

        Grid(RetentionPeriods periods) {
            people = new long[periods.cohorts().size()][periods.count() + 1];
        }

        void add(int cohort, int period, long count) {
            people[cohort][period] += count;
        }

        List<RetentionAnswer.Cohort> cohorts() {
            List<RetentionAnswer.Cohort> cohorts = new ArrayList<>();
            for (long[] row : people) {
                List<Long> returned = new ArrayList<>();
                for (int period = 0; period < row.length - 1; period++) {
                    returned.add(row[period]);
                }
                cohorts.add(new RetentionAnswer.Cohort(row[row.length - 1], returned));
            }
            return cohorts;
        }
    }
}
