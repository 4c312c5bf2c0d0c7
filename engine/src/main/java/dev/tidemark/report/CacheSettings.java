package dev.tidemark.report;

import java.time.Duration;

/**
 * How long answers are believed, and when old ones do.
 *
 * @param openLifetime of an answer whose range is not over yet
 * @param closedLifetime of an answer about the past
 * @param patience with a store that answers nothing, after which an old answer is given
 */
public record CacheSettings(Duration openLifetime, Duration closedLifetime, Duration patience) {
    public static final CacheSettings DEFAULTS =
            new CacheSettings(Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofSeconds(2));
}
