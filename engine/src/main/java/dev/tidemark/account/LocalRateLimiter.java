package dev.tidemark.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tidemark.base.TimeSource;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;

/**
 * Buckets in memory, full again after a restart. One that was not used for as long as it takes to fill is forgotten, which changes
 * nothing.
 */
public final class LocalRateLimiter implements RateLimiter {
    private static final int MAX_REMEMBERED = 500_000;
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final TimeMeter time;
    private final Cache<Name, Held> buckets;

    public LocalRateLimiter(TimeSource clock) {
        this.time = new MonotonicTime(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfter(Expiry.accessing(
                        (Name _, Held held) -> held.rate.timeToFill().plus(SLACK)))
                .ticker(clock::nanos)
                .build();
    }

    @Override
    public Taken take(Name bucket, Rate rate, long tokens) {
        Bucket held = bucket(bucket, rate);
        if (tokens == 0) {
            return new Taken(true, held.getAvailableTokens(), Duration.ZERO);
        }
        ConsumptionProbe probe = held.tryConsumeAndReturnRemaining(tokens);
        return new Taken(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                Duration.ofNanos(Math.max(0, probe.getNanosToWaitForRefill())));
    }

    @Override
    public void giveBack(Name bucket, Rate rate, long tokens) {
        if (tokens > 0) {
            bucket(bucket, rate).addTokens(tokens);
        }
    }

    @Override
    public long left(Name bucket, Rate rate) {
        return bucket(bucket, rate).getAvailableTokens();
    }

    private Bucket bucket(Name name, Rate rate) {
        Held held = buckets.get(name, _ -> new Held(rate, made(rate)));
        return held.rate.equals(rate) ? held.bucket : changed(name, rate);
    }

    private Bucket changed(Name name, Rate rate) {
        return buckets.asMap()
                .compute(name, (_, held) -> {
                    if (held == null) {
                        return new Held(rate, made(rate));
                    }
                    if (held.rate.equals(rate)) {
                        return held;
                    }
                    held.bucket.replaceConfiguration(configuration(rate), TokensInheritanceStrategy.AS_IS);
                    return new Held(rate, held.bucket);
                })
                .bucket;
    }

    private Bucket made(Rate rate) {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit -> limit.capacity(rate.capacity()).refillGreedy(rate.refill(), rate.per()))
                .build();
    }

    private static BucketConfiguration configuration(Rate rate) {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(rate.capacity()).refillGreedy(rate.refill(), rate.per()))
                .build();
    }

    private record Held(Rate rate, Bucket bucket) {}
}
