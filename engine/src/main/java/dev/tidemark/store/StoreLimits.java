package dev.tidemark.store;

import dev.tidemark.base.ByteSize;
import java.time.Duration;

/**
 * What one question may cost and how many run at once.
 *
 * @param concurrentQueries how many run at once
 * @param waitingQueries how many may wait for a place; more are refused at once
 * @param queryWait how long one waits for a place
 * @param queryTime how long one may run
 * @param queryMemory the most memory of one
 * @param resultRows the most rows that one may return
 * @param insertTimeout how long an insert may take before its outcome counts as unknown
 */
public record StoreLimits(
        int concurrentQueries,
        int waitingQueries,
        Duration queryWait,
        Duration queryTime,
        ByteSize queryMemory,
        long resultRows,
        Duration insertTimeout) {

    /** For a machine of four cores. */
    public static StoreLimits defaults() {
        return new StoreLimits(
                16,
                256,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                ByteSize.mebibytes(1024),
                1_000_000,
                Duration.ofSeconds(60));
    }
}
