package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AsciiPatchTest {
    private final byte[] target = new byte[40];
    private final AsciiPatch.Day day = new AsciiPatch.Day();

    private String text(int from, int width) {
        return new String(target, from, width, StandardCharsets.US_ASCII);
    }

    @Test
    void writesTimesAsTheStandardLibraryDoes() {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            long millis = random.nextLong(4_102_444_800_000L);
            AsciiPatch.time(target, 2, millis, day);
            assertThat(text(2, AsciiPatch.TIME_WIDTH)).isEqualTo(format.format(Instant.ofEpochMilli(millis)));
        }
    }

    @Test
    void writesNumbersWithLeadingZerosAndCutsThemAtTheFront() {
        AsciiPatch.decimal(target, 0, 42, 6);
        assertThat(text(0, 6)).isEqualTo("000042");
        AsciiPatch.decimal(target, 0, 1_234_567, 6);
        assertThat(text(0, 6)).isEqualTo("234567");
    }

    @Test
    void writesTheHighestHexDigitsFirst() {
        AsciiPatch.hex(target, 0, 0x0123_4567_89AB_CDEFL, 60, 16);
        assertThat(text(0, 16)).isEqualTo("0123456789abcdef");
    }
}
