package dev.tidemark.journal;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.journal.AppendQueue.Pending;
import dev.tidemark.journal.JournalDatabase.Extent;
import dev.tidemark.journal.JournalDatabase.Placed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on this machine's disk, in RocksDB. One thread writes everything that waits as one fsynced write, so the price
 * of an fsync is shared by whoever came during the one before.
 *
 * <p>When a write fails, what waits is refused, and the database is closed and opened anew until that works, because
 * RocksDB refuses all writes after an error of the disk. Reading fails with {@code STORAGE_FAILED} meanwhile. Thread-safe.
 */
public final class RocksJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(RocksJournal.class);
    private static final int MAX_GROUP_BYTES = 16 << 20;
    private static final long RECHECK_NANOS = Duration.ofMillis(100).toNanos();
    private static final long MAX_REOPEN_NANOS = Duration.ofSeconds(2).toNanos();

    private final JournalSettings settings;
    private final LongSupplier usableBytes;
    private final List<PartitionState> partitions = new ArrayList<>();
    private final Thread committer;
    private final Counter appended;
    private final Timer commits;
    private final DistributionSummary groups;

    private final AppendQueue queue;

    private final ReadWriteLock databaseLock = new ReentrantReadWriteLock();
    private @Nullable JournalDatabase database;

    private volatile Capacity trouble = Capacity.AVAILABLE;

    private RocksJournal(
            JournalSettings settings, JournalDatabase database, LongSupplier usableBytes, MeterRegistry registry)
            throws RocksDBException {
        this.settings = settings;
        this.database = database;
        this.usableBytes = usableBytes;
        this.queue = new AppendQueue(settings.maxQueued().bytes());
        for (int partition = 0; partition < database.partitions(); partition++) {
            partitions.add(new PartitionState(database.extent(partition)));
        }
        appended = registry.counter("tidemark.journal.appended");
        commits = Timer.builder("tidemark.journal.commit")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        groups = registry.summary("tidemark.journal.commit.bytes");
        Gauge.builder("tidemark.journal.retained.bytes", this, RocksJournal::retainedBytes)
                .register(registry);
        committer = Thread.ofPlatform().name("journal-committer").unstarted(this::commitAll);
    }

    /** Opens or creates. Fails with {@code INVALID_CONFIGURATION} when another process has it, {@code STORAGE_FAILED} otherwise. */
    public static RocksJournal open(JournalSettings settings, MeterRegistry registry) {
        File directory = settings.directory().toFile();
        return open(settings, directory::getUsableSpace, registry);
    }

    static RocksJournal open(JournalSettings settings, LongSupplier usableBytes, MeterRegistry registry) {
        try {
            JournalDatabase database = JournalDatabase.open(settings.directory(), settings.partitions());
            if (database.partitions() != settings.partitions()) {
                LOG.atWarn()
                        .addKeyValue("configured", settings.partitions())
                        .addKeyValue("existing", database.partitions())
                        .log("the journal keeps the number of partitions that it was made with");
            }
            try {
                RocksJournal journal = new RocksJournal(settings, database, usableBytes, registry);
                journal.committer.start();
                return journal;
            } catch (RocksDBException failure) {
                database.close();
                throw failure;
            }
        } catch (RocksDBException failure) {
            ErrorCode code = JournalDatabase.isOutOfSpace(failure) ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAILED;
            throw new TidemarkException(code, "the journal cannot be opened", failure);
        }
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public CompletableFuture<Long> append(int partition, List<byte[]> entries) {
        if (partition < 0 || partition >= partitions.size() || entries.isEmpty()) {
            return CompletableFuture.failedFuture(new TidemarkException(
                    ErrorCode.INTERNAL, "an append needs at least one entry and a partition of the journal"));
        }
        if (trouble != Capacity.AVAILABLE) {
            return CompletableFuture.failedFuture(refusal(trouble));
        }
        Pending pending = new Pending(partition, RecordBatch.form(entries), entries.size(), new CompletableFuture<>());
        return switch (queue.offer(pending, settings.maxRetained().bytes() - retainedBytes())) {
            case TAKEN -> pending.done();
            case FULL -> CompletableFuture.failedFuture(refusal(Capacity.JOURNAL_FULL));
            case CLOSED -> CompletableFuture.failedFuture(closedFailure());
        };
    }

    @Override
    public List<JournalRecord> read(int partition, long from, int maxEntries) {
        PartitionState state = partitions.get(partition);
        databaseLock.readLock().lock();
        try {
            JournalDatabase opened = requireOpen();
            Extent extent = state.extent();
            if (from < extent.begin()) {
                throw new TidemarkException(
                        ErrorCode.NOT_FOUND, "offset " + from + " is no longer in the journal", "offset");
            }
            return from >= extent.end() ? List.of() : opened.read(partition, from, extent.end(), maxEntries);
        } catch (RocksDBException failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal could not be read", failure);
        } finally {
            databaseLock.readLock().unlock();
        }
    }

    @Override
    public boolean awaitOffset(int partition, long offset, Duration atMost) throws InterruptedException {
        boolean there = partitions.get(partition).await(offset, atMost);
        if (!there && queue.isClosing()) {
            throw closedFailure();
        }
        return there;
    }

    @Override
    public long beginOffset(int partition) {
        return partitions.get(partition).extent().begin();
    }

    @Override
    public long endOffset(int partition) {
        return partitions.get(partition).extent().end();
    }

    @Override
    public void trim(int partition, long before) {
        PartitionState state = partitions.get(partition);
        databaseLock.readLock().lock();
        try {
            JournalDatabase opened = requireOpen();
            synchronized (state) {
                Extent extent = state.extent();
                if (before > extent.begin() && extent.end() > extent.begin()) {
                    Extent left = opened.trim(partition, before, extent);
                    state.trimmed(left.begin(), left.beginBytes());
                }
            }
        } catch (RocksDBException failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal could not be trimmed", failure);
        } finally {
            databaseLock.readLock().unlock();
        }
    }

    @Override
    public void compact(int partition) {
        databaseLock.readLock().lock();
        try {
            requireOpen().compact(partition);
        } catch (RocksDBException failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal could not be compacted", failure);
        } finally {
            databaseLock.readLock().unlock();
        }
    }

    @Override
    public Capacity capacity() {
        if (queue.isClosing()) {
            return Capacity.FAILED;
        }
        Capacity now = trouble;
        if (now != Capacity.AVAILABLE) {
            return now;
        }
        if (usableBytes.getAsLong() < settings.diskReserve().bytes()) {
            return Capacity.DISK_FULL;
        }
        return retainedBytes() >= settings.maxRetained().bytes() ? Capacity.JOURNAL_FULL : Capacity.AVAILABLE;
    }

    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        while (committer.isAlive()) {
            try {
                committer.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        partitions.forEach(PartitionState::close);
        databaseLock.writeLock().lock();
        try {
            if (database != null) {
                database.close();
                database = null;
            }
        } finally {
            databaseLock.writeLock().unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long retainedBytes() {
        long bytes = 0;
        for (PartitionState partition : partitions) {
            bytes += partition.extent().bytes();
        }
        return bytes;
    }

    private void commitAll() {
        while (true) {
            boolean closing = queue.isClosing();
            List<Pending> group =
                    queue.take(MAX_GROUP_BYTES, trouble == Capacity.DISK_FULL ? RECHECK_NANOS : Long.MAX_VALUE);
            if (!group.isEmpty()) {
                commitSafely(group);
            } else if (closing) {
                return;
            } else if (trouble == Capacity.DISK_FULL) {
                hasRoomFor(0);
            }
        }
    }

    /** Whatever goes wrong, nobody waits for ever and the committer lives on. */
    private void commitSafely(List<Pending> group) {
        try {
            commit(group);
        } catch (RuntimeException | Error failure) {
            LOG.atError().setCause(failure).log("a journal commit failed unexpectedly");
            group.forEach(pending -> pending.done().completeExceptionally(refusal(Capacity.FAILED)));
        }
    }

    private void commit(List<Pending> group) {
        long bytes = group.stream().mapToLong(pending -> pending.batch().length).sum();
        if (!hasRoomFor(bytes)) {
            group.forEach(pending -> pending.done().completeExceptionally(refusal(Capacity.DISK_FULL)));
            return;
        }
        long[] ends = new long[partitions.size()];
        long[] endBytes = new long[partitions.size()];
        for (int partition = 0; partition < ends.length; partition++) {
            Extent extent = partitions.get(partition).extent();
            ends[partition] = extent.end();
            endBytes[partition] = extent.endBytes();
        }
        List<Placed> placed = new ArrayList<>(group.size());
        for (Pending pending : group) {
            int partition = pending.partition();
            RecordBatch.place(pending.batch(), endBytes[partition]);
            placed.add(new Placed(partition, ends[partition], pending.batch()));
            ends[partition] += pending.count();
            endBytes[partition] += pending.batch().length;
        }
        Timer.Sample sample = Timer.start();
        try {
            write(placed);
        } catch (RocksDBException failure) {
            reopen(group, failure);
            return;
        }
        sample.stop(commits);
        groups.record(bytes);
        for (int partition = 0; partition < ends.length; partition++) {
            if (ends[partition] > partitions.get(partition).extent().end()) {
                partitions.get(partition).appended(ends[partition], endBytes[partition]);
            }
        }
        for (int index = 0; index < placed.size(); index++) {
            Pending pending = group.get(index);
            appended.increment(pending.count());
            pending.done().complete(placed.get(index).offset());
        }
    }

    private void write(List<Placed> placed) throws RocksDBException {
        databaseLock.readLock().lock();
        try {
            requireOpen().write(placed);
        } finally {
            databaseLock.readLock().unlock();
        }
    }

    private boolean hasRoomFor(long bytes) {
        boolean room = usableBytes.getAsLong() - bytes >= settings.diskReserve().bytes();
        if (room == (trouble == Capacity.DISK_FULL)) {
            trouble = room ? Capacity.AVAILABLE : Capacity.DISK_FULL;
            if (room) {
                LOG.info("there is disk space again: the journal accepts events");
            } else {
                LOG.atWarn()
                        .addKeyValue("reserveBytes", settings.diskReserve().bytes())
                        .log("the disk is full: the journal refuses events until there is room");
            }
        }
        return room;
    }

    /** After a failed write: refuses what waits, then opens the database anew, for as long as it takes. */
    private void reopen(List<Pending> group, RocksDBException failure) {
        trouble = JournalDatabase.isOutOfSpace(failure) ? Capacity.DISK_FULL : Capacity.FAILED;
        LOG.atError().setCause(failure).log("the journal could not be written: it refuses events and is opened anew");
        TidemarkException unknown =
                new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal could not be written", failure);
        group.forEach(pending -> pending.done().completeExceptionally(unknown));
        databaseLock.writeLock().lock();
        try {
            if (database != null) {
                database.close();
                database = null;
            }
        } catch (TidemarkException unclean) {
            LOG.atWarn().setCause(unclean).log("the failed journal was not closed cleanly");
            database = null;
        } finally {
            databaseLock.writeLock().unlock();
        }
        long pause = RECHECK_NANOS;
        do {
            queue.take(Integer.MAX_VALUE, 0).forEach(pending -> pending.done().completeExceptionally(refusal(trouble)));
            queue.rest(pause);
            pause = Math.min(pause * 2, MAX_REOPEN_NANOS);
        } while (!queue.isClosing() && !tryOpen());
    }

    private boolean tryOpen() {
        databaseLock.writeLock().lock();
        try {
            JournalDatabase opened = JournalDatabase.open(settings.directory(), partitions.size());
            database = opened;
            for (int partition = 0; partition < partitions.size(); partition++) {
                Extent found = opened.extent(partition);
                long acknowledged = partitions.get(partition).extent().end();
                if (found.end() < acknowledged) {
                    LOG.atError()
                            .addKeyValue("partition", partition)
                            .addKeyValue("acknowledged", acknowledged)
                            .addKeyValue("found", found.end())
                            .log("the journal lost entries that were on disk");
                }
                partitions.get(partition).reopened(found);
            }
            trouble = Capacity.AVAILABLE;
            LOG.info("the journal is open again");
            return true;
        } catch (RocksDBException | TidemarkException failure) {
            LOG.atDebug().setCause(failure).log("the journal cannot be opened yet");
            return false;
        } finally {
            databaseLock.writeLock().unlock();
        }
    }

    private JournalDatabase requireOpen() {
        if (database == null) {
            throw queue.isClosing()
                    ? closedFailure()
                    : new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal is being opened anew");
        }
        return database;
    }

    private static TidemarkException refusal(Capacity capacity) {
        return switch (capacity) {
            case JOURNAL_FULL -> new TidemarkException(ErrorCode.JOURNAL_FULL, "the journal is full, try again later");
            case DISK_FULL -> new TidemarkException(ErrorCode.DISK_FULL, "the disk is full, try again later");
            case FAILED, AVAILABLE ->
                new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal cannot be written, try again later");
        };
    }

    private static TidemarkException closedFailure() {
        return new TidemarkException(ErrorCode.SHUTTING_DOWN, "the journal is closed");
    }
}
