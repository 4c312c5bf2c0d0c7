package dev.tidemark.base;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The wall clock, the monotonic clock and sleep, injected everywhere so that tests own time. Thread-safe. */
public interface TimeSource extends InstantSource {

    /** Monotonic nanoseconds, meaningful only as differences. */
    long nanos();

    /** Blocks the calling thread, which must not be an event loop. */
    void sleep(Duration duration) throws InterruptedException;

    /** The machine's clocks. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** Of the machine. */
    enum SystemTime implements TimeSource {
        INSTANCE;

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    }
}
