package dev.tidemark.base;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes time-ordered UUIDs of version 7 (RFC 9562): 48 bits of Unix milliseconds, 74 random bits.
 *
 * <p>Thread-safe when the generator given is.
 */
public final class UuidV7 {
    private final InstantSource clock;
    private final RandomGenerator random;

    public UuidV7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public UUID next() {
        return at(clock.millis());
    }

    /** A UUID that sorts with the given Unix milliseconds. */
    public UUID at(long unixMillis) {
        long high = (unixMillis << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(high, low);
    }
}
