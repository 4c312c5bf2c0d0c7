package dev.tidemark.base;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does rounds of work on a thread of its own until it is closed: the next one at once where there is more to do, or after a pause. A round that
 * fails is followed by a longer pause and another one. Thread-safe.
 */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final BooleanSupplier round;
    private final Duration pause;
    private final TimeSource time;
    private final Semaphore wakes = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * @param name of the thread, and what failures are logged with
     * @param round tells whether there is more to do
     */
    public Rounds(String name, BooleanSupplier round, Duration pause, TimeSource time) {
        this.name = name;
        this.round = round;
        this.pause = pause;
        this.time = time;
    }

    /** Once. */
    public void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** Ends the pause: there is something to do. */
    public void wake() {
        wakes.release();
    }

    private void run() {
        try {
            while (!closed) {
                if (!isDone()) {
                    time.sleep(REST);
                }
            }
        } catch (InterruptedException _) {
            LOG.atDebug().addKeyValue("rounds", name).log("rounds are told to end");
        }
    }

    /** Does one round and waits for the next; false where it failed. */
    private boolean isDone() throws InterruptedException {
        try {
            if (!round.getAsBoolean()) {
                boolean _ = wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                int _ = wakes.drainPermits();
            }
            return true;
        } catch (TidemarkException failure) {
            LOG.atWarn().setCause(failure).addKeyValue("rounds", name).log("a round failed and is done again");
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).addKeyValue("rounds", name).log("a round failed");
        }
        return false;
    }

    /** Waits for the round under way, which is interrupted when it takes too long. */
    @Override
    public void close() {
        closed = true;
        wake();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            if (!running.join(PATIENCE)) {
                running.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
