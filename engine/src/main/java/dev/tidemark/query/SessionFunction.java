package dev.tidemark.query;

import java.util.Locale;

/** What is computed from sessions. Durations are in seconds, rates are shares from 0 to 1; all are null where there is no session. */
public enum SessionFunction {
    /** The average from the first to the last event. */
    SESSION_DURATION,
    MEDIAN_SESSION_DURATION,
    P90_SESSION_DURATION,
    /** The share of sessions with one event. */
    BOUNCE_RATE,
    /** The share of sessions longer than 10 seconds, or with a conversion, or with two or more page views. */
    ENGAGEMENT_RATE,
    EVENTS_PER_SESSION,
    PAGES_PER_SESSION;

    /** The word in questions, as in {@code bounce_rate}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
