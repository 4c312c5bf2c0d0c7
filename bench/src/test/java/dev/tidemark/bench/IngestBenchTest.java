package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IngestBenchTest {
    private final FakeServer server;

    IngestBenchTest() throws Exception {
        server = new FakeServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private IngestResult run() throws Exception {
        IngestBench.Load load = new IngestBench.Load(
                server.url(),
                server.address(),
                List.of("sk_x"),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                10,
                2,
                1,
                1000,
                1);
        return new IngestBench(load, TimeSource.system(), _ -> {}).run(null);
    }

    @Test
    void countsTheWindowAndNothingElse() throws Exception {
        IngestResult result = run();
        assertThat(result.accepted()).isEqualTo(500);
        assertThat(result.stored()).isEqualTo(500);
        assertThat(result.probes()).isPositive();
        assertThat(result.queryableP99Millis()).isPositive();
        assertThat(result.eventsPerSecond())
                .isEqualTo(500 / (result.windowSeconds() + result.catchUpSeconds()), within());
    }

    @Test
    void reportsEventsThatNeverBecomeQueryable() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        server.lose(id -> id.length() == 36 && seen.incrementAndGet() == 400);
        IngestResult result = run();
        assertThat(result.stored()).isEqualTo(result.accepted() - 1);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(0.01);
    }
}
