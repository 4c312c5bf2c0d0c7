package dev.tidemark.journal;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A journal that fails at random, by a seed: appends are refused, or fail although the entries are there; reads fail. What
 * it acknowledges is there. Thread-safe.
 */
public final class FaultyJournal implements Journal {
    private final Journal journal;
    private final Random random;
    private final double rate;

    public FaultyJournal(Journal journal, long seed, double rate) {
        this.journal = journal;
        this.random = new Random(seed);
        this.rate = rate;
    }

    @Override
    public int partitions() {
        return journal.partitions();
    }

    @Override
    public CompletableFuture<Long> append(int partition, List<byte[]> entries) {
        if (!strikes()) {
            return journal.append(partition, entries);
        }
        return switch (random.nextInt(3)) {
            case 0 -> CompletableFuture.failedFuture(new TidemarkException(ErrorCode.JOURNAL_FULL, "injected"));
            case 1 -> CompletableFuture.failedFuture(new TidemarkException(ErrorCode.DISK_FULL, "injected"));
            default ->
                journal.append(partition, entries).thenApply(_ -> {
                    throw new TidemarkException(ErrorCode.STORAGE_FAILED, "injected after the entries were written");
                });
        };
    }

    @Override
    public List<JournalRecord> read(int partition, long from, int maxEntries) {
        if (strikes()) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "injected");
        }
        return journal.read(partition, from, maxEntries);
    }

    @Override
    public boolean awaitOffset(int partition, long offset, Duration atMost) throws InterruptedException {
        return journal.awaitOffset(partition, offset, atMost);
    }

    @Override
    public long beginOffset(int partition) {
        return journal.beginOffset(partition);
    }

    @Override
    public long endOffset(int partition) {
        return journal.endOffset(partition);
    }

    @Override
    public void trim(int partition, long before) {
        journal.trim(partition, before);
    }

    @Override
    public Capacity capacity() {
        return journal.capacity();
    }

    @Override
    public void close() {
        journal.close();
    }

    private boolean strikes() {
        return random.nextDouble() < rate;
    }
}
