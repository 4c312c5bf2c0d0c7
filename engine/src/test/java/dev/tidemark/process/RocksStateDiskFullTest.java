package dev.tidemark.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.process.State.Change;
import dev.tidemark.process.State.Generation;
import dev.tidemark.store.Block;
import dev.tidemark.store.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RocksStateDiskFullTest {
    private static final Generation GENERATION = new Generation(0, 1_000);

    @TempDir
    Path directory;

    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", directory.toString()) == 0;
        if (!mounted) {
            Assumptions.abort("a disk can only be filled where a tmpfs may be mounted, which needs root");
        }
        Files.write(directory.resolve("ballast"), new byte[48 << 20]);
    }

    @AfterEach
    void unmountSmallDisk() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", directory.toString())).isZero();
        }
    }

    @Test
    void keepsWhatWasCommittedAndGoesOnWhenThereIsRoom() throws IOException {
        List<Integer> committed = new ArrayList<>();
        try (State state = RocksState.open(directory.resolve("state"), TimeSource.system())) {
            int number = 0;
            while (commits(state, number)) {
                committed.add(number++);
                assertThat(number).isLessThan(1_000);
            }
            Files.delete(directory.resolve("ballast"));
            while (!commits(state, number)) {
                Thread.onSpinWait();
            }
            committed.add(number);
            assertHolds(state, committed);
        }
        try (State state = RocksState.open(directory.resolve("state"), TimeSource.system())) {
            assertHolds(state, committed);
        }
    }

    private static boolean commits(State state, int number) {
        byte[] payload = new byte[512 << 10];
        new Random(number).nextBytes(payload);
        OutboxItem item = new OutboxItem(
                0, number, number + 1, 0, 1, List.of(), new Block("t" + number, Table.EVENTS, 1, payload));
        try {
            state.commit(new Change(
                    0, number + 1, Map.of(GENERATION, List.of(key(number))), Map.of(), Map.of(), List.of(item)));
            return true;
        } catch (TidemarkException full) {
            return false;
        }
    }

    private static void assertHolds(State state, List<Integer> committed) {
        assertThat(state.cursor(0)).isEqualTo(committed.getLast() + 1);
        assertThat(state.known(
                        0, committed.stream().map(RocksStateDiskFullTest::key).toList()))
                .doesNotContain(false);
        assertThat(state.outbox(0)).extracting(item -> (int) item.first()).containsExactlyElementsOf(committed);
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
