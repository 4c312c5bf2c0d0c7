package dev.tidemark.query;

import java.util.Locale;

/** How long a bucket of a trend is. */
public enum Interval {
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH;

    static final long MILLIS_PER_MINUTE = 60_000L;
    static final long MILLIS_PER_HOUR = 3_600_000L;
    static final long MILLIS_PER_DAY = 86_400_000L;

    /** The word in questions and answers, as in {@code day}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its buckets are cut at local midnights. */
    boolean isOfDays() {
        return this == DAY || this == WEEK || this == MONTH;
    }

    /**
     * The interval that draws a span of this length well: up to 2 hours by minute, 3 days by hour, 92 days by day, 2 years by
     * week, more by month.
     */
    static Interval suiting(long spanMillis) {
        if (spanMillis <= 2 * MILLIS_PER_HOUR) {
            return MINUTE;
        }
        if (spanMillis <= 3 * MILLIS_PER_DAY + MILLIS_PER_HOUR) {
            return HOUR;
        }
        if (spanMillis <= 92 * MILLIS_PER_DAY + MILLIS_PER_HOUR) {
            return DAY;
        }
        return spanMillis <= 732 * MILLIS_PER_DAY ? WEEK : MONTH;
    }
}
