package dev.tidemark.journal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The durable log. Entries of a partition have offsets 0, 1, 2, ... without gaps and keep the order in which they were
 * appended. Thread-safe.
 */
public interface Journal extends AutoCloseable {

    /** The number of partitions, fixed when the journal was created. */
    int partitions();

    /**
     * Appends encoded entries, all or none, with consecutive offsets. Never blocks, so event loops may call it.
     *
     * @return completes with the offset of the first entry once all of them are on disk, fsynced; on a thread of the
     *     journal, which must not be kept. Fails with {@link dev.tidemark.base.ErrorCode#JOURNAL_FULL}, {@code DISK_FULL}
     *     (nothing was written; the same call may succeed later), {@code SHUTTING_DOWN}, or {@code STORAGE_FAILED} (the
     *     entries may or may not be there after a restart: the caller must not acknowledge them).
     */
    CompletableFuture<Long> append(int partition, List<byte[]> entries);

    /**
     * Reads entries in order from an offset. Returns at once, with an empty list at the end of the partition. Blocks for disk.
     *
     * @param from at least {@link #beginOffset}; an older offset throws {@code NOT_FOUND}
     * @param maxEntries an upper bound; entries appended together may end the list earlier
     */
    List<JournalRecord> read(int partition, long from, int maxEntries);

    /** Blocks until the partition holds an entry at the offset, or the time is over; tells whether it does. */
    boolean awaitOffset(int partition, long offset, Duration atMost) throws InterruptedException;

    /** The first offset that can still be read. */
    long beginOffset(int partition);

    /** The offset that the next durable entry will get. */
    long endOffset(int partition);

    /** Allows everything before the offset to be dropped, at the journal's leisure. */
    void trim(int partition, long before);

    /** Removes from the disk what was dropped, where there is one. May take seconds. */
    default void compact(int partition) {}

    /** Whether an append would be accepted now, and if not, why. For readiness. */
    Capacity capacity();

    /** Waits for appends under way, then closes. Later calls fail with {@code SHUTTING_DOWN}. */
    @Override
    void close();

    /** Answer of {@link #capacity}. */
    enum Capacity {
        AVAILABLE,
        JOURNAL_FULL,
        DISK_FULL,
        FAILED
    }
}
