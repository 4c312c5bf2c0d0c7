package dev.tidemark.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;

/**
 * How often a password may be tried: for an account from one address, from one address for any account, and for an account from anywhere,
 * in a quarter of an hour. Attempts at accounts that do not exist count alike. Thread-safe.
 */
public final class Throttle {
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int OF_BOTH = 10;
    private static final int OF_ADDRESS = 60;
    private static final int OF_ACCOUNT = 200;
    private static final int MAX_REMEMBERED = 200_000;

    private final TimeMeter time;
    private final Cache<String, Bucket> buckets;

    public Throttle(TimeSource clock) {
        this.time = new MonotonicTime(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterAccess(WINDOW)
                .ticker(clock::nanos)
                .build();
    }

    /** Takes an attempt. Fails with {@code TOO_MANY_REQUESTS} when there are none left. */
    public void attempt(String account, String address) {
        for (Bucket bucket : of(account, address)) {
            if (!bucket.tryConsume(1)) {
                throw new TidemarkException(
                        ErrorCode.TOO_MANY_REQUESTS, "too many attempts: wait some minutes and try again");
            }
        }
    }

    /** Gives back an attempt that was right. */
    public void succeeded(String account, String address) {
        of(account, address).forEach(bucket -> bucket.addTokens(1));
    }

    private List<Bucket> of(String account, String address) {
        return List.of(
                bucket("both " + account + " " + address, OF_BOTH),
                bucket("address " + address, OF_ADDRESS),
                bucket("account " + account, OF_ACCOUNT));
    }

    private Bucket bucket(String key, int attempts) {
        return buckets.get(
                key,
                _ -> Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit -> limit.capacity(attempts).refillGreedy(attempts, WINDOW))
                        .build());
    }
}
