package dev.tidemark.bench;

import java.util.Arrays;

/** When the events that concern one dashboard were acknowledged, in the order of their acknowledgements. Thread-safe. */
final class AckLog {
    /** The moment of an event that has not been acknowledged. */
    static final long NOT_YET = Long.MAX_VALUE;

    private long[] totals = new long[64];
    private long[] nanos = new long[64];
    private int entries;

    /** Notes that so many more events were acknowledged at a moment, which is not before the last one noted. */
    synchronized void add(int events, long atNanos) {
        if (entries == totals.length) {
            totals = Arrays.copyOf(totals, entries * 2);
            nanos = Arrays.copyOf(nanos, entries * 2);
        }
        totals[entries] = total() + events;
        nanos[entries] = atNanos;
        entries++;
    }

    /** How many events were acknowledged so far. */
    synchronized long total() {
        return entries == 0 ? 0 : totals[entries - 1];
    }

    /** The moment at which the n-th event was acknowledged, counted from 1; {@link #NOT_YET} when it was not. */
    synchronized long momentOf(long n) {
        int at = Arrays.binarySearch(totals, 0, entries, n);
        int entry = at >= 0 ? at : -at - 1;
        return entry == entries ? NOT_YET : nanos[entry];
    }
}
