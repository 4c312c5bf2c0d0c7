package dev.tidemark.live;

import dev.tidemark.base.ByteSize;
import java.time.Duration;

/**
 * How streams behave.
 *
 * @param leastPause between two changes that are sent of one report
 * @param mostPause the same under load
 * @param refreshEvery how often what cannot be kept right in memory is asked again, when something arrived; what costs much less often
 * @param heartBeat how often a quiet stream shows that it lives
 * @param linger how long a report that nobody watches is kept, for readers who come back
 * @param keptChanges how many changes are kept for readers who come back
 * @param mostStreams of all tenants
 * @param mostStreamsOfTenant of one
 * @param lateAfter how far the numbers may be behind before readers are told
 * @param startWait how long a first reader waits for answers in memory to begin before the store is asked in the usual way
 * @param standingMemory what answers in memory may take together
 * @param standingMemoryOfTenant what those of one tenant may take
 */
public record LiveSettings(
        Duration leastPause,
        Duration mostPause,
        Duration refreshEvery,
        Duration heartBeat,
        Duration linger,
        int keptChanges,
        int mostStreams,
        int mostStreamsOfTenant,
        Duration lateAfter,
        Duration startWait,
        ByteSize standingMemory,
        ByteSize standingMemoryOfTenant) {
    public static final LiveSettings DEFAULTS = new LiveSettings(
            Duration.ofMillis(200),
            Duration.ofMillis(600),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            64,
            16_000,
            12_000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            ByteSize.mebibytes(256),
            ByteSize.mebibytes(128));

    /** The same with other bounds of memory. */
    public LiveSettings withStandingMemory(ByteSize all, ByteSize ofTenant) {
        return new LiveSettings(
                leastPause,
                mostPause,
                refreshEvery,
                heartBeat,
                linger,
                keptChanges,
                mostStreams,
                mostStreamsOfTenant,
                lateAfter,
                startWait,
                all,
                ofTenant);
    }

    /** The same with other limits of streams. */
    public LiveSettings withMostStreams(int ofAll, int ofTenant) {
        return new LiveSettings(
                leastPause,
                mostPause,
                refreshEvery,
                heartBeat,
                linger,
                keptChanges,
                ofAll,
                Math.min(ofAll, ofTenant),
                lateAfter,
                startWait,
                standingMemory,
                standingMemoryOfTenant);
    }
}
