package dev.tidemark.live;

import dev.tidemark.base.TenantId;

/** How far events have come, as a test says. Thread-safe. */
final class SettableProgress implements Progress {
    private final int partitions;
    private final long[] storedThrough;
    volatile double unprocessed;
    volatile double unstored;

    SettableProgress(int partitions) {
        this.partitions = partitions;
        this.storedThrough = new long[partitions];
    }

    synchronized void stored(int partition, long before) {
        storedThrough[partition] = before;
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public int partitionOf(TenantId tenant) {
        return Math.floorMod(tenant.hashCode(), partitions);
    }

    @Override
    public synchronized long storedThrough(int partition) {
        return storedThrough[partition];
    }

    @Override
    public double unprocessedSeconds(int partition) {
        return unprocessed;
    }

    @Override
    public double unstoredSeconds(int partition) {
        return unstored;
    }
}
