package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private static final Questions.Range RANGE =
            new Questions.Range(Instant.parse("2026-03-01T10:20:30Z"), Instant.parse("2026-03-02T00:00:00Z"));

    @Test
    void widensToWholeUnitsAndLeavesWholeOnesAlone() {
        assertThat(RANGE.widenedTo(ChronoUnit.HOURS))
                .isEqualTo(new Questions.Range(Instant.parse("2026-03-01T10:00:00Z"), RANGE.end()));
        assertThat(RANGE.widenedTo(ChronoUnit.DAYS).widenedTo(ChronoUnit.DAYS))
                .isEqualTo(new Questions.Range(Instant.parse("2026-03-01T00:00:00Z"), RANGE.end()));
        assertThat(new Questions.Range(RANGE.start(), RANGE.start())
                        .widenedTo(ChronoUnit.MINUTES)
                        .end())
                .isEqualTo(Instant.parse("2026-03-01T10:21:00Z"));
    }

    @Test
    void countsOverARangeThatNoRollupCovers() {
        assertThat(Questions.count(RANGE, List.of("a", "b")).toString())
                .isEqualTo("{\"type\":\"metric\",\"range\":{\"start_time\":\"2026-03-01T10:19:59.999Z\","
                        + "\"end_time\":\"2026-03-02T00:00:00Z\"},\"zone\":\"UTC\","
                        + "\"measures\":[{\"name\":\"count\",\"measure\":\"events\",\"event\":[\"a\",\"b\"]}]}");
    }
}
