package dev.tidemark.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RocksJournalDiskFullTest {
    private static final int BALLAST_BYTES = 48 << 20;

    @TempDir
    Path directory;

    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", directory.toString()) == 0;
        if (!mounted) {
            Assumptions.abort("a disk can only be filled where a tmpfs may be mounted, which needs root");
        }
        Files.write(directory.resolve("ballast"), new byte[BALLAST_BYTES]);
    }

    @AfterEach
    void unmountSmallDisk() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", directory.toString())).isZero();
        }
    }

    @Test
    void refusesBeforeTheReserveIsTouchedAndGoesOnWhenThereIsRoom() throws IOException {
        List<byte[]> acknowledged = new ArrayList<>();
        try (RocksJournal journal = open(ByteSize.mebibytes(40))) {
            assertThat(fill(journal, acknowledged)).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(directory.toFile().getUsableSpace()).isGreaterThan(10L << 20);
            assertThat(journal.capacity()).isEqualTo(Journal.Capacity.DISK_FULL);
            assertHolds(journal, acknowledged);
            Files.delete(directory.resolve("ballast"));
            goOn(journal, acknowledged);
            assertHolds(journal, acknowledged);
        }
        try (RocksJournal journal = open(ByteSize.mebibytes(0))) {
            assertHolds(journal, acknowledged);
        }
    }

    @Test
    void opensItselfAnewAfterTheDiskFailedUnderIt() throws IOException {
        List<byte[]> acknowledged = new ArrayList<>();
        try (RocksJournal journal = open(new ByteSize(0))) {
            assertThat(fill(journal, acknowledged)).isIn(ErrorCode.DISK_FULL, ErrorCode.STORAGE_FAILED);
            Files.delete(directory.resolve("ballast"));
            goOn(journal, acknowledged);
            assertHolds(journal, acknowledged);
        }
        try (RocksJournal journal = open(new ByteSize(0))) {
            assertHolds(journal, acknowledged);
        }
    }

    private RocksJournal open(ByteSize reserve) {
        return RocksJournal.open(
                new JournalSettings(
                        directory.resolve("journal"), 1, ByteSize.mebibytes(1024), reserve, ByteSize.mebibytes(16)),
                new SimpleMeterRegistry());
    }

    /** Appends what does not compress until it is refused; returns how. */
    private static ErrorCode fill(RocksJournal journal, List<byte[]> acknowledged) {
        Random random = new Random(1);
        while (acknowledged.size() < 10_000) {
            byte[] entry = new byte[256 << 10];
            random.nextBytes(entry);
            try {
                journal.append(0, List.of(entry)).join();
                acknowledged.add(entry);
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof TidemarkException cause) {
                    return cause.code();
                }
                throw failure;
            }
        }
        throw new AssertionError("the disk never became full");
    }

    /** Tries until an append is accepted, then a few more. */
    private static void goOn(RocksJournal journal, List<byte[]> acknowledged) {
        int accepted = 0;
        while (accepted < 5) {
            byte[] entry = {1, 2, 3, (byte) accepted};
            try {
                journal.append(0, List.of(entry)).join();
                acknowledged.add(entry);
                accepted++;
            } catch (CompletionException _) {
                Thread.onSpinWait();
            }
        }
    }

    /** Everything acknowledged, in order; between may stand what failed with an unknown outcome. */
    private static void assertHolds(RocksJournal journal, List<byte[]> acknowledged) {
        List<JournalRecord> records = journal.read(0, 0, Integer.MAX_VALUE);
        assertThat(records.size()).isGreaterThanOrEqualTo(acknowledged.size());
        int found = 0;
        for (JournalRecord record : records) {
            if (found < acknowledged.size() && java.util.Arrays.equals(record.bytes(), acknowledged.get(found))) {
                found++;
            }
        }
        assertThat(found).isEqualTo(acknowledged.size());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
