package dev.tidemark.account.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one tenant sends, and until when it has spent its share: a bucket of one second of the level, as the moment at which it will be
 * full again. Counting neither locks nor waits; one thread looks.
 */
final class ShareAccount {
    private static final long BURST_NANOS = 1_000_000_000L;
    /** What is owed at most: a level that rises again must not leave a tenant with the debt of another time. */
    private static final long MOST_OWED_NANOS = 10 * BURST_NANOS;
    /** A request costs about what two events cost, beside those that it holds. */
    private static final int EVENTS_OF_REQUEST = 2;

    private static final long SEEN_GRAIN_NANOS = 50_000_000L;
    private static final double SMOOTHING = 0.5;

    private final AtomicLong spentUntil;
    private final LongAdder taken = new LongAdder();
    private final FairShare.Entry freely = new FairShare.Entry.In(this::count);
    private volatile long seenAt;
    private volatile int usual = 1 + EVENTS_OF_REQUEST;
    private long takenBefore;
    private double perSecond;

    ShareAccount(long now) {
        this.spentUntil = new AtomicLong(now);
        this.seenAt = now;
    }

    /** Notes that the tenant does something. */
    void seen(long now) {
        if (now - seenAt > SEEN_GRAIN_NANOS) {
            seenAt = now;
        }
    }

    long seenAt() {
        return seenAt;
    }

    /** Lets a request in where nothing is limited. */
    FairShare.Entry freely() {
        return freely;
    }

    /** How long until a request may come in; 0 when it came in, and what a request of this tenant usually costs was taken for it. */
    long enter(long now, double level) {
        long cost = nanos(usual, level);
        while (true) {
            long until = spentUntil.get();
            long wait = until - now - BURST_NANOS;
            if (wait > 0) {
                return wait;
            }
            if (spentUntil.compareAndSet(until, Math.max(until, now) + cost)) {
                return 0;
            }
        }
    }

    /** Of a request for which {@link #enter} took what is usual. */
    FairShare.Turn turn(long now, double level) {
        int expected = usual;
        return events -> {
            count(events);
            long difference = nanos(events + EVENTS_OF_REQUEST - expected, level);
            spentUntil.updateAndGet(until -> Math.min(until + difference, now + MOST_OWED_NANOS));
        };
    }

    private void count(int events) {
        if (events > 0) {
            usual = events + EVENTS_OF_REQUEST;
            taken.add(events);
        }
    }

    /** Events a second, in the last one or so. By one thread. */
    double look(double seconds) {
        long now = taken.sum();
        perSecond += SMOOTHING * ((now - takenBefore) / seconds - perSecond);
        takenBefore = now;
        return perSecond;
    }

    private static long nanos(int events, double level) {
        return (long) (events * 1e9 / level);
    }
}
