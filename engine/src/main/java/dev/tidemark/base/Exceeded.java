package dev.tidemark.base;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A limit that was reached.
 *
 * @param limit its name, as in {@code events_per_month}
 * @param hard how much it allows
 * @param resetsAt when all of it is there again, if nothing more is used
 * @param retryAfter when it makes sense to try again
 * @param headers that say what is left, for the answer
 */
public record Exceeded(String limit, long hard, Instant resetsAt, Duration retryAfter, Map<String, String> headers) {
    public Exceeded {
        headers = Map.copyOf(headers);
    }

    /** In whole seconds, one at least. */
    public long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }
}
