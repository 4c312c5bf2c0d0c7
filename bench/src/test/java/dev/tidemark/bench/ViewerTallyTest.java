package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ViewerTallyTest {
    private static final long MILLI = 1_000_000;

    private final ViewerTally tally = new ViewerTally();

    ViewerTallyTest() {
        tally.open(1_000 * MILLI);
        tally.close(2_000 * MILLI);
    }

    @Test
    void countsFramesOfTheWindowOnly() {
        tally.delta(999 * MILLI, 10);
        tally.delta(1_000 * MILLI, 20);
        tally.snapshot(2_000 * MILLI, 40);
        tally.delta(2_001 * MILLI, 10);
        assertThat(tally.deltas()).isEqualTo(1);
        assertThat(tally.snapshots()).isEqualTo(1);
        assertThat(tally.bytesPerFrame()).isEqualTo(30);
    }

    @Test
    void freshnessIsThatOfEventsOfTheWindowHoweverLateTheirFrames() {
        tally.fresh(1_100 * MILLI, 900 * MILLI);
        tally.fresh(5_000 * MILLI, 1_500 * MILLI);
        tally.fresh(1_600 * MILLI, 1_590 * MILLI);
        tally.fresh(2_500 * MILLI, 2_400 * MILLI);
        assertThat(tally.freshnessMicros().getTotalCount()).isEqualTo(2);
        assertThat(tally.freshnessMicros().getMinValue()).isBetween(9_900L, 10_100L);
        assertThat(tally.freshnessMicros().getMaxValue()).isBetween(3_490_000L, 3_510_000L);
    }

    @Test
    void aFrameThatIsFasterThanThe202IsFreshAtOnce() {
        tally.fresh(1_500 * MILLI, AckLog.NOT_YET);
        tally.fresh(1_500 * MILLI, 1_501 * MILLI);
        assertThat(tally.freshnessMicros().getTotalCount()).isEqualTo(2);
        assertThat(tally.freshnessMicros().getMaxValue()).isZero();
    }

    @Test
    void aViewerIsDroppedWhenItHadAPictureAndTheWindowHadBegun() {
        tally.gone("refused", false, 1_500 * MILLI);
        tally.gone("broken", true, 900 * MILLI);
        tally.gone("broken", true, 1_500 * MILLI);
        tally.gone("end: revoked", true, 2_500 * MILLI);
        assertThat(tally.dropped()).isEqualTo(2);
        assertThat(tally.goneByReason())
                .containsOnlyKeys("refused", "broken", "end: revoked")
                .containsEntry("broken", 2);
    }
}
