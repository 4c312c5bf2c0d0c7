package dev.tidemark.operate;

import dev.tidemark.base.TidemarkException;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntToLongFunction;

/** How far the store is behind the journal, in entries and in time. Thread-safe; reads the disk. */
public final class PipelineLag {
    private final Journal journal;
    private final EntryCodec codec;
    private final IntToLongFunction storedEnd;
    private final InstantSource clock;

    /** @param storedEnd for a partition, the offset before which everything is visible in the store */
    public PipelineLag(
            Journal journal,
            EntryCodec codec,
            IntToLongFunction storedEnd,
            InstantSource clock,
            MeterRegistry registry) {
        this.journal = journal;
        this.codec = codec;
        this.storedEnd = storedEnd;
        this.clock = clock;
        for (int i = 0; i < journal.partitions(); i++) {
            int partition = i;
            Gauge.builder("tidemark.journal.lag.events", () -> of(partition).lagEvents())
                    .description("Entries of the journal that are not in the store yet")
                    .tag("partition", Integer.toString(partition))
                    .register(registry);
            Gauge.builder("tidemark.journal.lag.seconds", () -> of(partition).lagSeconds())
                    .description("Age of the oldest entry of the journal that is not in the store yet")
                    .tag("partition", Integer.toString(partition))
                    .register(registry);
        }
    }

    int partitions() {
        return journal.partitions();
    }

    PartitionLag of(int partition) {
        long stored = storedEnd.applyAsLong(partition);
        long end = Math.max(stored, journal.endOffset(partition));
        return new PartitionLag(partition, end, stored, end == stored ? 0 : age(partition, stored));
    }

    private double age(int partition, long offset) {
        try {
            List<JournalRecord> oldest = journal.read(partition, offset, 1);
            if (oldest.isEmpty()) {
                return 0;
            }
            long receivedAt = codec.decode(oldest.getFirst().bytes()).receivedAtMillis();
            return Math.max(0, clock.millis() - receivedAt) / 1000.0;
        } catch (TidemarkException _) {
            // Stored and trimmed since the offset was read, or the journal is closing: nothing waits.
            return 0;
        }
    }

    /**
     * One partition.
     *
     * @param endOffset of the next durable entry
     * @param storedOffset before which everything is visible in the store
     * @param lagSeconds age of the oldest entry that is not in the store
     */
    record PartitionLag(int partition, long endOffset, long storedOffset, double lagSeconds) {
        long lagEvents() {
            return endOffset - storedOffset;
        }
    }
}
