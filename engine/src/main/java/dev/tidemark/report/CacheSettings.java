package dev.tidemark.report;

import java.time.Duration;

/**
 * How long answers are believed, and how many questions are put to the engine at a time.
 *
 * @param openLifetime of an answer whose range is not over yet
 * @param closedLifetime of an answer about the past
 * @param maxConcurrentQuestions of all tenants; one tenant gets at most three quarters of them
 */
public record CacheSettings(Duration openLifetime, Duration closedLifetime, int maxConcurrentQuestions) {
    public static final CacheSettings DEFAULTS = new CacheSettings(Duration.ofSeconds(60), Duration.ofMinutes(10), 16);
}
