package dev.tidemark.process;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.Person;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryReader;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalRecord;
import dev.tidemark.process.State.Change;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one partition of the journal to the store, batch by batch. A batch has no effect before its commit, which makes its
 * ids, traits, encoded blocks and the new cursor durable together; after it, its blocks are sent until they are in. So a
 * crash at any point leaves either nothing of a batch or all that is needed to end it with the same bytes.
 */
final class PartitionWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionWorker.class);
    private static final int READ_ROWS = 4_096;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final long DISORDER_MILLIS = Duration.ofMinutes(1).toMillis();

    private final int partition;
    private final ProcessSettings settings;
    private final Journal journal;
    private final State state;
    private final EventStore store;
    private final InsertLane lane;
    private final AcceptedListener listener;
    private final TimeSource time;
    private final Outage outage;
    private final ProcessMetrics metrics;
    private final EntryReader reader = new EntryReader();
    private final Duplicates duplicates;
    private final UserTraits traits;
    private final History history;
    private final Erasures erasures;
    private final Tallies tallies;
    private long newestReceivedAt;
    private long toldThrough = -1;
    private volatile long cursor;
    private volatile boolean stopping;

    PartitionWorker(
            int partition,
            ProcessSettings settings,
            Journal journal,
            State state,
            EventStore store,
            HistoricalIds historicalIds,
            InsertLane lane,
            AcceptedListener listener,
            TimeSource time,
            Outage outage,
            ProcessMetrics metrics,
            long cursor) {
        this.partition = partition;
        this.settings = settings;
        this.journal = journal;
        this.state = state;
        this.store = store;
        this.lane = lane;
        this.listener = listener;
        this.time = time;
        this.outage = outage;
        this.metrics = metrics;
        this.duplicates = new Duplicates(partition, state, historicalIds, settings.duplicateHorizon());
        this.traits = new UserTraits(state);
        this.erasures = new Erasures(partition, state, journal.beginOffset(partition));
        this.tallies = new Tallies(partition, state, journal.endOffset(partition));
        this.history = new History(partition, journal, time, settings, cursor);
        this.cursor = cursor;
    }

    Erasures erasures() {
        return erasures;
    }

    Tallies tallies() {
        return tallies;
    }

    /** The next offset to be read. */
    long cursor() {
        return cursor;
    }

    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            long unsentFrom = 0;
            boolean inStep = false;
            while (!stopping) {
                if (inStep) {
                    unsentFrom = cursor;
                    inStep = attempt(this::nextBatch);
                } else {
                    long from = unsentFrom;
                    inStep = attempt(() -> resume(from));
                }
            }
        } catch (InterruptedException _) {
            LOG.atDebug().addKeyValue("partition", partition).log("processing was told to end");
        }
    }

    private interface Step {
        void take() throws InterruptedException;
    }

    /** Whether the step succeeded; after a failure it pauses. */
    private boolean attempt(Step step) throws InterruptedException {
        try {
            step.take();
            outage.ends();
            return true;
        } catch (TidemarkException failure) {
            if (!stopping) {
                outage.begins(failure);
                time.sleep(settings.retryPause());
            }
        } catch (RuntimeException | Error failure) {
            LOG.atError()
                    .setCause(failure)
                    .addKeyValue("partition", partition)
                    .addKeyValue("cursor", cursor)
                    .log("a batch failed unexpectedly and is tried again");
            time.sleep(settings.retryPause().multipliedBy(10));
        }
        return false;
    }

    /**
     * Goes on from what the state holds, at the start and after a failure, when the last commit may have happened or not.
     * Sends what is in the outbox of batches that began at the offset or later; those without rows left have only their end.
     */
    private void resume(long unsentFrom) {
        Map<Long, List<OutboxItem>> batches = new LinkedHashMap<>();
        for (OutboxItem item : state.outbox(partition)) {
            if (item.first() >= unsentFrom) {
                batches.computeIfAbsent(item.next(), _ -> new ArrayList<>()).add(item);
            }
        }
        long committed = Math.max(cursor, state.cursor(partition));
        long sent = cursor;
        traits.forget();
        tallies.read();
        settle(committed);
        cursor = committed;
        tellOfGap(committed);
        for (Map.Entry<Long, List<OutboxItem>> batch : batches.entrySet()) {
            long oldest = Long.MAX_VALUE;
            for (OutboxItem item : batch.getValue()) {
                oldest = Math.min(oldest, item.oldestReceivedAtMillis());
            }
            lane.send(new Delivery(batch.getKey(), oldest, batch.getValue()));
            sent = batch.getKey();
        }
        if (sent < committed) {
            lane.send(new Delivery(committed, Long.MAX_VALUE, List.of()));
        }
    }

    /** Settles the entries of a batch whose commit seemed to fail. */
    private void settle(long committed) {
        Tallies.Batch tally = tallies.begin();
        for (long from = cursor; from < committed; ) {
            List<JournalRecord> records = journal.read(partition, from, (int) Math.min(READ_ROWS, committed - from));
            if (records.isEmpty()) {
                break;
            }
            for (JournalRecord record : records) {
                if (decode(record) instanceof Event event) {
                    tally.read(event, record.offset());
                }
            }
            from = records.getLast().offset() + 1;
        }
        tallies.committed(tally);
    }

    private void nextBatch() throws InterruptedException {
        history.trim(lane.storedThrough());
        erasures.carryOut(traits, journal.beginOffset(partition));
        purge();
        if (!journal.awaitOffset(partition, cursor, IDLE)) {
            return;
        }
        boolean _ = journal.awaitOffset(partition, cursor + settings.maxBatchRows() - 1, settings.linger());
        lane.awaitRoom();
        List<JournalRecord> records = read();
        if (!records.isEmpty()) {
            lane.send(process(records));
        }
    }

    /** What the journal could not let go of erased persons, because nothing newer was there, goes now that something is. */
    private void purge() {
        long before = erasures.due();
        if (before == 0 || lane.storedThrough() < before || journal.endOffset(partition) <= before) {
            return;
        }
        erasures.purged(before);
        try {
            journal.trim(partition, before);
            journal.compact(partition);
            state.compact();
        } catch (TidemarkException failure) {
            LOG.atWarn()
                    .setCause(failure)
                    .addKeyValue("partition", partition)
                    .log("what was erased could not be removed from the journal at once");
        }
    }

    /** Judges, joins, cuts and commits one batch. */
    private Delivery process(List<JournalRecord> records) {
        long first = records.getFirst().offset();
        long next = records.getLast().offset() + 1;
        List<JournalEntry> entries = new ArrayList<>(records.size());
        List<JournalRecord> sources = new ArrayList<>(records.size());
        List<StoredEvent> events = new ArrayList<>(records.size());
        long bytes = 0;
        long oldest = Long.MAX_VALUE;
        long newest = newestReceivedAt;
        Tallies.Batch tally = tallies.begin();
        for (JournalRecord record : records) {
            bytes += record.bytes().length;
            JournalEntry entry = decode(record);
            if (entry instanceof Event event) {
                tally.read(event, record.offset());
            }
            if (entry != null && !erasures.cover(entry, record.offset())) {
                entries.add(entry);
                sources.add(record);
                oldest = Math.min(oldest, entry.receivedAtMillis());
                newest = Math.max(newest, entry.receivedAtMillis());
            }
        }
        Duplicates.Verdicts verdicts = duplicates.judge(entries);
        UserTraits.Batch users = traits.load(unique(entries, verdicts));
        BatchBuilder builder = new BatchBuilder(state.instance(), partition, first, next);
        for (int index = 0; index < entries.size(); index++) {
            if (verdicts.duplicates().get(index)) {
                continue;
            }
            long offset = sources.get(index).offset();
            switch (entries.get(index)) {
                case Event event ->
                    events.add(new StoredEvent(
                            event, new JournalAddress(partition, offset), Person.of(event), users.asOf(event)));
                case DeadLetter letter -> builder.add(letter, offset);
            }
        }
        events.forEach(builder::add);
        List<OutboxItem> items = builder.blocks(store);
        state.commit(new Change(partition, next, verdicts.idKeys(), users.changes(), tally.count(events), items));
        cursor = next;
        tallies.committed(tally);
        tell(first, next, events);
        traits.committed(users);
        history.read(next, bytes);
        newestReceivedAt = newest;
        metrics.processed().increment(entries.size());
        metrics.duplicates().increment(verdicts.duplicates().cardinality());
        forgetOldIds();
        return new Delivery(next, oldest, items);
    }

    private void tell(long first, long next, List<StoredEvent> events) {
        toldThrough = next;
        try {
            listener.accepted(partition, first, next, events);
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("a listener of accepted events failed");
        }
    }

    private void tellOfGap(long next) {
        if (toldThrough == next) {
            return;
        }
        toldThrough = next;
        try {
            listener.missed(partition, next);
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("a listener of accepted events failed");
        }
    }

    private List<JournalRecord> read() {
        List<JournalRecord> records = new ArrayList<>();
        long bytes = 0;
        long from = cursor;
        while (records.size() < settings.maxBatchRows()
                && bytes < settings.maxBatchBytes().bytes()) {
            int wanted = Math.min(READ_ROWS, settings.maxBatchRows() - records.size());
            List<JournalRecord> more = journal.read(partition, from, wanted);
            if (more.isEmpty()) {
                break;
            }
            for (JournalRecord record : more) {
                bytes += record.bytes().length;
            }
            records.addAll(more);
            from = more.getLast().offset() + 1;
        }
        return records;
    }

    /** Null for bytes that are no entry: those can never be processed and must not stop what comes after them. */
    private @Nullable JournalEntry decode(JournalRecord record) {
        try {
            return reader.read(record.bytes());
        } catch (TidemarkException failure) {
            metrics.undecodable().increment();
            LOG.atError()
                    .setCause(failure)
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", record.offset())
                    .log("a journal entry is not readable and is left out");
            return null;
        }
    }

    private static List<Event> unique(List<JournalEntry> entries, Duplicates.Verdicts verdicts) {
        List<Event> events = new ArrayList<>(entries.size());
        for (int index = 0; index < entries.size(); index++) {
            if (!verdicts.duplicates().get(index) && entries.get(index) instanceof Event event) {
                events.add(event);
            }
        }
        return events;
    }

    /** Ids are kept for the horizon, and for as long as their events are on their way, where the store cannot tell of them. */
    private void forgetOldIds() {
        long horizon = settings.duplicateHorizon().toMillis();
        long over = newestReceivedAt - horizon - DISORDER_MILLIS;
        state.forgetIds(partition, Math.min(over, lane.oldestReceivedAtMillis()));
    }
}
