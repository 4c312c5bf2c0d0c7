package dev.tidemark.store;

import dev.tidemark.base.ByteSize;
import java.time.Duration;

/**
 * What results that are streamed may cost. They have places of their own, so that no number of them keeps a question waiting.
 *
 * @param concurrent how many statements are streamed at once
 * @param placeWait how long one waits for a place
 * @param time how long one may run, the time in which its reader lets it wait included
 * @param memory the most memory of one
 * @param threads of the engine that work for one
 */
public record StreamLimits(int concurrent, Duration placeWait, Duration time, ByteSize memory, int threads) {

    /** For a machine of four cores. */
    public static StreamLimits defaults() {
        return new StreamLimits(4, Duration.ofSeconds(30), Duration.ofMinutes(10), ByteSize.mebibytes(512), 2);
    }
}
