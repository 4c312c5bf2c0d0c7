package dev.tidemark.account;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Time that stands still until a test moves it. Sleeping moves it too. Thread-safe. */
public final class SettableTime implements TimeSource {
    private final AtomicReference<Instant> now;

    public SettableTime(String now) {
        this.now = new AtomicReference<>(Instant.parse(now));
    }

    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public long nanos() {
        Instant instant = now.get();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
