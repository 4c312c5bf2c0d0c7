package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers a cohort report: cohorts by one scan for all cells and one for the sizes, start periods by one scan for both. */
final class CohortPlan {
    private final EventStore store;
    private final TenantId tenant;
    private final CohortQuestion question;

    CohortPlan(EventStore store, TenantId tenant, CohortQuestion question) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
    }

    CohortAnswer answer() {
        return switch (question.rows()) {
            case CohortQuestion.OfCohorts rows -> ofCohorts(rows.cohorts());
            case CohortQuestion.OfStarts rows -> ofStarts(rows);
        };
    }

    private CohortAnswer ofCohorts(List<Cohort> cohorts) {
        Parameters parameters = new Parameters(tenant);
        List<Measure.Counted> measures = new ArrayList<>();
        for (int row = 0; row < cohorts.size(); row++) {
            measures.add(measureOf(cohorts.get(row), "row" + row));
        }
        Select.Builder select = filtered(Source.EVENTS.select(parameters, question.range()), parameters)
                .column(column(parameters), "c")
                .groupBy("c");
        Conditions conditions = new Conditions(parameters, named(cohorts, select));
        conditions.limited(select, List.of(question.measure().scope()));
        MeasureColumns columns = new MeasureColumns(List.copyOf(measures), Source.EVENTS, parameters, conditions);
        for (int row = 0; row < measures.size(); row++) {
            select.column(columns.aggregate(measures.get(row)), "m" + row);
        }
        Rows found = store.query(tenant, select.build());
        List<List<@Nullable Double>> cells =
                empty(cohorts.size(), question.columns().size());
        for (int i = 0; i < found.size(); i++) {
            List<@Nullable Double> values = columns.read(found, i, 1, true);
            for (int row = 0; row < values.size(); row++) {
                cells.get(row).set((int) found.longAt(i, 0), values.get(row));
            }
        }
        long[] sizes = sizes(cohorts);
        return new CohortAnswer(
                question,
                IntStream.range(0, cohorts.size())
                        .mapToObj(row -> new CohortAnswer.Row(sizes[row], perMember(cells.get(row), sizes[row])))
                        .toList());
    }

    private Measure.Counted measureOf(Cohort cohort, String name) {
        Scope scope = question.measure().scope();
        Filter member = new Filter.InCohort(cohort);
        Filter filter = scope.filter();
        return question.measure()
                .limitedTo(
                        name,
                        new Scope(
                                scope.eventTypes(), filter == null ? member : new Filter.And(List.of(filter, member))));
    }

    /** Limits a select to events of members of any of the cohorts, and returns what it calls being one of each. */
    private static Map<Cohort, String> named(List<Cohort> cohorts, Select.Builder select) {
        CohortConditions conditions = new CohortConditions(select.parameters());
        Map<Cohort, String> names = new LinkedHashMap<>();
        List<String> members = new ArrayList<>();
        for (Cohort cohort : cohorts) {
            String name = "member" + names.size();
            members.add("(" + conditions.of(cohort) + " AS " + name + ")");
            names.put(cohort, name);
        }
        select.where(String.join(" OR ", members));
        return names;
    }

    private long[] sizes(List<Cohort> cohorts) {
        Select select = new CohortConditions(new Parameters(tenant))
                .sizes(cohorts.stream().map(Cohort::rule).toList(), question.filter());
        Rows found = store.query(tenant, select);
        long[] sizes = new long[cohorts.size()];
        for (int i = 0; i < found.size(); i++) {
            sizes[(int) found.longAt(i, 0)] = found.longAt(i, 1);
        }
        return sizes;
    }

    private CohortAnswer ofStarts(CohortQuestion.OfStarts rows) {
        Rows found = store.query(tenant, new CohortStarts(question, rows, new Parameters(tenant)).cells());
        long[] sizes = new long[rows.count()];
        List<List<@Nullable Double>> cells = empty(rows.count(), rows.periods());
        for (int i = 0; i < found.size(); i++) {
            int row = (int) found.longAt(i, 0);
            int period = (int) found.longAt(i, 1);
            sizes[row] = Math.max(sizes[row], found.longAt(i, 2));
            if (period < rows.periods()) {
                cells.get(row).set(period, found.doubleAt(i, 3));
            }
        }
        return new CohortAnswer(
                question,
                IntStream.range(0, rows.count())
                        .mapToObj(row ->
                                new CohortAnswer.Row(sizes[row], perMember(begun(row, cells.get(row)), sizes[row])))
                        .toList());
    }

    /** Those of periods that had begun. */
    private List<@Nullable Double> begun(int row, List<@Nullable Double> cells) {
        return cells.subList(0, Math.clamp(question.begun() - (long) row, 0, cells.size()));
    }

    private List<@Nullable Double> perMember(List<@Nullable Double> cells, long size) {
        if (!question.perMember()) {
            return cells;
        }
        List<@Nullable Double> shares = new ArrayList<>();
        for (Double cell : cells) {
            shares.add(cell == null || size == 0 ? null : (Double) (cell / size));
        }
        return shares;
    }

    private List<List<@Nullable Double>> empty(int rows, int columns) {
        Double nothing = question.measure().isZeroWhenEmpty() ? (Double) 0.0 : null;
        List<List<@Nullable Double>> cells = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<@Nullable Double> row0 = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                row0.add(nothing);
            }
            cells.add(row0);
        }
        return cells;
    }

    private Select.Builder filtered(Select.Builder select, Parameters parameters) {
        return new Conditions(parameters).limited(select, question.filter());
    }

    /** The number of the column of an event. */
    private String column(Parameters parameters) {
        return new PeriodIndex(question.columns().edges(), parameters).of(Source.EVENTS.millis());
    }
}
