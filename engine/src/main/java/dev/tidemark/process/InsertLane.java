package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.Table;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the blocks of one partition into the store, a bounded number at a time, each for as long as it takes. What is
 * visible is announced in the order of the journal: a batch counts only once all before it are in. A block that the engine
 * refuses again and again is set aside, and announced as if it were in, so that the partition goes on. Thread-safe.
 */
final class InsertLane {
    private static final Logger LOG = LoggerFactory.getLogger(InsertLane.class);
    private static final int MAX_PAUSE_FACTOR = 50;
    /** How much may wait here while the store fails, in bytes of blocks. */
    private static final long MOST_WAITING = 16L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final int partition;
    private final ProcessSettings settings;
    private final State state;
    private final EventStore store;
    private final Positions positions;
    private final StoredListener listener;
    private final AcceptedListener accepted;
    private final TimeSource time;
    private final Outage outage;
    private final ProcessMetrics metrics;
    private final Semaphore slots;
    private final ArrayDeque<Delivery> open = new ArrayDeque<>();
    private final List<Thread> inserting = new ArrayList<>();
    private final AtomicLong waiting = new AtomicLong();
    private volatile long storedThrough;
    private volatile boolean isFailing;
    private volatile boolean stopping;

    InsertLane(
            int partition,
            ProcessSettings settings,
            State state,
            EventStore store,
            Positions positions,
            StoredListener listener,
            AcceptedListener accepted,
            TimeSource time,
            Outage outage,
            ProcessMetrics metrics,
            long storedThrough) {
        this.partition = partition;
        this.settings = settings;
        this.state = state;
        this.store = store;
        this.positions = positions;
        this.listener = listener;
        this.accepted = accepted;
        this.time = time;
        this.outage = outage;
        this.metrics = metrics;
        this.slots = new Semaphore(settings.insertsInFlight(), true);
        this.storedThrough = storedThrough;
    }

    /** Everything before this offset is in the store. */
    long storedThrough() {
        return storedThrough;
    }

    /** When the oldest entry that is committed but not stored was received; {@code Long.MAX_VALUE} without one. */
    synchronized long oldestReceivedAtMillis() {
        long oldest = Long.MAX_VALUE;
        for (Delivery delivery : open) {
            oldest = Math.min(oldest, delivery.oldestReceivedAtMillis());
        }
        return oldest;
    }

    /**
     * Waits until a block could be sent at once. While the store fails it waits for a second only, as long as not much is waiting:
     * what listens to accepted events goes on without the store, for a while, in batches that are not too many to catch up with.
     */
    void awaitRoom() throws InterruptedException {
        while (!slots.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            if (isFailing && waiting.get() < MOST_WAITING) {
                return;
            }
        }
        slots.release();
    }

    /** Starts to send a batch that was committed, as soon as not too many blocks are on their way. Calls come in order. */
    void send(Delivery delivery) {
        synchronized (this) {
            open.add(delivery);
        }
        for (OutboxItem item : delivery.items()) {
            waiting.addAndGet(item.block().payload().length);
            Thread thread =
                    Thread.ofVirtual().name("insert-" + item.block().token()).unstarted(() -> insert(delivery, item));
            synchronized (this) {
                inserting.add(thread);
            }
            thread.start();
        }
        announce();
    }

    /** No block that fails is tried again; it stays in the outbox. */
    void stop() {
        stopping = true;
    }

    /** Waits for inserts under way, then interrupts those that are left. */
    void finish(Duration atMost) throws InterruptedException {
        stop();
        long deadline = time.nanos() + atMost.toNanos();
        for (Thread thread : threads()) {
            Duration left = Duration.ofNanos(Math.max(1, deadline - time.nanos()));
            if (!thread.join(left)) {
                thread.interrupt();
            }
        }
    }

    private synchronized List<Thread> threads() {
        return List.copyOf(inserting);
    }

    private void insert(Delivery delivery, OutboxItem item) {
        try {
            slots.acquire();
            try {
                if (!stopping && bring(item)) {
                    delivery.arrived();
                    announce();
                }
            } finally {
                slots.release();
            }
        } catch (InterruptedException _) {
            LOG.debug("an insert was given up at the end; it is sent again at the next start");
        } finally {
            waiting.addAndGet(-item.block().payload().length);
            synchronized (this) {
                inserting.remove(Thread.currentThread());
            }
        }
    }

    /** Whether it is in the store or set aside; false when it was stopped before that. */
    private boolean bring(OutboxItem item) throws InterruptedException {
        int refusals = 0;
        Duration pause = settings.retryPause();
        while (true) {
            try {
                store.insert(item.block());
                isFailing = false;
                outage.ends();
                count(item);
                forget(item);
                return true;
            } catch (TidemarkException failure) {
                isFailing = true;
                if (isRefusal(failure)) {
                    refusals++;
                }
                outage.begins(failure);
            } catch (RuntimeException failure) {
                refusals++;
                outage.begins(failure);
            } catch (Error failure) {
                outage.begins(failure);
            }
            if (stopping) {
                return false;
            }
            if (refusals >= settings.refusalsBeforeQuarantine() && setAside(item)) {
                return true;
            }
            time.sleep(pause);
            Duration doubled = pause.multipliedBy(2);
            Duration longest = settings.retryPause().multipliedBy(MAX_PAUSE_FACTOR);
            pause = doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    private static boolean isRefusal(TidemarkException failure) {
        return failure.code() == ErrorCode.STORAGE_FAILED || !failure.code().retryable();
    }

    private void count(OutboxItem item) {
        int rows = item.block().rows();
        metrics.batchRows().record(rows);
        (item.block().table() == Table.DEAD_LETTERS ? metrics.storedDeadLetters() : metrics.storedEvents())
                .increment(rows);
    }

    /** Where this fails, the block is sent again at the next start, with the same token. */
    private void forget(OutboxItem item) {
        try {
            state.delivered(item);
        } catch (TidemarkException failure) {
            LOG.atWarn()
                    .addKeyValue("reason", failure.getMessage())
                    .addKeyValue("token", item.block().token())
                    .log("a stored block could not be taken from the outbox");
        }
    }

    private boolean setAside(OutboxItem item) {
        try {
            state.quarantine(item);
        } catch (TidemarkException failure) {
            outage.begins(failure);
            return false;
        }
        metrics.quarantinedRows().increment(item.block().rows());
        LOG.atError()
                .addKeyValue("token", item.block().token())
                .addKeyValue("table", item.block().table())
                .addKeyValue("rows", item.block().rows())
                .log("the engine refuses a block: it is kept in quarantine and the partition goes on");
        tellOfSetAside(item);
        return true;
    }

    private void tellOfSetAside(OutboxItem item) {
        Set<TenantId> tenants = item.touches().stream().map(Touch::tenant).collect(Collectors.toSet());
        if (tenants.isEmpty()) {
            return;
        }
        try {
            accepted.setAside(partition, tenants);
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("a listener of accepted events failed");
        }
    }

    private synchronized void announce() {
        while (!open.isEmpty() && open.element().isComplete()) {
            Delivery delivery = open.remove();
            Set<TenantId> tenants = delivery.advance(positions);
            storedThrough = delivery.next();
            try {
                listener.stored(partition, delivery.next(), delivery.oldestReceivedAtMillis(), tenants);
            } catch (RuntimeException failure) {
                LOG.atError().setCause(failure).log("a listener of stored events failed");
            }
        }
    }
}
