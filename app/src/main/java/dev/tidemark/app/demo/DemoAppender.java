package dev.tidemark.app.demo;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.Partitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Puts the demo's events into the journal, as received now; waits while the journal has no room. Thread-safe; blocks. */
final class DemoAppender {
    private static final int CHUNK = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Journal journal;
    private final EventAllowance allowance;
    private final Partitioner partitioner;
    private final TimeSource time;
    private final EntryCodec codec = new EntryCodec();

    DemoAppender(Journal journal, EventAllowance allowance, TimeSource time) {
        this.allowance = allowance;
        this.journal = journal;
        this.partitioner = new Partitioner(journal.partitions());
        this.time = time;
    }

    /**
     * Returns when all of them are durable.
     *
     * @param perhapsAgain whether some of them may be there already, and so are looked for; that takes its time
     */
    void append(List<Event> events, boolean perhapsAgain) throws InterruptedException {
        for (int from = 0; from < events.size(); from += CHUNK) {
            List<Event> chunk = events.subList(from, Math.min(events.size(), from + CHUNK));
            List<byte[]> entries = new ArrayList<>(chunk.size());
            for (Event event : chunk) {
                entries.add(codec.encode(receivedNow(event, !perhapsAgain)));
            }
            appendOnceThereIsRoom(chunk.getFirst().tenant(), entries);
        }
    }

    private void appendOnceThereIsRoom(TenantId tenant, List<byte[]> entries) throws InterruptedException {
        int partition = partitioner.of(tenant);
        while (true) {
            EventAllowance.Reservation reservation;
            try {
                reservation = allowance.reserve(tenant, entries.size());
            } catch (TidemarkException exceeded) {
                time.sleep(PAUSE);
                continue;
            }
            try {
                journal.append(partition, entries).get();
                return;
            } catch (ExecutionException e) {
                reservation.cancel();
                if (!(e.getCause() instanceof TidemarkException failure)) {
                    throw new TidemarkException(ErrorCode.INTERNAL, "the journal failed unexpectedly", e.getCause());
                }
                if (failure.code() != ErrorCode.JOURNAL_FULL && failure.code() != ErrorCode.DISK_FULL) {
                    throw failure;
                }
                time.sleep(PAUSE);
            }
        }
    }

    private Event receivedNow(Event event, boolean idAssigned) {
        return new Event(
                event.tenant(),
                event.id(),
                idAssigned,
                event.type(),
                event.timestampMillis(),
                time.millis(),
                event.userId(),
                event.anonymousId(),
                event.sessionId(),
                event.context(),
                event.properties(),
                event.traits(),
                event.setsTraits(),
                event.expiresOnEpochDay());
    }
}
