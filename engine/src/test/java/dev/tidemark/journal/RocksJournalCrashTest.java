package dev.tidemark.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ByteSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RocksJournalCrashTest {
    private static final int ROUNDS = 5;
    private static final long SEED = 42;

    @TempDir
    Path directory;

    private record Acknowledged(int partition, long offset, String text) {}

    @Test
    @Timeout(240)
    void losesNothingAcknowledgedWhenItsProcessIsKilled() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Acknowledged> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Acknowledged> acknowledged = runAndKill(round, 50 + random.nextInt(1_500));
            assertThat(acknowledged).as("round %d, seed %d", round, SEED).hasSizeGreaterThanOrEqualTo(50);
            all.addAll(acknowledged);
            JournalSettings settings = new JournalSettings(
                    directory, 2, ByteSize.mebibytes(1024), new ByteSize(0), ByteSize.mebibytes(16));
            try (RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry())) {
                List<List<JournalRecord>> stored =
                        List.of(journal.read(0, 0, Integer.MAX_VALUE), journal.read(1, 0, Integer.MAX_VALUE));
                for (Acknowledged append : all) {
                    List<JournalRecord> records = stored.get(append.partition());
                    assertThat(records.size()).isGreaterThan((int) append.offset() + 1);
                    for (int entry = 0; entry < 2; entry++) {
                        JournalRecord record = records.get((int) append.offset() + entry);
                        assertThat(record.offset()).isEqualTo(append.offset() + entry);
                        assertThat(new String(record.bytes(), StandardCharsets.UTF_8))
                                .isEqualTo(append.text() + "/" + entry);
                    }
                }
                assertThat(journal.endOffset(0)).isEqualTo(stored.get(0).size());
            }
        }
    }

    private List<Acknowledged> runAndKill(int round, int afterLines) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        AcknowledgingAppender.class.getName(),
                        directory.toString(),
                        "r" + round)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Acknowledged> acknowledged = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int next = out.read(); next >= 0; next = out.read()) {
                if (next != '\n') {
                    line.append((char) next);
                    continue;
                }
                String[] parts = line.toString().split(" ");
                line.setLength(0);
                if (!parts[0].equals(AcknowledgingAppender.MARK)) {
                    continue;
                }
                acknowledged.add(new Acknowledged(Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3]));
                if (acknowledged.size() == afterLines) {
                    boolean _ = process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        return acknowledged;
    }
}
