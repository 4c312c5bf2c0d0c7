package dev.tidemark.app;

import dev.tidemark.base.TenantId;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.live.Progress;
import dev.tidemark.process.Processor;

/** How far the processor of this process is. Thread-safe. */
record ProcessorProgress(Processor processor, Partitioner partitioner) implements Progress {
    @Override
    public int partitions() {
        return processor.partitions();
    }

    @Override
    public int partitionOf(TenantId tenant) {
        return partitioner.of(tenant);
    }

    @Override
    public long storedThrough(int partition) {
        return processor.storedThrough(partition);
    }

    @Override
    public double unprocessedSeconds(int partition) {
        return processor.unprocessedSeconds(partition);
    }

    @Override
    public double unstoredSeconds(int partition) {
        return processor.status(partition).lagSeconds();
    }
}
