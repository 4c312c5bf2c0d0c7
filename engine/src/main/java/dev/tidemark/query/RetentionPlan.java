package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers retention: with a breakdown, one scan for its values; then one for all cohorts. */
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
        ValueIds values = values();
        Rows rows = store.query(tenant, new RetentionRows(question, new Parameters(tenant), values).counts());
        Map<Integer, Grid> grids = new LinkedHashMap<>();
        Grid total = new Grid(question.periods());
        for (int row = 0; row < rows.size(); row++) {
            int cohort = (int) rows.longAt(row, 1);
            int period = (int) rows.longAt(row, 2);
            long people = rows.longAt(row, 3);
            total.add(cohort, period, people);
            grids.computeIfAbsent((int) rows.longAt(row, 0), _ -> new Grid(question.periods()))
                    .add(cohort, period, people);
        }
        return new RetentionAnswer(question, total.cohorts(), values == null ? List.of() : groups(values, grids));
    }

    private @Nullable ValueIds values() {
        Breakdown breakdown = question.breakdown();
        return breakdown == null
                ? null
                : ValueIds.of(store.query(tenant, RetentionRows.values(question, breakdown, new Parameters(tenant))));
    }

    /** In the order of the rows: by their size, then the others, then those without. */
    private static List<RetentionAnswer.Group> groups(ValueIds values, Map<Integer, Grid> grids) {
        List<RetentionAnswer.Group> groups = new ArrayList<>();
        grids.forEach((value, grid) -> groups.add(new RetentionAnswer.Group(values.value(value), grid.cohorts())));
        return groups;
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
