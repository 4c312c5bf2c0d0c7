package dev.tidemark.query;

import org.jspecify.annotations.Nullable;

/**
 * A set of persons, resolved: it means the same whenever it is asked. Only persons with an event of the tenant can be members, so
 * an event without a person is in no cohort.
 */
public record Cohort(String id, String name, long version, CohortRule rule) {
    /** The smallest range that holds every event that decides who is a member; null where no event does. */
    @Nullable
    TimeRange touchedRange() {
        return rule.touchedRange();
    }
}
