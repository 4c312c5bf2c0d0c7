package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveBenchTest {
    private final FakeServer server;
    private final FakeDashboards dashboards;

    LiveBenchTest() throws Exception {
        server = new FakeServer();
        dashboards = new FakeDashboards(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private LiveResult run() throws Exception {
        LiveBench.Load load = new LiveBench.Load(
                server.url(),
                server.address(),
                List.of("sk_x"),
                "op_x",
                12,
                5,
                400,
                10,
                3,
                Duration.ofMillis(100),
                Duration.ofMillis(800),
                Duration.ofMillis(1500),
                12,
                2,
                5,
                1);
        List<ProcessHandle> itself = List.of(ProcessHandle.current());
        return new LiveBench(load, () -> itself, List::of, TimeSource.system(), _ -> {}).run();
    }

    @Test
    void measuresWhatViewersSee() throws Exception {
        LiveResult result = run();
        assertThat(result.wrong()).isEmpty();
        assertThat(result.connected()).isEqualTo(12);
        assertThat(result.seen().dropped()).isZero();
        assertThat(result.seen().deltas()).isGreaterThan(12);
        assertThat(result.verified()).isEqualTo(5);
        assertThat(result.load().accepted()).isEqualTo(320);
        assertThat(result.freshnessMillis(50)).isBetween(0.0, 250.0);
        assertThat(result.usage().serverMegabytes()).isGreaterThan(10);
        assertThat(result.toJson().fieldNames())
                .toIterable()
                .startsWith(
                        "viewers",
                        "connected",
                        "frames_per_second",
                        "freshness_p50_ms",
                        "freshness_p99_ms",
                        "dropped_viewers",
                        "server_rss_mb",
                        "cpu_cores");
        assertThat(result.toTable()).contains("12   of 12");
    }

    @Test
    void freshnessHasInItWhatFramesAreLate() throws Exception {
        dashboards.delay(Duration.ofMillis(400));
        LiveResult result = run();
        assertThat(result.wrong()).isEmpty();
        assertThat(result.freshnessMillis(0)).isGreaterThanOrEqualTo(390);
    }

    @Test
    void anEventThatNoViewerIsToldOfIsFound() throws Exception {
        dashboards.hide(1);
        assertThat(run().wrong()).isNotEmpty().anyMatch(each -> each.contains("the picture of"));
    }

    @Test
    void aPictureThatDiffersFromAPlainRequestIsFound() throws Exception {
        dashboards.distort();
        assertThat(run().wrong())
                .isNotEmpty()
                .allMatch(each -> each.contains("differs from a plain request: /widgets/1"));
    }

    @Test
    void viewersOfOneDashboardWhoAreToldDifferentThingsAreFound() throws Exception {
        dashboards.contradict();
        assertThat(run().wrong()).anyMatch(each -> each.contains("different changes"));
    }

    @Test
    void viewersWhoAreDroppedAndRefusedAreCountedByReason() throws Exception {
        dashboards.refuse(2);
        LiveResult result = run();
        assertThat(result.connected()).isEqualTo(10);
        assertThat(result.seen().goneByReason()).containsEntry("refused: 503 overloaded", 2);
        assertThat(result.seen().dropped()).isZero();
        assertThat(result.wrong()).isEmpty();
    }

    @Test
    void aStreamThatEndsInTheWindowIsADroppedViewer() throws Exception {
        dashboards.delay(Duration.ofMillis(600));
        dashboards.drop(3);
        LiveResult result = run();
        assertThat(result.seen().dropped()).isEqualTo(3);
        assertThat(result.seen().goneByReason()).containsEntry("ended by the server", 3);
    }
}
