package dev.tidemark.query;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What holds for the members of a cohort. */
public sealed interface CohortRule {

    /** All of them hold; at least one is given. */
    record All(List<CohortRule> rules) implements CohortRule {
        public All {
            rules = List.copyOf(rules);
        }
    }

    /** One of them holds; at least one is given. */
    record Any(List<CohortRule> rules) implements CohortRule {
        public Any {
            rules = List.copyOf(rules);
        }
    }

    /** The other does not hold. */
    record Not(CohortRule rule) implements CohortRule {}

    /**
     * So many events.
     *
     * @param range in which they are counted; null for all that there are
     */
    record Did(Scope scope, Times times, @Nullable TimeRange range) implements CohortRule {}

    /** The first such event ever lies in the range. */
    record FirstDid(Scope scope, TimeRange range) implements CohortRule {}

    /** The person's latest traits pass. Somebody without traits has none of them. */
    record Has(Filter.Test test) implements CohortRule {}

    /** The person stands in a list of the store, which never changes under one version of its cohort. */
    record Listed(String list) implements CohortRule {}

    /** The person is a member of another cohort. */
    record Member(Cohort cohort) implements CohortRule {}

    /** How often. */
    record Times(Bound bound, long count) {
        static final Times ONCE = new Times(Bound.AT_LEAST, 1);

        /** Whether somebody without any such event meets it. */
        boolean allowsNone() {
            return bound == Bound.AT_MOST || count == 0;
        }
    }

    /** On which side of a number of times. */
    enum Bound {
        AT_LEAST,
        AT_MOST,
        EXACTLY;

        /** The word in definitions, as in {@code at_least}. */
        String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The smallest range that holds every event that decides; null where no event does. */
    default @Nullable TimeRange touchedRange() {
        return switch (this) {
            case All all -> hull(all.rules(), CohortRule::touchedRange);
            case Any any -> hull(any.rules(), CohortRule::touchedRange);
            case Not not -> not.rule().touchedRange();
            case Did did -> ofScope(did.scope(), did.range() == null ? TimeRange.EVER : did.range());
            case FirstDid first ->
                ofScope(
                        first.scope(),
                        new TimeRange(TimeRange.EVER.start(), first.range().end()));
            case Has _ -> TimeRange.EVER;
            case Listed _ -> null;
            case Member member -> member.cohort().touchedRange();
        };
    }

    /** How many conditions it is made of, those of cohorts within included. */
    default int weight() {
        return switch (this) {
            case All all -> all.rules().stream().mapToInt(CohortRule::weight).sum();
            case Any any -> any.rules().stream().mapToInt(CohortRule::weight).sum();
            case Not not -> not.rule().weight();
            case Did did -> 1 + ofCohorts(did.scope());
            case FirstDid first -> 1 + ofCohorts(first.scope());
            case Has _, Listed _ -> 1;
            case Member member -> member.cohort().rule().weight();
        };
    }

    private static int ofCohorts(Scope scope) {
        return scope.cohorts().stream()
                .mapToInt(cohort -> cohort.rule().weight())
                .sum();
    }

    private static TimeRange ofScope(Scope scope, TimeRange range) {
        TimeRange ofCohorts = hull(scope.cohorts(), Cohort::touchedRange);
        return ofCohorts == null ? range : range.hull(ofCohorts);
    }

    /** The smallest range that covers those of all; null where none has one. */
    static <T> @Nullable TimeRange hull(List<T> parts, Function<T, @Nullable TimeRange> range) {
        TimeRange hull = null;
        for (T part : parts) {
            TimeRange next = range.apply(part);
            if (next != null) {
                hull = hull == null ? next : hull.hull(next);
            }
        }
        return hull;
    }
}
