package dev.tidemark.live;

import dev.tidemark.base.TenantId;

/** How far events have come on their way from the journal to the store. Thread-safe. */
public interface Progress {
    /** Of the journal. */
    int partitions();

    /** The one partition in which a tenant's events lie. */
    int partitionOf(TenantId tenant);

    /** Everything of a partition before this offset is in the store, or was set aside. Never blocks. */
    long storedThrough(int partition);

    /** How long the oldest event of a partition has waited for being processed; 0 without one. May block for disk. */
    double unprocessedSeconds(int partition);

    /** How long the oldest event of a partition has waited for being in the store; 0 without one. May block for disk. */
    double unstoredSeconds(int partition);
}
