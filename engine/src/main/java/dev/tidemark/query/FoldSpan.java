package dev.tidemark.query;

/** A half-open span of event time, Unix milliseconds. */
record FoldSpan(long start, long end) {
    boolean holds(long millis) {
        return millis >= start && millis < end;
    }
}
