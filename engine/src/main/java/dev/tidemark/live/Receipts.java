package dev.tidemark.live;

/**
 * When the events of a change were received.
 *
 * @param oldestMillis of the first of them; {@code Long.MAX_VALUE} without any
 * @param newestMillis of the last of them; 0 without any
 */
record Receipts(long oldestMillis, long newestMillis) {
    static final Receipts NONE = new Receipts(Long.MAX_VALUE, 0);

    boolean areThere() {
        return oldestMillis != Long.MAX_VALUE;
    }

    Receipts and(Receipts other) {
        return new Receipts(Math.min(oldestMillis, other.oldestMillis), Math.max(newestMillis, other.newestMillis));
    }
}
