package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Duration;

/**
 * Token buckets by name, each of which fills again steadily. Never blocks, so event loops may call it; thread-safe. However many take at
 * a time, in any stretch of time no more is granted than the capacity and what was refilled meanwhile.
 */
public interface RateLimiter {

    /**
     * Takes tokens, all or none. A bucket that nobody has used is full. One that is used with another rate than before keeps what it
     * holds, as far as there is room.
     *
     * @param tokens at least 0; more than the capacity are never granted
     */
    Taken take(Name bucket, Rate rate, long tokens);

    /** Puts tokens back that were taken for nothing, as far as there is room. */
    void giveBack(Name bucket, Rate rate, long tokens);

    /** How many are there now. */
    long left(Name bucket, Rate rate);

    /**
     * Which bucket.
     *
     * @param limit what it limits
     * @param owner whose it is
     */
    record Name(String limit, Owner owner) {}

    /** Whose a bucket is. What is somebody's within a tenant carries the tenant, so that no two tenants can share one. */
    sealed interface Owner {
        /** A tenant as a whole. */
        record OfTenant(TenantId tenant) implements Owner {}

        /** One key of a tenant. */
        record OfKey(TenantId tenant, String keyId) implements Owner {}

        /** Who tries to get in, so that no tenant is known yet. */
        record AtTheDoor(String account, String address) implements Owner {}
    }

    /**
     * How much a bucket holds, and how many tokens come back in a stretch of time.
     *
     * @param capacity at least 1
     * @param refill at least 1
     */
    record Rate(long capacity, long refill, Duration per) {
        /** One that holds what comes back in a stretch of time. */
        public static Rate of(long tokens, Duration per) {
            return new Rate(tokens, tokens, per);
        }

        /** How long an empty bucket takes to be full. */
        public Duration timeToFill() {
            return Duration.ofNanos((long) Math.min(Long.MAX_VALUE / 2, (double) per.toNanos() * capacity / refill));
        }
    }

    /**
     * What became of an attempt.
     *
     * @param left tokens that are there afterwards
     * @param delay after which as many will be there, if nobody else takes any; zero when they were granted
     */
    record Taken(boolean granted, long left, Duration delay) {
        /** Granted where nothing limits. */
        public static final Taken FREELY = new Taken(true, Long.MAX_VALUE, Duration.ZERO);
    }
}
