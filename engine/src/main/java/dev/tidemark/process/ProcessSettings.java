package dev.tidemark.process;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What processing is told.
 *
 * @param directory of its state; created when missing
 * @param duplicateHorizon how long after an event a re-send of it is still recognised, for certain
 * @param maxBatchRows entries read for one batch
 * @param maxBatchBytes of journal entries read for one batch
 * @param linger how long a batch waits to fill
 * @param insertsInFlight per partition
 * @param keptBytes of stored journal history that stays readable
 * @param keptAge of stored journal history that stays readable; the smaller of the two bounds counts
 * @param refusalsBeforeQuarantine how often the engine may refuse a block before it is set aside
 * @param retryPause before the first retry; doubles up to fifty times its length
 */
public record ProcessSettings(
        Path directory,
        Duration duplicateHorizon,
        int maxBatchRows,
        ByteSize maxBatchBytes,
        Duration linger,
        int insertsInFlight,
        ByteSize keptBytes,
        Duration keptAge,
        int refusalsBeforeQuarantine,
        Duration retryPause) {

    public ProcessSettings {
        require(duplicateHorizon.toMillis() >= 2, "duplicate-horizon", "at least 2 ms");
        require(maxBatchRows > 0, "max-batch-rows", "at least 1");
        require(maxBatchBytes.bytes() > 0, "max-batch-bytes", "at least 1");
        require(!linger.isNegative(), "linger", "at least 0");
        require(insertsInFlight > 0, "inserts-in-flight", "at least 1");
        require(!keptAge.isNegative(), "kept-age", "at least 0");
        require(refusalsBeforeQuarantine > 0, "refusals-before-quarantine", "at least 1");
        require(retryPause.isPositive(), "retry-pause", "more than 0");
    }

    /** One hour of duplicates; batches of 20,000 rows, 32 MiB or 150 ms; three inserts in flight; 256 MiB or an hour kept. */
    public static ProcessSettings defaults(Path directory) {
        return new ProcessSettings(
                directory,
                Duration.ofHours(1),
                20_000,
                ByteSize.mebibytes(32),
                Duration.ofMillis(150),
                3,
                ByteSize.mebibytes(256),
                Duration.ofHours(1),
                8,
                Duration.ofMillis(100));
    }

    private static void require(boolean holds, String name, String bound) {
        if (!holds) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "process." + name + " must be " + bound, "process." + name);
        }
    }
}
