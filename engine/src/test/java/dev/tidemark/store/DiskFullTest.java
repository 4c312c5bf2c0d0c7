package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine's disk runs full and gets room again. */
@Timeout(90)
final class DiskFullTest {
    private static final long DAY = Instant.parse("2105-05-10T00:00:00Z").toEpochMilli();

    @Test
    void aFullDiskRefusesInsertsAndRoomLetsThemIn(@TempDir Path mountPoint) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mountPoint.toString()),
                "mounting a small file system is not permitted here");
        try {
            fillAndRecover(mountPoint);
        } finally {
            run("umount", mountPoint.toString());
        }
    }

    private static void fillAndRecover(Path disk) throws IOException {
        TenantId tenant = new TenantId("disk-full");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (EngineSupervisor supervisor = EngineSupervisor.start(
                        EngineFixture.settings(disk.resolve("engine")),
                        TimeSource.system(),
                        new SecureRandom(),
                        meters);
                ClickHouseStore store =
                        new ClickHouseStore(supervisor::address, StoreLimits.defaults(), TimeSource.system(), meters)) {
            SampleEvents sample = new SampleEvents(tenant, 1);
            store.insert(store.encodeEvents("before", sample.take(1_000, DAY, 10)));
            Block block = store.encodeEvents("refused", sample.take(1_000, DAY, 10));

            Path filler = disk.resolve("filler");
            fill(filler);
            assertThatThrownBy(() -> store.insert(block))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DISK_FULL));
            assertThat(count(store, tenant)).isEqualTo(1_000);

            Files.delete(filler);
            store.insert(block);
            store.insert(block);
            assertThat(count(store, tenant)).isEqualTo(2_000);
            assertThat(supervisor.restarts()).isZero();
        }
    }

    private static void fill(Path filler) {
        byte[] chunk = new byte[64 << 10];
        try (OutputStream output = Files.newOutputStream(filler)) {
            while (true) {
                output.write(chunk);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static long count(EventStore store, TenantId tenant) {
        return store.query(
                        tenant,
                        Select.from(Table.EVENTS, new Parameters(tenant))
                                .column("count()", "n")
                                .build())
                .longAt(0, 0);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
