package dev.tidemark.account;

import dev.tidemark.base.TimeSource;

/** The rate limiter in memory. */
final class LocalRateLimiterTest extends AbstractRateLimiterContract {
    @Override
    RateLimiter limiter(TimeSource clock) {
        return new LocalRateLimiter(clock);
    }
}
