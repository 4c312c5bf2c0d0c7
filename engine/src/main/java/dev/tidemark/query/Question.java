package dev.tidemark.query;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing to find out about a tenant's events, complete and resolved: it means the same whenever it is asked. Immutable. */
public sealed interface Question
        permits MeasuredQuestion, FunnelQuestion, RetentionQuestion, CohortQuestion, PathsQuestion, StickinessQuestion {
    /** Which events, by event time. */
    TimeRange range();

    /**
     * The smallest range that holds every event that the answer can depend on, those compared with included; without those that
     * decide who is in its cohorts.
     */
    TimeRange touchedRange();

    /** The smallest range that holds every event that the answer can depend on. */
    default TimeRange decidingRange() {
        TimeRange ofCohorts = CohortRule.hull(cohorts(), Cohort::touchedRange);
        return ofCohorts == null ? touchedRange() : touchedRange().hull(ofCohorts);
    }

    /** All cohorts that it names. Who is in them can change what it finds in any part of its range. */
    default List<Cohort> cohorts() {
        List<Cohort> cohorts = new ArrayList<>();
        Filter filter = filter();
        if (filter != null) {
            cohorts.addAll(filter.cohorts());
        }
        scopes().forEach(scope -> cohorts.addAll(scope.cohorts()));
        return cohorts;
    }

    /** To what single parts of it are limited, beside its filter: measures, or the steps of a funnel. */
    List<Scope> scopes();

    ZoneId zone();

    /** Which events of the range; null for all. */
    @Nullable
    Filter filter();

    /** The word in questions and answers, as in {@code trend}. */
    String type();

    /**
     * Until when the same JSON is resolved to this question, where that is less than the current minute; null where the end of the
     * minute is soon enough.
     */
    default @Nullable Instant resolvedUntil() {
        return null;
    }

    /**
     * A text that two questions share exactly when they ask the same and their answers look the same. It changes when a bucket
     * is completed by the passing of time.
     */
    default String cacheKey() {
        return CanonicalForm.of(this);
    }
}
