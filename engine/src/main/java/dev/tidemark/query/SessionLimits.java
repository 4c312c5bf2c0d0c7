package dev.tidemark.query;

import java.time.Duration;

/** Where a session ends, whatever its id says. */
final class SessionLimits {
    /** The longest that a session can be, and so the farthest from a range that an event of a session in it can be. */
    static final Duration LONGEST = Duration.ofHours(24);

    /** A pause longer than this ends a session. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    private SessionLimits() {}
}
