package dev.tidemark.query;

import dev.tidemark.store.StoredEvent;
import java.util.Optional;

/**
 * The answer to one question, kept right by adding every event after those that it began with, in any order: it gives what the
 * engine would. Given up when it holds too much. Not thread-safe.
 */
public sealed interface Fold permits MeasureFold, FunnelFold {

    /**
     * Whether a question can be kept up to date this way: trends, metrics and tables, with comparisons, breakdowns and sparklines, and
     * funnels of every kind. Not those with a cohort, who is in which other events decide; with percentiles, exact distinct counts
     * or measures of whole sessions, which need all events at hand; and no retention, paths, cohort reports and stickiness distributions.
     */
    static boolean isFor(Question question) {
        return switch (question) {
            case MeasuredQuestion measured -> MeasureFold.isFor(measured);
            case FunnelQuestion funnel -> FunnelFold.isFor(funnel);
            case RetentionQuestion _, CohortQuestion _, PathsQuestion _, StickinessQuestion _ -> false;
        };
    }

    /**
     * A text that questions share which differ in nothing but values that their filters demand of properties, such as the account that a
     * token locks; their folds can begin together.
     */
    static String form(Question question) {
        return CanonicalForm.unpinned(question);
    }

    /** What it answers now. */
    Question question();

    /** What every event that can concern it has in common. It stays the same. */
    Interest interest();

    /** Adds an event of the tenant that was not in yet. */
    void add(StoredEvent event);

    /**
     * Goes on as the answer to the same question of a later moment. False when it does not hold what that needs; then it is
     * unchanged, and the later question needs a fold of its own.
     */
    boolean moveTo(Question later);

    /** What the engine would answer; empty when it has become too much to be known here, for good. */
    Optional<Answer> current();

    /** About how much memory it takes. */
    int bytes();
}
