package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ZipfSamplerTest {

    @Test
    void drawsEachRankAsOftenAsTheLawSays() {
        int ranks = 50;
        int draws = 500_000;
        ZipfSampler sampler = new ZipfSampler(ranks, 1.2);
        SplittableRandom random = new SplittableRandom(11);
        int[] counts = new int[ranks];
        for (int i = 0; i < draws; i++) {
            counts[sampler.next(random)]++;
        }
        double total = 0;
        for (int rank = 1; rank <= ranks; rank++) {
            total += Math.pow(rank, -1.2);
        }
        for (int rank = 0; rank < ranks; rank++) {
            double expected = draws * Math.pow(rank + 1.0, -1.2) / total;
            assertThat((double) counts[rank]).isCloseTo(expected, within(6 * Math.sqrt(expected)));
        }
    }

    @Test
    void drawsFromASingleRank() {
        assertThat(new ZipfSampler(1, 1).next(new SplittableRandom(1))).isZero();
    }

    @Test
    void refusesNoRanks() {
        assertThatThrownBy(() -> new ZipfSampler(0, 1)).hasMessageContaining("ranks");
    }
}
