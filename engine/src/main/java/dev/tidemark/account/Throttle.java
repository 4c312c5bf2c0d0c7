package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.time.Duration;

/**
 * How often a password may be tried: for an account from one address, from one address for any account, and for an account from anywhere,
 * in a quarter of an hour. Attempts at accounts that do not exist count alike. Thread-safe.
 */
public final class Throttle {
    private static final Duration WINDOW = Duration.ofMinutes(15);

    /** By what attempts are counted. */
    private enum By {
        BOTH(10),
        ADDRESS(60),
        ACCOUNT(200);

        private final RateLimiter.Rate rate;

        By(int attempts) {
            this.rate = RateLimiter.Rate.of(attempts, WINDOW);
        }

        private RateLimiter.Name bucket(String account, String address) {
            RateLimiter.Owner owner = switch (this) {
                case BOTH -> new RateLimiter.Owner.AtTheDoor(account, address);
                case ADDRESS -> new RateLimiter.Owner.AtTheDoor("", address);
                case ACCOUNT -> new RateLimiter.Owner.AtTheDoor(account, "");
            };
            return new RateLimiter.Name("attempts_by_" + name(), owner);
        }
    }

    private final RateLimiter limiter;

    public Throttle(TimeSource clock) {
        this.limiter = new LocalRateLimiter(clock);
    }

    /** Takes an attempt. Fails with {@code TOO_MANY_REQUESTS} when there are none left. */
    public void attempt(String account, String address) {
        for (By by : By.values()) {
            if (!limiter.take(by.bucket(account, address), by.rate, 1).granted()) {
                throw new TidemarkException(
                        ErrorCode.TOO_MANY_REQUESTS, "too many attempts: wait some minutes and try again");
            }
        }
    }

    /** Gives back an attempt that was right. */
    public void succeeded(String account, String address) {
        for (By by : By.values()) {
            limiter.giveBack(by.bucket(account, address), by.rate, 1);
        }
    }
}
