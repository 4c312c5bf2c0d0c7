package dev.tidemark.process;

import dev.tidemark.account.quota.EventCounts;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalRecord;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes everything from the journal to the store, once: one thread per partition. Blocks that the engine keeps refusing are
 * set aside in the state's quarantine, logged and counted; nothing else is ever left out. Thread-safe.
 */
public final class Processor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final ProcessSettings settings;
    private final Journal journal;
    private final State state;
    private final HistoricalIds historicalIds;
    private final TimeSource time;
    private final Partitioner partitioner;
    private final EntryCodec codec = new EntryCodec();
    private final List<InsertLane> lanes = new ArrayList<>();
    private final List<PartitionWorker> workers = new ArrayList<>();
    private final List<Long> startCursors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Opens the state. Fails with {@code INVALID_CONFIGURATION} when it is in use or belongs to another journal. */
    public Processor(
            ProcessSettings settings,
            Journal journal,
            EventStore store,
            Positions positions,
            StoredListener listener,
            AcceptedListener accepted,
            TimeSource time,
            MeterRegistry registry) {
        this(
                settings,
                journal,
                store,
                new StoreHistoricalIds(store),
                RocksState.open(settings.directory(), time),
                positions,
                listener,
                accepted,
                time,
                registry);
    }

    Processor(
            ProcessSettings settings,
            Journal journal,
            EventStore store,
            HistoricalIds historicalIds,
            State state,
            Positions positions,
            StoredListener listener,
            AcceptedListener accepted,
            TimeSource time,
            MeterRegistry registry) {
        this.settings = settings;
        this.journal = journal;
        this.state = state;
        this.historicalIds = historicalIds;
        this.time = time;
        this.partitioner = new Partitioner(journal.partitions());
        ProcessMetrics metrics = ProcessMetrics.in(registry);
        Outage outage = new Outage("store");
        try {
            for (int partition = 0; partition < journal.partitions(); partition++) {
                long cursor = firstOffset(partition);
                startCursors.add(cursor);
                List<OutboxItem> unsent = state.outbox(partition);
                long storedThrough =
                        unsent.isEmpty() ? cursor : unsent.getFirst().first();
                InsertLane lane = new InsertLane(
                        partition,
                        settings,
                        state,
                        store,
                        positions,
                        listener,
                        accepted,
                        time,
                        outage,
                        metrics,
                        storedThrough);
                lanes.add(lane);
                workers.add(new PartitionWorker(
                        partition,
                        settings,
                        journal,
                        state,
                        store,
                        historicalIds,
                        lane,
                        accepted,
                        time,
                        new Outage("partition " + partition),
                        metrics,
                        cursor));
                String tag = Integer.toString(partition);
                int index = partition;
                Gauge.builder("tidemark.journal.lag.events", () -> status(index).lagEvents())
                        .tag("partition", tag)
                        .register(registry);
                Gauge.builder(
                                "tidemark.journal.lag.seconds",
                                () -> status(index).lagSeconds())
                        .tag("partition", tag)
                        .register(registry);
            }
        } catch (TidemarkException failure) {
            state.close();
            throw failure;
        }
    }

    /** Sends what the last run left unsent, then goes on where it ended. Once. */
    public void start() {
        for (int partition = 0; partition < workers.size(); partition++) {
            Thread thread = Thread.ofPlatform().name("process-" + partition).unstarted(workers.get(partition));
            threads.add(thread);
            thread.start();
        }
    }

    /** Which ids have been processed within the horizon. Advisory: others may be on their way in the journal. Blocks for disk. */
    public Set<EventId> known(TenantId tenant, Collection<EventId> ids) {
        List<EventId> candidates = List.copyOf(ids);
        boolean[] known = state.known(
                partitioner.of(tenant),
                candidates.stream().map(id -> Duplicates.eventKey(tenant, id)).toList());
        Set<EventId> found = new HashSet<>();
        for (int index = 0; index < known.length; index++) {
            if (known[index]) {
                found.add(candidates.get(index));
            }
        }
        return found;
    }

    /**
     * The same, and which ids the store holds of events with a time in the closed range, however long ago they came. Fails
     * like {@link EventStore#query}.
     */
    public Set<EventId> known(
            TenantId tenant, long minTimestampMillis, long maxTimestampMillis, Collection<EventId> ids) {
        Set<EventId> found = known(tenant, ids);
        List<EventId> others = ids.stream().filter(id -> !found.contains(id)).toList();
        if (!others.isEmpty()) {
            found.addAll(historicalIds.stored(tenant, minTimestampMillis, maxTimestampMillis, others));
        }
        return found;
    }

    /** How long answers to events of a partition should be held back for the store to follow. Never blocks for long. */
    public long ackDelayMillis(int partition) {
        long oldest = lanes.get(partition).oldestReceivedAtMillis();
        return oldest == Long.MAX_VALUE ? 0 : Pacing.delayMillis(time.millis() - oldest);
    }

    /** By partition. */
    public List<ProcessorStatus> status() {
        List<ProcessorStatus> all = new ArrayList<>();
        for (int partition = 0; partition < workers.size(); partition++) {
            all.add(status(partition));
        }
        return all;
    }

    /** How many events of each tenant have been taken into the store. */
    public EventCounts counts() {
        return new EventCounts() {
            @Override
            public long ofMonth(TenantId tenant, YearMonth month) {
                return tallies(tenant).ofMonth(tenant, month);
            }

            @Override
            public SortedMap<LocalDate, Long> ofDays(TenantId tenant, LocalDate from) {
                return tallies(tenant).ofDays(tenant, from);
            }

            @Override
            public long settled(TenantId tenant) {
                return tallies(tenant).settled(tenant);
            }
        };
    }

    private Tallies tallies(TenantId tenant) {
        return workers.get(partitioner.of(tenant)).tallies();
    }

    /** Whether blocks that the engine refused have been set aside, in this run or an earlier one. */
    public boolean hasQuarantined() {
        return state.hasQuarantined();
    }

    /** The end of a tenant's part of the journal: whoever is erased now is erased from all before it. */
    public long endOf(TenantId tenant) {
        return journal.endOffset(partitioner.of(tenant));
    }

    /** Whether everything of a tenant before an offset, and whatever an earlier run had left unsent, is in the store. */
    public boolean hasStored(TenantId tenant, long before) {
        int partition = partitioner.of(tenant);
        return lanes.get(partition).storedThrough() >= Math.max(before, startCursors.get(partition));
    }

    /**
     * Has what came of persons before an offset never reach the store any more, and forgets what is known of users. Durable when it
     * returns, and holds for as long as the journal has such entries; what comes later is taken as of somebody new. Waits for the batch
     * under way; fails with {@code OVERLOADED} when that takes long, and can be repeated.
     *
     * @param persons by their numbers, see {@link dev.tidemark.base.Person}
     */
    public void erase(TenantId tenant, long before, Set<Long> persons, Collection<String> userIds) {
        int partition = partitioner.of(tenant);
        Erasures erasures = workers.get(partition).erasures();
        erasures.add(new Erasure(partition, tenant, before, persons));
        try {
            boolean _ = erasures.forget(userIds.stream()
                            .map(id -> new UserTraits.User(tenant, id))
                            .toList())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof TidemarkException known
                    ? known
                    : new TidemarkException(ErrorCode.STORAGE_FAILED, "traits could not be forgotten", failure);
        } catch (TimeoutException failure) {
            throw new TidemarkException(ErrorCode.OVERLOADED, "the partition's worker is busy", failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping", failure);
        }
    }

    /**
     * Removes what is stored before an offset from the journal, and what was forgotten from the disk: of the journal all but the last
     * thing that was written to the partition, which goes with the next. Takes seconds.
     *
     * @return whether the journal holds nothing from before the offset
     */
    public boolean purge(TenantId tenant, long before) {
        int partition = partitioner.of(tenant);
        journal.trim(partition, Math.min(before, lanes.get(partition).storedThrough()));
        journal.compact(partition);
        state.compact();
        boolean whole = journal.beginOffset(partition) >= before;
        if (!whole) {
            workers.get(partition).erasures().due(before);
        }
        return whole;
    }

    /** Stops reading, waits a bounded time for inserts under way, closes the state. What is left is sent at the next start. */
    @Override
    public void close() {
        close(FINISH);
    }

    void close(Duration finish) {
        workers.forEach(PartitionWorker::stop);
        lanes.forEach(InsertLane::stop);
        boolean interrupted = false;
        try {
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
            for (InsertLane lane : lanes) {
                lane.finish(finish);
            }
        } catch (InterruptedException _) {
            LOG.warn("interrupted while processing ends");
            interrupted = true;
        }
        state.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many there are. */
    public int partitions() {
        return workers.size();
    }

    /** Of one partition. Blocks for disk. */
    public ProcessorStatus status(int partition) {
        long end = journal.endOffset(partition);
        long cursor = workers.get(partition).cursor();
        long stored = storedThrough(partition);
        long lag = Math.max(0, end - stored);
        return new ProcessorStatus(partition, end, cursor, stored, lag, lag == 0 ? 0 : secondsSince(partition, stored));
    }

    /** Everything of a partition before this offset is in the store, or was set aside. */
    public long storedThrough(int partition) {
        return lanes.get(partition).storedThrough();
    }

    /** How long the oldest entry of a partition has waited for being processed; 0 without one. Blocks for disk. */
    public double unprocessedSeconds(int partition) {
        long cursor = workers.get(partition).cursor();
        return journal.endOffset(partition) <= cursor ? 0 : secondsSince(partition, cursor);
    }

    private double secondsSince(int partition, long offset) {
        try {
            List<JournalRecord> records = journal.read(partition, offset, 1);
            if (records.isEmpty()) {
                return 0;
            }
            long received = codec.decode(records.getFirst().bytes()).receivedAtMillis();
            return Math.max(0, time.millis() - received) / 1000.0;
        } catch (TidemarkException failure) {
            LOG.atTrace().setCause(failure).log("the age of an entry is not known");
            return 0;
        }
    }

    private long firstOffset(int partition) {
        long cursor = state.cursor(partition);
        long begin = journal.beginOffset(partition);
        long end = journal.endOffset(partition);
        if (cursor > end) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the processing state is ahead of the journal (partition " + partition + ": " + cursor + " > " + end
                            + "): they do not belong together");
        }
        if (cursor >= 0 && cursor < begin) {
            LOG.atError()
                    .addKeyValue("partition", partition)
                    .addKeyValue("cursor", cursor)
                    .addKeyValue("begin", begin)
                    .log("the journal no longer holds entries that were not processed");
        }
        return Math.max(cursor, begin);
    }
}
