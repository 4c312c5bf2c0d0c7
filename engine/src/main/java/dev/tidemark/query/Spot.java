package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which events are behind one number of an answer.
 *
 * @param filter the question's own, with what is locked and picked in it; null for none
 * @param scopes an event is of one of them
 * @param groups the values of breakdowns
 * @param people whose events these are
 */
record Spot(TimeRange range, @Nullable Filter filter, List<Scope> scopes, List<Group> groups, People people) {
    Spot {
        scopes = List.copyOf(scopes);
        groups = List.copyOf(groups);
    }

    /**
     * One value of a breakdown.
     *
     * @param named the values that have groups of their own, where all others are meant
     */
    record Group(Property property, BreakdownValue value, List<String> named) {
        Group {
            named = List.copyOf(named);
        }

        void limit(Select.Builder select) {
            Parameters parameters = select.parameters();
            PropertyColumns columns = PropertyColumns.of(property, parameters);
            switch (value) {
                case BreakdownValue.Value one ->
                    select.where(columns.present()).where(columns.text() + " = " + parameters.text(one.text()));
                case BreakdownValue.Other _ ->
                    select.where(columns.present()).where(columns.text() + " NOT IN " + parameters.texts(named));
                case BreakdownValue.None _ -> select.where("NOT (" + columns.present() + ")");
            }
        }
    }

    /** Whose events count. */
    sealed interface People {}

    /** Anybody's. */
    record Anybody() implements People {}

    /** Those of people at a step of a funnel. */
    record AtStep(FunnelPeople people) implements People {}

    /** Those of people in a cell of a retention, of its whole cohort where there is no period, with one value of its breakdown where there is a group. */
    record InCell(
            RetentionQuestion question,
            int cohort,
            @Nullable Integer period,
            @Nullable Group group) implements People {}

    /** Those of people who started in a row of a cohort report. */
    record InRow(CohortQuestion question, CohortQuestion.OfStarts rows, int row) implements People {}

    /** Anybody's, but of each walk of a session the one event that it is counted for there. */
    record Walking(PathsQuestion question, WalkSpot at) implements People {}

    /** Those of people who were active in so many periods. */
    record Active(StickinessQuestion question, int periods) implements People {}

    /** Starts a select of the events. */
    Select.Builder select(Parameters parameters, EventStore store, TenantId tenant, boolean withPersons) {
        Select.Builder select = Source.EVENTS.select(parameters, range);
        Conditions conditions = new Conditions(parameters);
        conditions.limited(select, filter);
        if (scopes.stream().noneMatch(Scope::isEverything)) {
            select.where(scopes.stream()
                    .map(conditions::of)
                    .filter(Objects::nonNull)
                    .reduce((some, more) -> some + " OR " + more)
                    .orElse("true"));
        }
        groups.forEach(group -> group.limit(select));
        if (people instanceof Walking walking) {
            Select reached = reached(walking, parameters, store, tenant);
            select.where("(toUInt64(journal_partition), toUInt64(journal_offset)) IN (" + reached.sql() + ")");
        }
        Select persons = persons(parameters, store, tenant);
        if (persons != null) {
            select.where("person IN (" + persons.sql() + ")");
        } else if (withPersons) {
            select.where("person != 0");
        }
        return select;
    }

    private @Nullable Select persons(Parameters parameters, EventStore store, TenantId tenant) {
        return switch (people) {
            case Anybody _, Walking _ -> null;
            case AtStep step -> step.people.persons(store, tenant, parameters);
            case InCell cell ->
                new RetentionRows(cell.question, parameters, values(cell, store, tenant))
                        .persons(cell.cohort, cell.period, cell.group);
            case InRow in -> new CohortStarts(in.question, in.rows, parameters).of(in.row);
            case Active active ->
                Select.from(StickinessPlan.persons(active.question, parameters))
                        .column("person", "person")
                        .where("active = " + parameters.integer(active.periods))
                        .build();
        };
    }

    private static Select reached(Walking walking, Parameters parameters, EventStore store, TenantId tenant) {
        PathsQuestion question = walking.question;
        ValueIds values = ValueIds.of(store.query(tenant, PathsRows.names(question, new Parameters(tenant))));
        return new PathsRows(question, parameters, values).reached(walking.at, place -> {
            Rows rows = store.query(tenant, new PathsRows(question, new Parameters(tenant), values).mostAt(place));
            return IntStream.range(0, rows.size())
                    .mapToObj(row -> values.texts().get((int) rows.longAt(row, 0)))
                    .toList();
        });
    }

    private static @Nullable ValueIds values(InCell cell, EventStore store, TenantId tenant) {
        Breakdown breakdown = cell.question.breakdown();
        return breakdown == null || cell.group == null
                ? null
                : ValueIds.of(
                        store.query(tenant, RetentionRows.values(cell.question, breakdown, new Parameters(tenant))));
    }
}
