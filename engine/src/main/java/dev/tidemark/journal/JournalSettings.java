package dev.tidemark.journal;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;

/**
 * What an embedded journal is told.
 *
 * @param directory its own; created when missing
 * @param partitions how many a new journal gets; one that exists keeps the number that it was made with
 * @param maxRetained entries kept, uncompressed; beyond it appends fail with {@code JOURNAL_FULL} until some are trimmed
 * @param diskReserve usable disk space that is left alone; below it appends fail with {@code DISK_FULL}
 * @param maxQueued entries that wait for the disk; beyond it appends fail with {@code JOURNAL_FULL}
 */
public record JournalSettings(
        Path directory, int partitions, ByteSize maxRetained, ByteSize diskReserve, ByteSize maxQueued) {
    private static final int MAX_PARTITIONS = 256;

    public JournalSettings {
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the number of journal partitions must be 1 to " + MAX_PARTITIONS,
                    "journal.partitions");
        }
        if (maxQueued.bytes() == 0) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the journal needs room to queue", "journal.max-queued");
        }
    }

    /** Four partitions, 16 GiB retained, 512 MiB of disk left alone, 64 MiB queued. */
    public static JournalSettings defaults(Path directory) {
        return new JournalSettings(
                directory, 4, ByteSize.mebibytes(16_384), ByteSize.mebibytes(512), ByteSize.mebibytes(64));
    }
}
