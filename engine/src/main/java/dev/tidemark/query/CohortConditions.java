package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cohorts in SQL: conditions on the column {@code person}, each of its sets a nested select of the same statement. What holds for
 * somebody who did nothing is the complement of a set, so that no set is larger than the number of persons who did something.
 */
final class CohortConditions {
    private final Parameters parameters;

    CohortConditions(Parameters parameters) {
        this.parameters = parameters;
    }

    /** Whether an event is one of a member. Sets of who did something have nobody without a number. */
    String of(Cohort cohort) {
        return isOfFew(cohort.rule()) ? of(cohort.rule()) : "(person != 0 AND " + of(cohort.rule()) + ")";
    }

    /** The members that have an event at all, each once, as the column {@code person}. */
    Select members(Cohort cohort) {
        return members(cohort.rule(), null);
    }

    /**
     * The same, limited to those with an event that passes.
     *
     * @param filter null for any event
     */
    Select members(CohortRule rule, @Nullable Filter filter) {
        if (filter == null && rule instanceof CohortRule.Did did && !did.times().allowsNone()) {
            return doers(did);
        }
        if (filter == null && rule instanceof CohortRule.FirstDid first) {
            return beginners(first);
        }
        Select candidates = filter == null ? candidates(rule) : null;
        Select.Builder persons = candidates == null ? Select.from(Table.EVENTS, parameters) : Select.from(candidates);
        return new Conditions(parameters)
                .limited(persons, filter)
                .column("person", "person")
                .within("person != 0")
                .where(of(rule))
                .groupBy("person")
                .build();
    }

    /**
     * Rows of the number of a rule and of how many members it has that have an event that passes. Rules that only all persons can
     * tell the members of share one scan of those.
     *
     * @param filter null for any event
     */
    Select sizes(List<CohortRule> rules, @Nullable Filter filter) {
        List<Select> parts = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        List<Integer> counted = new ArrayList<>();
        for (int row = 0; row < rules.size(); row++) {
            if (filter == null && isOfFew(rules.get(row))) {
                parts.add(Select.from(members(rules.get(row), null))
                        .column("toInt64(" + row + ")", "row")
                        .column("count()", "n")
                        .build());
            } else {
                counts.add("countIf(" + of(rules.get(row)) + ")");
                counted.add(row);
            }
        }
        if (!counted.isEmpty()) {
            Select.Builder persons = Select.from(Table.EVENTS, parameters)
                    .column("person", "person")
                    .within("person != 0")
                    .groupBy("person");
            new Conditions(parameters).limited(persons, filter);
            Select sizes = Select.from(persons.build())
                    .column("[" + String.join(", ", counts) + "]", "sizes")
                    .build();
            parts.add(Select.from(sizes)
                    .arrayJoin("sizes AS n, " + counted + " AS row")
                    .column("toInt64(row)", "row")
                    .column("n", "n")
                    .build());
        }
        return Select.unionAll(parts);
    }

    private String of(CohortRule rule) {
        return switch (rule) {
            case CohortRule.All all -> joined(all.rules(), " AND ");
            case CohortRule.Any any -> joined(any.rules(), " OR ");
            case CohortRule.Not not -> "NOT (" + of(not.rule()) + ")";
            case CohortRule.Did did -> did(did);
            case CohortRule.FirstDid first -> in(beginners(first));
            case CohortRule.Has has -> has(has.test());
            case CohortRule.Listed listed ->
                in(Select.from(Table.COHORT_MEMBERS, parameters)
                        .column("person", "person")
                        .where("list_id = " + parameters.text(listed.list()))
                        .build());
            case CohortRule.Member member -> of(member.cohort().rule());
        };
    }

    private String joined(List<CohortRule> rules, String word) {
        return rules.stream().map(this::of).collect(Collectors.joining(word, "(", ")"));
    }

    private static String in(Select persons) {
        return "person IN (" + persons.sql() + ")";
    }

