package dev.tidemark.signin;

import java.time.Duration;

/**
 * How long sessions last.
 *
 * @param idle after which one that is not used ends
 * @param lifetime after which each ends
 */
public record SessionLimits(Duration idle, Duration lifetime) {
    public static final SessionLimits DEFAULTS = new SessionLimits(Duration.ofHours(12), Duration.ofDays(14));
}
