package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.SettableTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long LEAST = LiveSettings.DEFAULTS.leastPause().toNanos();
    private static final long MOST = LiveSettings.DEFAULTS.mostPause().toNanos();

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final Pace pace = new Pace(time, LiveSettings.DEFAULTS, 4);

    @Test
    void staysAtTheShortestWhileThereIsRoom() {
        for (int second = 0; second < 10; second++) {
            pace.spend(Duration.ofMillis(200).toNanos(), 1_000);
            pass();
        }
        assertThat(pace.pauseNanos()).isEqualTo(LEAST);
    }

    @Test
    void takesItsTimeUnderLoadAndHurriesAgainAfterwards() {
        for (int second = 0; second < 10; second++) {
            double share = (double) LEAST / pace.pauseNanos();
            pace.spend((long) (share * Duration.ofMillis(1_000).toNanos()), (int) (share * 50_000));
            pass();
        }
        assertThat(pace.pauseNanos()).isBetween(LEAST * 3 / 2, MOST);
        for (int second = 0; second < 10; second++) {
            pace.spend(Duration.ofSeconds(9).toNanos(), 0);
            pass();
        }
        assertThat(pace.pauseNanos()).isEqualTo(MOST);
        for (int second = 0; second < 10; second++) {
            pass();
        }
        assertThat(pace.pauseNanos()).isEqualTo(LEAST);
    }

    private void pass() {
        time.advance(Duration.ofSeconds(1));
        pace.review();
    }
}
