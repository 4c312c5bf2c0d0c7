package dev.tidemark.process;

import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.Journal;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Trims the journal behind what is stored, keeping a bounded stretch of it readable: at most so many bytes, and nothing that
 * has been read longer ago than an age. A full journal loses all that is stored. Of one partition; not thread-safe.
 */
final class History {
    private static final long MIN_NANOS_BETWEEN = Duration.ofSeconds(1).toNanos();

    private final int partition;
    private final Journal journal;
    private final TimeSource time;
    private final long keptBytes;
    private final long keptNanos;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long bytes;
    private long lastTrimNanos;

    /** A point of the journal that may become its begin. */
    private record Mark(long offset, long bytesBefore, long nanos) {}

    History(int partition, Journal journal, TimeSource time, ProcessSettings settings, long cursor) {
        this.partition = partition;
        this.journal = journal;
        this.time = time;
        this.keptBytes = settings.keptBytes().bytes();
        this.keptNanos = settings.keptAge().toNanos();
        this.lastTrimNanos = time.nanos() - MIN_NANOS_BETWEEN;
        marks.add(new Mark(cursor, 0, time.nanos()));
    }

    /** Records that everything before an offset, so many bytes more, has been read. */
    void read(long next, long moreBytes) {
        bytes += moreBytes;
        marks.add(new Mark(next, bytes, time.nanos()));
    }

    void trim(long storedThrough) {
        long now = time.nanos();
        if (now - lastTrimNanos < MIN_NANOS_BETWEEN) {
            return;
        }
        lastTrimNanos = now;
        if (journal.capacity() == Journal.Capacity.JOURNAL_FULL) {
            journal.trim(partition, storedThrough);
            return;
        }
        Mark last = null;
        while (!marks.isEmpty() && marks.element().offset() <= storedThrough && isOver(marks.element(), now)) {
            last = marks.remove();
        }
        if (last != null) {
            journal.trim(partition, last.offset());
        }
    }

    private boolean isOver(Mark mark, long now) {
        return bytes - mark.bytesBefore() > keptBytes || now - mark.nanos() > keptNanos;
    }
}
