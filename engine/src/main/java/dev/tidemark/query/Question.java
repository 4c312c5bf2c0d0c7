package dev.tidemark.query;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** One thing to find out about a tenant's events, complete and resolved: it means the same whenever it is asked. Immutable. */
public sealed interface Question
        permits MeasuredQuestion, FunnelQuestion, RetentionQuestion, PathsQuestion, StickinessQuestion {
    /** Which events, by event time. */
    TimeRange range();

    /** The smallest range that holds every event that the answer can depend on, those compared with included. */
    TimeRange touchedRange();

    ZoneId zone();

    /** Which events of the range; null for all. */
    @Nullable
    Filter filter();

    /** The word in questions and answers, as in {@code trend}. */
    String type();

    /**
     * A text that two questions share exactly when they ask the same and their answers look the same. It changes when a bucket
     * is completed by the passing of time.
     */
    default String cacheKey() {
        return CanonicalForm.of(this);
    }
}
