package dev.tidemark.collect;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands at one moment. */
record FixedTime(Instant instant) implements TimeSource {
    static final FixedTime NOON = new FixedTime(Instant.parse("2026-03-01T12:00:00Z"));

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("time stands still");
    }
}
