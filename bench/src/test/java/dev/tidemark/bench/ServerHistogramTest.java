package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

final class ServerHistogramTest {
    private static final String BEFORE = """
            # TYPE tidemark_live_freshness_seconds histogram
            tidemark_live_freshness_seconds_bucket{le="0.1"} 4
            tidemark_live_freshness_seconds_bucket{le="0.2"} 4
            tidemark_live_freshness_seconds_bucket{le="+Inf"} 4
            tidemark_live_freshness_seconds_count 4
            """;
    private static final String AFTER = """
            tidemark_live_freshness_seconds_bucket{le="0.1"} 6
            tidemark_live_freshness_seconds_bucket{le="0.2"} 12
            tidemark_live_freshness_seconds_bucket{le="+Inf"} 14
            tidemark_live_refresh_seconds_bucket{le="0.1"} 99
            """;
    private static final String NAME = "tidemark_live_freshness_seconds";

    @Test
    void tellsQuantilesOfWhatCameSince() {
        ServerHistogram since = ServerHistogram.read(AFTER, NAME).since(ServerHistogram.read(BEFORE, NAME));
        assertThat(since.count()).isEqualTo(10);
        assertThat(since.quantile(0.1)).isEqualTo(0.05, Assertions.within(1e-9));
        assertThat(since.quantile(0.5)).isEqualTo(0.15, Assertions.within(1e-9));
        assertThat(since.quantile(0.99)).isEqualTo(0.2, Assertions.within(1e-9));
    }

    @Test
    void isEmptyWhereTheServerTellsNothing() {
        assertThat(ServerHistogram.read("", NAME).quantile(0.5)).isZero();
    }
}
