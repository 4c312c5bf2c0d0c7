package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ResultTest {

    private static LoadResult result(long start, long end, int fromMicros, int toMicros) {
        Histogram latency = new Histogram(LoadLoop.HIGHEST_MICROS, 3);
        for (int micros = fromMicros; micros <= toMicros; micros++) {
            latency.recordValue(micros);
        }
        long requests = latency.getTotalCount();
        return new LoadResult(start, end, requests, requests * 10, 1, latency);
    }

    @Test
    void mergesThreadsOverTheWholeTimeAndAllLatencies() {
        LoadResult merged = LoadResult.merge(List.of(result(5, 90, 1, 500), result(3, 80, 501, 1000)));
        assertThat(merged.startNanos()).isEqualTo(3);
        assertThat(merged.lastAckNanos()).isEqualTo(90);
        assertThat(merged.requests()).isEqualTo(1000);
        assertThat(merged.accepted()).isEqualTo(10_000);
        assertThat(merged.refusals()).isEqualTo(2);
        assertThat(merged.ackMillis(50)).isCloseTo(0.5, within(0.001));
        assertThat(merged.ackMillis(99)).isCloseTo(0.99, within(0.001));
        assertThat(merged.ackMillis(100)).isCloseTo(1.0, within(0.001));
    }

    @Test
    void printsExactlyTheSevenNumbers() {
        IngestResult result = new IngestResult(
                100_000.04, 1.23456, 9.87, 250.1, 2_000_000, 2_000_000, 41.234, 20, 0.5, 30, 120, 400, 0, 390, true);
        assertThat(result.toJson().toString())
                .isEqualTo(
                        "{\"events_per_second\":100000.0,\"ack_p50_ms\":1.235,\"ack_p99_ms\":9.87,"
                                + "\"queryable_p99_ms\":250.1,\"accepted\":2000000,\"stored\":2000000,\"bytes_per_event\":41.23}");
        assertThat(result.toTable()).contains("2,000,000").contains("catch-up").doesNotContain("still running");
    }
}
