package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SyntheticEventsTest {
    private static final Instant UNTIL = Instant.parse("2026-03-10T12:34:56Z");

    @Test
    void theInsertsTogetherMakeEveryEventOnce() {
        for (long events : new long[] {1, 999, 1_000_000, 20_000_003}) {
            List<SyntheticEvents.Insert> inserts = new SyntheticEvents(events, 1_000, 7, UNTIL).inserts(3_000_000);
            assertThat(inserts.stream()
                            .mapToLong(SyntheticEvents.Insert::events)
                            .sum())
                    .isEqualTo(events);
            assertThat(inserts).allSatisfy(insert -> assertThat(insert.events()).isBetween(1L, 3_000_000L));
        }
    }

    @Test
    void theSameSeedMakesTheSameStatementsAndAnotherOthers() {
        SyntheticEvents one = new SyntheticEvents(1_000, 50, 7, UNTIL);
        assertThat(one.inserts(500)).isEqualTo(new SyntheticEvents(1_000, 50, 7, UNTIL).inserts(500));
        assertThat(one.inserts(500)).isNotEqualTo(new SyntheticEvents(1_000, 50, 8, UNTIL).inserts(500));
    }

    @Test
    void onlyWhatTheRollupByMinuteKeepsIsLoadedThroughIt() {
        List<SyntheticEvents.Insert> inserts = new SyntheticEvents(1_000_000, 50, 7, UNTIL).inserts(1_000_000);
        assertThat(inserts.getFirst().old()).isTrue();
        assertThat(inserts.getLast().old()).isFalse();
    }
}
