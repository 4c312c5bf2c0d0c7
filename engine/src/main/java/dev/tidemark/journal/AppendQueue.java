package dev.tidemark.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends that wait for the disk, bounded by their bytes. Any thread offers, one takes. Thread-safe. */
final class AppendQueue {
    private static final Logger LOG = LoggerFactory.getLogger(AppendQueue.class);

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean closing;

    AppendQueue(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** One call of append: its entries as a record batch. */
    record Pending(int partition, byte[] batch, int count, CompletableFuture<Long> done) {}

    /** What became of an offer. */
    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    /** Takes it when it fits both the queue and, with all that waits, the room given. Never waits. */
    Offer offer(Pending pending, long room) {
        lock.lock();
        try {
            if (closing) {
                return Offer.CLOSED;
            }
            long after = bytes + pending.batch().length;
            if (after > maxBytes || after > room) {
                return Offer.FULL;
            }
            waiting.add(pending);
            bytes = after;
            changed.signal();
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something, it closes, or the time is over; then takes what there is, in order, up to a size. */
    List<Pending> take(int maxTaken, long nanos) {
        lock.lock();
        try {
            if (waiting.isEmpty() && !closing) {
                pause(nanos);
            }
            List<Pending> group = new ArrayList<>(waiting.size());
            long taken = 0;
            while (!waiting.isEmpty()
                    && (group.isEmpty() || taken + waiting.element().batch().length <= maxTaken)) {
                Pending pending = waiting.remove();
                taken += pending.batch().length;
                group.add(pending);
            }
            bytes -= taken;
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the time given, or until it closes; offers don't end the wait. */
    void rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closing && left > 0) {
                left = pause(left);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further offers; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long pause(long nanos) {
        try {
            return changed.awaitNanos(nanos);
        } catch (InterruptedException _) {
            LOG.debug("the journal's committer ends by close, not by interrupts");
            return 0;
        }
    }
}
