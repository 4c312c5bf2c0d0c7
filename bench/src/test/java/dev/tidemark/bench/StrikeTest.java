package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class StrikeTest {

    @Test
    void repeatsForTheSameSeedOnly() {
        assertThat(Strike.plan(5, 20)).isEqualTo(Strike.plan(5, 20)).isNotEqualTo(Strike.plan(6, 20));
    }

    @Test
    void strikesEveryTargetInThreeRoundsOfNormalRunning() {
        for (long seed = 0; seed < 200; seed++) {
            Set<Strike.Target> targets = Strike.plan(seed, 20).stream()
                    .filter(strike -> !strike.duringStart())
                    .limit(3)
                    .map(Strike::target)
                    .collect(Collectors.toSet());
            assertThat(targets).as("seed %d", seed).containsExactlyInAnyOrder(Strike.Target.values());
        }
    }

    @Test
    void strikesARecoveryOnlyWhereAServerWasJustStarted() {
        long duringStart = 0;
        for (long seed = 0; seed < 200; seed++) {
            List<Strike> plan = Strike.plan(seed, 20);
            assertThat(plan).hasSize(20);
            assertThat(plan.getFirst().duringStart()).isFalse();
            for (int round = 1; round < plan.size(); round++) {
                if (plan.get(round).duringStart()) {
                    duringStart++;
                    assertThat(plan.get(round - 1).target().server()).isTrue();
                }
            }
        }
        assertThat(duringStart).isBetween(200L, 1000L);
    }
}
