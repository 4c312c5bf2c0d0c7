package dev.tidemark.account.quota;

import java.time.Duration;

/**
 * When tenants that send much are held to a share.
 *
 * @param busyFrom share of the processors in use, 0 to 1, from which on the level falls; 0 for never
 * @param calmTo share up to which it rises
 * @param leastEventsPerSecond that a tenant may send however busy the server is
 * @param active how long after its last request a tenant counts as one that others must leave room for
 */
public record FairnessSettings(double busyFrom, double calmTo, long leastEventsPerSecond, Duration active) {
    private static final double HYSTERESIS = 0.1;
    private static final long LEAST_EVENTS_PER_SECOND = 2_000;
    private static final Duration ACTIVE = Duration.ofSeconds(30);

    /** As the server runs with them. */
    public static final FairnessSettings DEFAULTS = busyFrom(0.75);

    /** With another share of the processors; 0 for never. */
    public static FairnessSettings busyFrom(double share) {
        return new FairnessSettings(share, Math.max(0, share - HYSTERESIS), LEAST_EVENTS_PER_SECOND, ACTIVE);
    }
}
