package dev.tidemark.live;

import java.time.Duration;

/**
 * How streams behave.
 *
 * @param leastPause between two refreshes of one report; a costly report waits longer
 * @param heartBeat how often a quiet stream shows that it lives
 * @param linger how long a report that nobody watches is kept, for readers who come back
 * @param keptChanges how many changes are kept for readers who come back
 * @param mostStreams of all tenants
 * @param mostStreamsOfTenant of one
 * @param lateAfter how far the store may be behind before readers are told
 */
public record LiveSettings(
        Duration leastPause,
        Duration heartBeat,
        Duration linger,
        int keptChanges,
        int mostStreams,
        int mostStreamsOfTenant,
        Duration lateAfter) {
    public static final LiveSettings DEFAULTS = new LiveSettings(
            Duration.ofMillis(200),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            64,
            16_000,
            12_000,
            Duration.ofSeconds(5));

    /** The same with other limits of streams. */
    public LiveSettings withMostStreams(int ofAll, int ofTenant) {
        return new LiveSettings(
                leastPause, heartBeat, linger, keptChanges, ofAll, Math.min(ofAll, ofTenant), lateAfter);
    }
}
