package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.Objects;
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

    /** Those of people in a cell of a retention, of its whole cohort where there is no period. */
    record InCell(
            RetentionQuestion question,
            int cohort,
            @Nullable Integer period) implements People {}

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
            case Anybody _ -> null;
            case AtStep step -> step.people.persons(store, tenant, parameters);
            case InCell cell -> new RetentionRows(cell.question, parameters, null).persons(cell.cohort, cell.period);
            case Active active ->
                Select.from(StickinessPlan.persons(active.question, parameters))
                        .column("person", "person")
                        .where("active = " + parameters.integer(active.periods))
                        .build();
        };
    }
}
