package dev.tidemark.query;

import java.util.Locale;

/** With what an answer is compared. */
public enum Comparison {
    /** The range of equal length that ends where this one starts. */
    PREVIOUS_PERIOD,
    WEEK,
    MONTH,
    YEAR;

    /** The word in questions, as in {@code previous_period}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
