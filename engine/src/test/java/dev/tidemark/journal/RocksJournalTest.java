package dev.tidemark.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksJournalTest extends AbstractJournalContract {
    @TempDir
    Path directory;

    @Override
    protected Journal open(int partitions) {
        return RocksJournal.open(settings("main", partitions, ByteSize.mebibytes(1024)), new SimpleMeterRegistry());
    }

    @Override
    protected Journal openBounded(long maxBytes) {
        return RocksJournal.open(settings("bounded", 1, new ByteSize(maxBytes)), new SimpleMeterRegistry());
    }

    @Test
    void aSecondOpenerIsToldThatTheDirectoryIsInUse() {
        assertThatThrownBy(() -> open(3)).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(failure.detail()).contains("in use").doesNotContain(directory.toString());
        });
    }

    @Test
    void refusesFastWithoutDiskSpaceAndRecoversByItself() {
        AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
        JournalSettings settings = settings("space", 1, ByteSize.mebibytes(1024));
        try (RocksJournal journal = RocksJournal.open(settings, usable::get, new SimpleMeterRegistry())) {
            assertThat(journal.append(0, List.of(new byte[100])).join()).isZero();
            usable.set(settings.diskReserve().bytes() + 50);
            assertThat(code(journal.append(0, List.of(new byte[100])))).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(journal.endOffset(0)).isEqualTo(1);
            usable.set(settings.diskReserve().bytes() - 1);
            assertThat(journal.capacity()).isEqualTo(Journal.Capacity.DISK_FULL);
            assertThat(journal.append(0, List.of(new byte[10]))).isCompletedExceptionally();
            assertThat(journal.read(0, 0, 10)).hasSize(1);
            usable.set(Long.MAX_VALUE);
            while (journal.capacity() != Journal.Capacity.AVAILABLE) {
                Thread.onSpinWait();
            }
            assertThat(journal.append(0, List.of(new byte[10])).join()).isEqualTo(1);
        }
    }

    @Test
    void anAppendThatExceedsTheQueueIsRefused() {
        JournalSettings settings = new JournalSettings(
                directory.resolve("queue"), 1, ByteSize.mebibytes(100), new ByteSize(0), new ByteSize(1_000));
        try (RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry())) {
            assertThat(code(journal.append(0, List.of(incompressible(2_000))))).isEqualTo(ErrorCode.JOURNAL_FULL);
            assertThat(journal.append(0, List.of(incompressible(500))).join()).isZero();
        }
    }

    @Test
    void trimmedEntriesFreeTheDisk() {
        JournalSettings settings = settings("trimmed", 1, ByteSize.mebibytes(24));
        byte[] entry = incompressible(1 << 20);
        try (RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry())) {
            for (int round = 0; round < 100; round++) {
                long offset = journal.append(0, List.of(entry)).join();
                journal.trim(0, offset - 4);
            }
            assertThat(journal.endOffset(0)).isEqualTo(100);
            assertThat(journal.beginOffset(0)).isEqualTo(95);
            assertThat(journal.read(0, 95, 10)).hasSize(5);
        }
        try (RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry())) {
            assertThat(journal.endOffset(0)).isEqualTo(100);
            assertThat(journal.read(0, 97, 10)).hasSize(3);
        }
    }

    private JournalSettings settings(String name, int partitions, ByteSize maxRetained) {
        return new JournalSettings(
                directory.resolve(name), partitions, maxRetained, ByteSize.mebibytes(1), ByteSize.mebibytes(64));
    }

    private static ErrorCode code(CompletableFuture<Long> append) {
        try {
            append.join();
            throw new AssertionError("the append was accepted");
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TidemarkException cause) {
                return cause.code();
            }
            throw failure;
        }
    }
}
