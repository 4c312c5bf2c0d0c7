package dev.tidemark.account;

import dev.tidemark.base.TimeSource;
import io.github.bucket4j.TimeMeter;

/** Lets rate limits run on the injected clock. */
final class MonotonicTime implements TimeMeter {
    private final TimeSource clock;

    MonotonicTime(TimeSource clock) {
        this.clock = clock;
    }

    @Override
    public long currentTimeNanos() {
        return clock.nanos();
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
