package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-31, 2026-01-31T00:00:00Z",
        "2026-01-31T09:30, 2026-01-31T09:30:00Z",
        "2026-01-31 09:30:15, 2026-01-31T09:30:15Z",
        "2026-01-31T09:30:15.1Z, 2026-01-31T09:30:15.100Z",
        "2026-01-31T09:30:15.123456789Z, 2026-01-31T09:30:15.123Z",
        "2026-01-31T09:30:15+02:00, 2026-01-31T07:30:15Z",
        "2026-01-31T09:30:15-0530, 2026-01-31T15:00:15Z",
        "2026-01-31t09:30:15+02, 2026-01-31T07:30:15Z",
        "2016-12-31T23:59:60Z, 2016-12-31T23:59:59Z",
        "2024-02-29, 2024-02-29T00:00:00Z",
    })
    void readsTheFormsOfIso8601(String text, Instant expected) {
        assertThat(Timestamps.parse(text)).isEqualTo(expected.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-1-1",
                "2026-13-01",
                "2026-02-29",
                "2026-01-31T",
                "2026-01-31T9:30",
                "2026-01-31T24:00",
                "2026-01-31T09:60",
                "2026-01-31T09:30:61",
                "2026-01-31T09:30:15.",
                "2026-01-31T09:30:15.1234567890Z",
                "2026-01-31T09:30:15+19:00",
                "2026-01-31T09:30:15+2",
                "2026-01-31T09:30:15Zx",
                "2026-01-31T09:30:15 Z",
                "31.01.2026 09:30",
                "٢٠٢٦-٠١-٠١",
                "2026-01-31T09:30:15+02:00:00"
            })
    void refusesOthers(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(Timestamps.UNREADABLE);
    }

    @Test
    void agreesWithTheLibraryOfTheLanguage() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochMilli(random.nextLong(0, 4_291_747_199_999L));
            assertThat(Timestamps.parse(time.toString())).isEqualTo(time.toEpochMilli());
            String zoned = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                    time.atOffset(ZoneOffset.ofHoursMinutes(random.nextInt(18), random.nextInt(60))));
            assertThat(Timestamps.parse(zoned)).as(zoned).isEqualTo(time.toEpochMilli());
            assertThat(Instant.parse(Timestamps.format(time.toEpochMilli())))
                    .isEqualTo(time.truncatedTo(ChronoUnit.MILLIS));
        }
    }
}
