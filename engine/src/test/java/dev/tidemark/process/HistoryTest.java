package dev.tidemark.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.MemoryJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final int ENTRY_BYTES = 1_000;
    private static final Duration SOON = Duration.ofSeconds(2);

    private final SteppedTime time = new SteppedTime();

    @Test
    void keepsABoundedStretchOfWhatIsStored() {
        MemoryJournal journal = filled(3_000, Long.MAX_VALUE);
        History history = history(journal);
        for (int next = 100; next <= 3_000; next += 100) {
            history.read(next, 100 * ENTRY_BYTES);
        }
        time.pass(SOON);
        history.trim(3_000);
        long keptEntries = (1 << 20) / ENTRY_BYTES;
        assertThat(journal.beginOffset(0)).isBetween(3_000 - keptEntries - 100, 3_000 - keptEntries);
    }

    @Test
    void neverTrimsWhatIsNotStored() {
        MemoryJournal journal = filled(3_000, Long.MAX_VALUE);
        History history = history(journal);
        for (int next = 100; next <= 3_000; next += 100) {
            history.read(next, 100 * ENTRY_BYTES);
        }
        time.pass(Duration.ofHours(10));
        history.trim(250);
        assertThat(journal.beginOffset(0)).isEqualTo(200);
    }

    @Test
    void dropsWhatIsOlderThanTheAge() {
        MemoryJournal journal = filled(20, Long.MAX_VALUE);
        History history = history(journal);
        history.read(10, 10 * ENTRY_BYTES);
        time.pass(Duration.ofMinutes(59));
        history.read(20, 10 * ENTRY_BYTES);
        history.trim(20);
        assertThat(journal.beginOffset(0)).isZero();
        time.pass(SOON.plusMinutes(1));
        history.trim(20);
        assertThat(journal.beginOffset(0)).isEqualTo(10);
    }

    @Test
    void aFullJournalLosesAllThatIsStored() {
        MemoryJournal journal = filled(20, 20 * ENTRY_BYTES);
        History history = history(journal);
        history.read(20, 20 * ENTRY_BYTES);
        time.pass(SOON);
        history.trim(15);
        assertThat(journal.beginOffset(0)).isEqualTo(15);
    }

    private History history(MemoryJournal journal) {
        return new History(0, journal, time, ProcessorHarness.settings(Path.of("unused"), 10), 0);
    }

    private static MemoryJournal filled(int entries, long maxBytes) {
        MemoryJournal journal = new MemoryJournal(1, maxBytes);
        long _ = journal.append(0, Collections.nCopies(entries, new byte[ENTRY_BYTES]))
                .join();
        return journal;
    }

    private static final class SteppedTime implements TimeSource {
        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            pass(duration);
        }
    }
}
