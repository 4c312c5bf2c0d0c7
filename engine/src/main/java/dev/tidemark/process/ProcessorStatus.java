package dev.tidemark.process;

/**
 * How far one partition is.
 *
 * @param journalEnd the offset that the next entry will get
 * @param cursor the next offset to be read
 * @param storedThrough everything before this offset is in the store
 * @param lagEvents entries that are not in the store
 * @param lagSeconds since the oldest of them was received; 0 without one
 */
public record ProcessorStatus(
        int partition, long journalEnd, long cursor, long storedThrough, long lagEvents, double lagSeconds) {}
