package dev.tidemark.live;

import dev.tidemark.base.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long reports pause between changes that are sent: the shorter pause while that leaves the machine room, longer ones up to the
 * longest under load. What has been spent on changes within a second is held near a share of it. Thread-safe.
 */
final class Pace {
    private static final long SECOND = 1_000_000_000L;
    /** What sending one change to one reader is taken to cost. */
    private static final long NANOS_PER_READER = 15_000;

    private final TimeSource time;
    private final long leastNanos;
    private final long mostNanos;
    private final long budgetNanosPerSecond;
    private final AtomicLong spent = new AtomicLong();
    private long sinceNanos;
    private volatile long pauseNanos;

    /** @param cores of the machine */
    Pace(TimeSource time, LiveSettings settings, int cores) {
        this.time = time;
        this.leastNanos = settings.leastPause().toNanos();
        this.mostNanos = Math.max(leastNanos, settings.mostPause().toNanos());
        this.budgetNanosPerSecond = cores * SECOND / 4;
        this.sinceNanos = time.nanos();
        this.pauseNanos = leastNanos;
    }

    /** Notes that a change was made, for so many readers. */
    void spend(long nanos, int readers) {
        spent.addAndGet(nanos + readers * NANOS_PER_READER);
    }

    /** Until a report may change again. */
    long pauseNanos() {
        return pauseNanos;
    }

    /** Judges the last while. Called now and then by one thread. */
    void review() {
        long now = time.nanos();
        long passed = now - sinceNanos;
        if (passed < SECOND) {
            return;
        }
        sinceNanos = now;
        double load = spent.getAndSet(0) * (double) SECOND / passed / budgetNanosPerSecond;
        long wanted = (long) (pauseNanos * Math.max(0.5, Math.min(2, load)));
        pauseNanos = Math.max(leastNanos, Math.min(mostNanos, wanted));
    }
}
