package dev.tidemark.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that is done over and over. Pauses last an hour here: what happens, happens because of what the test does. */
@Timeout(30)
final class RoundsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Duration> rests = new CopyOnWriteArrayList<>();
    private final TimeSource time = new TimeSource() {
        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            rests.add(duration);
        }
    };
    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore seen = new Semaphore(0);

    @Test
    void goOnAtOnceWhileThereIsMoreToDo() throws InterruptedException {
        try (Rounds rounds = rounds(() -> begun.get() < 5)) {
            rounds.start();
            seen.acquire(5);
        }
        assertThat(begun).hasValue(5);
        assertThat(rests).isEmpty();
    }

    @Test
    void pauseWhereNothingIsToDoUntilTheyAreWoken() throws InterruptedException {
        try (Rounds rounds = rounds(() -> false)) {
            rounds.start();
            seen.acquire();
            rounds.wake();
            seen.acquire();
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void areDoneAgainAfterARestWhenOneFails() throws InterruptedException {
        try (Rounds rounds = rounds(() -> {
            switch (begun.get()) {
                case 1 -> throw new TidemarkException(ErrorCode.OVERLOADED, "the store is away");
                case 2 -> throw new IllegalStateException("a bug");
                default -> {
                    return false;
                }
            }
        })) {
            rounds.start();
            seen.acquire(3);
        }
        assertThat(begun).hasValue(3);
        assertThat(rests).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void areOverWhenTheyAreClosed() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        Rounds rounds = rounds(() -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            finished.set(true);
            return true;
        });
        rounds.start();
        seen.acquire();
        Thread closing = Thread.ofVirtual().start(rounds::close);
        goOn.countDown();
        closing.join();
        assertThat(finished).as("the round under way was waited for").isTrue();
        int until = begun.get();
        rounds.wake();
        assertThat(begun).hasValue(until);
    }

    @Test
    void mayBeClosedWithoutHavingBegun() {
        rounds(() -> true).close();
        assertThat(begun).hasValue(0);
    }

    private Rounds rounds(java.util.function.BooleanSupplier round) {
        return new Rounds(
                "rounds",
                () -> {
                    begun.incrementAndGet();
                    seen.release();
                    return round.getAsBoolean();
                },
                HOUR,
                time);
    }
}
