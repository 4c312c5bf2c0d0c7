package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine is killed in the middle of inserts; blocks of unknown outcome are sent again with their tokens. */
@Timeout(120)
final class EngineCrashTest {
    private static final int WRITERS = 3;
    private static final int BLOCKS_A_WRITER = 40;
    private static final int ROWS_A_BLOCK = 400;
    private static final int KILLS = 4;
    private static final long DAY = Instant.parse("2105-05-10T00:00:00Z").toEpochMilli();

    private final AtomicInteger resent = new AtomicInteger();

    @Test
    void nothingIsLostOrCountedTwiceWhenTheEngineIsKilledDuringInserts(@TempDir Path directory) throws Exception {
        long seed = 20_260_511L;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        TenantId tenant = new TenantId("crash");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (EngineSupervisor supervisor = EngineSupervisor.start(
                        EngineFixture.settings(directory), TimeSource.system(), new SecureRandom(), meters);
                ClickHouseStore store =
                        new ClickHouseStore(supervisor::address, StoreLimits.defaults(), TimeSource.system(), meters)) {
            store.prepare();
            Semaphore acknowledged = new Semaphore(0);
            Phaser ready = new Phaser(1);
            supervisor.onState(state -> {
                if (state == EngineState.READY) {
                    ready.arrive();
                }
            });
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                List<Block> blocks = blocks(store, tenant, writer);
                writers.add(Thread.ofVirtual()
                        .start(() -> blocks.forEach(block -> {
                            insertUntilAcknowledged(store, block, ready);
                            acknowledged.release();
                        })));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                acknowledged.acquire(random.nextInt(5, 20));
                int phase = ready.getPhase();
                ProcessHandle.of(supervisor.pid().orElseThrow()).orElseThrow().destroyForcibly();
                ready.awaitAdvance(phase);
            }
            for (Thread writer : writers) {
                writer.join();
            }

            long sent = (long) WRITERS * BLOCKS_A_WRITER * ROWS_A_BLOCK;
            assertThat(supervisor.restarts()).isEqualTo(KILLS);
            assertThat(resent.get()).isPositive();
            assertThat(sum(store, tenant, Table.EVENTS, "count()")).isEqualTo(sent);
            assertThat(sum(store, tenant, Table.EVENTS, "uniqExact(event_id)")).isEqualTo(sent);
            assertThat(sum(store, tenant, Table.ROLLUP_MINUTE, "sum(events)")).isEqualTo(sent);
            assertThat(sum(store, tenant, Table.ROLLUP_HOUR, "sum(events)")).isEqualTo(sent);
        }
    }

    /** As it is left when the engine is killed after it has noted an insert, and before its part has a name. */
    @Test
    void anInsertThatWasNotedButNeverBecameAPartIsTakenWhenItIsSentAgain(@TempDir Path directory) throws Exception {
        TenantId tenant = new TenantId("noted");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Path parts =
                directory.resolve("data").resolve("data").resolve("tidemark").resolve("events");
        Block block;
        try (EngineSupervisor supervisor = EngineSupervisor.start(
                        EngineFixture.settings(directory), TimeSource.system(), new SecureRandom(), meters);
                ClickHouseStore store =
                        new ClickHouseStore(supervisor::address, StoreLimits.defaults(), TimeSource.system(), meters)) {
            store.prepare();
            block = blocks(store, tenant, 0).getFirst();
            store.insert(block);
            assertThat(sum(store, tenant, Table.EVENTS, "count()")).isEqualTo(ROWS_A_BLOCK);
        }
        try (Stream<Path> folders = Files.list(parts.toRealPath())) {
            for (Path part : folders.filter(
                            folder -> folder.getFileName().toString().endsWith("_0"))
                    .toList()) {
                EngineFixture.delete(part);
            }
        }
        try (EngineSupervisor supervisor = EngineSupervisor.start(
                        EngineFixture.settings(directory), TimeSource.system(), new SecureRandom(), meters);
                ClickHouseStore store =
                        new ClickHouseStore(supervisor::address, StoreLimits.defaults(), TimeSource.system(), meters)) {
            store.prepare();
            assertThat(sum(store, tenant, Table.EVENTS, "count()")).isZero();
            store.insert(block);
            store.insert(block);
            assertThat(sum(store, tenant, Table.EVENTS, "count()")).isEqualTo(ROWS_A_BLOCK);
            assertThat(sum(store, tenant, Table.ROLLUP_MINUTE, "sum(events)")).isEqualTo(ROWS_A_BLOCK);
            assertThat(sum(store, tenant, Table.ROLLUP_HOUR, "sum(events)")).isEqualTo(ROWS_A_BLOCK);
        }
    }

    private static List<Block> blocks(EventStore store, TenantId tenant, int writer) {
        SampleEvents sample = new SampleEvents(tenant, writer);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS_A_WRITER; i++) {
            blocks.add(store.encodeEvents(
                    "writer-" + writer + "-" + i, sample.take(ROWS_A_BLOCK, DAY + i * 60_000L, 100)));
        }
        return blocks;
    }

    private void insertUntilAcknowledged(EventStore store, Block block, Phaser ready) {
        while (true) {
            int phase = ready.getPhase();
            try {
                store.insert(block);
                return;
            } catch (TidemarkException failure) {
                assertThat(failure.code().retryable()).isTrue();
                resent.incrementAndGet();
                ready.awaitAdvance(phase);
            }
        }
    }

    private static long sum(EventStore store, TenantId tenant, Table table, String expression) {
        return store.query(
                        tenant,
                        Select.from(table, new Parameters(tenant))
                                .column(expression, "n")
                                .build())
                .longAt(0, 0);
    }
}
