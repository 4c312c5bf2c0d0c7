package dev.tidemark.query;

import java.util.Locale;

/**
 * What is computed from the numbers of a property. Percentiles are exact and interpolate linearly between the two nearest
 * ranks: of n sorted numbers, percentile p stands at rank p (n - 1), counted from 0. So the median of 1, 2, 3, 10 is 2.5.
 */
public enum NumericFunction {
    SUM,
    AVG,
    MIN,
    MAX,
    MEDIAN,
    P90,
    P95,
    P99;

    /** The word in questions, as in {@code p95}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
