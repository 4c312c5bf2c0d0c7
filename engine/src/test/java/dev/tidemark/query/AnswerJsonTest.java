package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnswerJsonTest {
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Asia/Kathmandu"), ZoneId.of("America/St_Johns"));

    @Test
    void timesAreWrittenAsTheStandardFormatterWritesThem() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 2_000; i++) {
            long seconds = i % 7 == 0
                    ? random.nextLong(-80_000_000_000L, 280_000_000_000L)
                    : random.nextLong(4_000_000_000L) / 60 * (i % 2 == 0 ? 60 : 1);
            Instant instant = Instant.ofEpochSecond(seconds, i % 5 == 0 ? random.nextInt(1_000) * 1_000_000L : 0);
            ZoneId zone = ZONES.get(i % ZONES.size());
            assertThat(AnswerJson.time(instant, zone))
                    .isEqualTo(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone)));
        }
    }
}
