package dev.tidemark.journal;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A journal in memory for tests, bounded by retained bytes. Durable for as long as it is referenced. Thread-safe. */
public final class MemoryJournal implements Journal {
    private final List<Log> logs = new ArrayList<>();
    private final long maxBytes;
    private long bytes;
    private boolean closed;

    public MemoryJournal(int partitions) {
        this(partitions, Long.MAX_VALUE);
    }

    public MemoryJournal(int partitions, long maxBytes) {
        this.maxBytes = maxBytes;
        for (int partition = 0; partition < partitions; partition++) {
            logs.add(new Log());
        }
    }

    @Override
    public int partitions() {
        return logs.size();
    }

    @Override
    public synchronized CompletableFuture<Long> append(int partition, List<byte[]> entries) {
        if (closed) {
            return CompletableFuture.failedFuture(closedFailure());
        }
        long size = entries.stream().mapToLong(entry -> entry.length).sum();
        if (entries.isEmpty() || partition < 0 || partition >= logs.size()) {
            return CompletableFuture.failedFuture(
                    new TidemarkException(ErrorCode.INTERNAL, "an append needs an entry and a partition"));
        }
        if (bytes + size > maxBytes) {
            return CompletableFuture.failedFuture(new TidemarkException(ErrorCode.JOURNAL_FULL, "the journal is full"));
        }
        bytes += size;
        Log log = logs.get(partition);
        long first = log.end();
        entries.forEach(entry -> log.entries.add(entry.clone()));
        notifyAll();
        return CompletableFuture.completedFuture(first);
    }

    @Override
    public synchronized List<JournalRecord> read(int partition, long from, int maxEntries) {
        requireOpen();
        Log log = logs.get(partition);
        if (from < log.begin) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "offset " + from + " is no longer in the journal");
        }
        List<JournalRecord> records = new ArrayList<>();
        for (long offset = from; offset < log.end() && records.size() < maxEntries; offset++) {
            records.add(new JournalRecord(
                    offset, log.entries.get((int) (offset - log.begin)).clone()));
        }
        return records;
    }

    @Override
    public synchronized boolean awaitOffset(int partition, long offset, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            requireOpen();
            if (logs.get(partition).end() > offset) {
                return true;
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
    }

    @Override
    public synchronized long beginOffset(int partition) {
        return logs.get(partition).begin;
    }

    @Override
    public synchronized long endOffset(int partition) {
        return logs.get(partition).end();
    }

    @Override
    public synchronized void trim(int partition, long before) {
        Log log = logs.get(partition);
        int drop = (int) Math.max(0, Math.min(before, log.end()) - log.begin);
        List<byte[]> dropped = log.entries.subList(0, drop);
        bytes -= dropped.stream().mapToLong(entry -> entry.length).sum();
        dropped.clear();
        log.begin += drop;
    }

    @Override
    public synchronized Capacity capacity() {
        return bytes >= maxBytes ? Capacity.JOURNAL_FULL : Capacity.AVAILABLE;
    }

    /** Makes a closed one usable again, as a restart would. */
    public synchronized MemoryJournal reopen() {
        closed = false;
        return this;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void requireOpen() {
        if (closed) {
            throw closedFailure();
        }
    }

    private static TidemarkException closedFailure() {
        return new TidemarkException(ErrorCode.SHUTTING_DOWN, "the journal is closed");
    }

    private static final class Log {
        private final List<byte[]> entries = new ArrayList<>();
        private long begin;

        private long end() {
            return begin + entries.size();
        }
    }
}