    private String did(CohortRule.Did did) {
        CohortRule.Times times = did.times();
        return switch (times.bound()) {
            case AT_LEAST -> in(doers(did));
            case AT_MOST -> "NOT (" + in(doers(did, CohortRule.Bound.AT_LEAST, times.count() + 1)) + ")";
            case EXACTLY ->
                times.count() == 0 ? "NOT (" + in(doers(did, CohortRule.Bound.AT_LEAST, 1)) + ")" : in(doers(did));
        };
    }

    private Select doers(CohortRule.Did did) {
        return doers(did, did.times().bound(), did.times().count());
    }

    private Select doers(CohortRule.Did did, CohortRule.Bound bound, long count) {
        Select.Builder select = did.range() == null
                ? Select.from(Table.EVENTS, parameters)
                : Source.EVENTS.select(parameters, did.range());
        persons(select, did.scope());
        if (bound != CohortRule.Bound.AT_LEAST || count > 1) {
            select.having("count() " + (bound == CohortRule.Bound.AT_LEAST ? ">= " : "= ") + parameters.integer(count));
        }
        return select.build();
    }

    private Select beginners(CohortRule.FirstDid first) {
        TimeRange before = new TimeRange(TimeRange.EVER.start(), first.range().end());
        return persons(Source.EVENTS.select(parameters, before), first.scope())
                .having("min(ts) >= fromUnixTimestamp64Milli("
                        + parameters.integer(first.range().startMillis()) + ", 'UTC')")
                .build();
    }

    private Select.Builder persons(Select.Builder select, Scope scope) {
        String condition = new Conditions(parameters).of(scope);
        if (condition != null) {
            select.where(condition);
        }
        return select.column("person", "person").within("person != 0").groupBy("person");
    }

    /** The number of a user is that of {@link dev.tidemark.base.Person}. */
    private String has(Filter.Test test) {
        Filter.Test positive = test.complement();
        String condition = new Conditions(parameters).of(positive == null ? test : positive);
        String set = in(Select.from(Table.PROFILES, parameters)
                .column("greatest(xxHash64(concat('u', user_id)), 1)", "person")
                .groupBy("user_id")
                .having("argMax(" + condition + ", position)")
                .build());
        return positive == null ? set : "NOT (" + set + ")";
    }

    /** Whether a few persons with events can be told among whom all members are. */
    private static boolean isOfFew(CohortRule rule) {
        return switch (rule) {
            case CohortRule.Did did -> !did.times().allowsNone();
            case CohortRule.FirstDid _ -> true;
            case CohortRule.Member member -> isOfFew(member.cohort().rule());
            case CohortRule.All all -> all.rules().stream().anyMatch(CohortConditions::isOfFew);
            case CohortRule.Any any -> any.rules().stream().allMatch(CohortConditions::isOfFew);
            case CohortRule.Not _, CohortRule.Has _, CohortRule.Listed _ -> false;
        };
    }

    /** A few persons with events among whom all members are; null where nothing less than all persons will do. */
    private @Nullable Select candidates(CohortRule rule) {
        return switch (rule) {
            case CohortRule.Did did -> did.times().allowsNone() ? null : doers(did);
            case CohortRule.FirstDid first -> beginners(first);
            case CohortRule.Member member -> candidates(member.cohort().rule());
            case CohortRule.All all -> {
                for (CohortRule each : all.rules()) {
                    Select some = candidates(each);
                    if (some != null) {
                        yield some;
                    }
                }
                yield null;
            }
            case CohortRule.Any any -> {
                List<Select> parts = new ArrayList<>();
                for (CohortRule each : any.rules()) {
                    Select some = candidates(each);
                    if (some == null) {
                        yield null;
                    }
                    parts.add(some);
                }
                yield Select.unionAll(parts);
            }
            case CohortRule.Not _, CohortRule.Has _, CohortRule.Listed _ -> null;
        };
    }
}
