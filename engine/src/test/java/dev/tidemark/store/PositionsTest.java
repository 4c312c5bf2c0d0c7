package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");

    private final Positions positions = new Positions();

    @Test
    void knowsNothingBeforeTheFirstEvent() {
        assertThat(positions.of(ACME)).isEqualTo(-1);
        assertThat(positions.lastTouch(ACME, 0, Long.MAX_VALUE)).isEqualTo(-1);
    }

    @Test
    void tellsWhichOffsetTouchedARangeLast() {
        positions.advance(ACME, 10, at("2026-03-01T10:00:00Z"), at("2026-03-02T10:00:00Z"));
        positions.advance(ACME, 20, at("2026-03-05T00:00:00Z"), at("2026-03-05T23:59:59.999Z"));

        assertThat(positions.of(ACME)).isEqualTo(20);
        assertThat(touch("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")).isEqualTo(10);
        assertThat(touch("2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z")).isEqualTo(-1);
        assertThat(touch("2026-03-03T00:00:00Z", "2026-03-05T00:00:00.001Z")).isEqualTo(20);
        assertThat(touch("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).isEqualTo(20);
        assertThat(positions.of(OTHER)).isEqualTo(-1);
    }

    @Test
    void neverMovesBack() {
        positions.advance(ACME, 20, at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z"));
        positions.advance(ACME, 10, at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z"));
        assertThat(positions.of(ACME)).isEqualTo(20);
        assertThat(touch("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")).isEqualTo(20);
    }

    @Test
    void treatsEveryDayAsTouchedOnceThereAreTooManyToRemember() {
        long day = 86_400_000L;
        for (int i = 0; i < 5000; i++) {
            positions.advance(ACME, i, i * day, i * day);
        }
        assertThat(positions.lastTouch(ACME, 0, day)).isGreaterThanOrEqualTo(4096);
        positions.advance(ACME, 9000, 0, 20_000 * day);
        assertThat(positions.lastTouch(ACME, 7777 * day, 7778 * day)).isEqualTo(9000);
    }

    @Test
    void tellsMinutesApartThatLieBetweenThoseOfOneBlock() {
        positions.advance(
                ACME, 10, List.of(times("2026-03-01T10:00:00Z", "2026-03-01T10:59:30Z", "2026-03-01T10:00:59Z")));
        assertThat(touch("2026-03-01T10:01:00Z", "2026-03-01T10:59:00Z")).isEqualTo(-1);
        assertThat(touch("2026-03-01T10:01:00Z", "2026-03-01T10:59:00.001Z")).isEqualTo(10);
        assertThat(touch("2026-03-01T09:00:00Z", "2026-03-01T10:00:00.001Z")).isEqualTo(10);
        assertThat(touch("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverForgetsATouchAndSeldomInventsOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long now = at("2026-03-01T00:00:00Z");
        TreeMap<Long, Long> touched = new TreeMap<>();
        for (int offset = 0; offset < 3_000; offset++) {
            now += random.nextLong(120_000);
            TouchedTimes.Collector times = new TouchedTimes.Collector();
            for (int event = random.nextInt(4); event >= 0; event--) {
                long span = random.nextInt(20) == 0 ? 86_400_000L * 40 : 60_000L;
                long millis = now - random.nextLong(span);
                times.add(millis);
                touched.merge(millis, (long) offset, Math::max);
            }
            positions.advance(ACME, offset, List.of(times.times()));
            long from = now - random.nextLong(86_400_000L * 3);
            long to = from + 1 + random.nextLong(7_200_000);
            long right = touched.subMap(from, to).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(-1);
            assertThat(positions.lastTouch(ACME, from, to)).as("seed " + seed).isGreaterThanOrEqualTo(right);
        }
        long lastHour = Math.floorDiv(now, 60_000L) * 60_000L - 3_600_000L;
        for (long minute = lastHour; minute < now; minute += 60_000L) {
            long right = touched.subMap(minute, minute + 60_000L).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(-1);
            assertThat(positions.lastTouch(ACME, minute, minute + 60_000L))
                    .as("seed " + seed)
                    .isEqualTo(right);
        }
    }

    @Test
    void becomesCoarserWithManyTimes() {
        TouchedTimes.Collector times = new TouchedTimes.Collector();
        long first = at("2026-03-01T00:00:00Z");
        for (int minute = 0; minute <= TouchedTimes.MOST; minute++) {
            times.add(first + minute * 60_000L);
        }
        assertThat(times.times().unit()).isEqualTo(TouchedTimes.Unit.HOUR);
        assertThat(times.times().numbers()).hasSize(2);
        for (int hour = 0; hour <= TouchedTimes.MOST; hour++) {
            times.add(first + hour * 3_600_000L);
        }
        assertThat(times.times().unit()).isEqualTo(TouchedTimes.Unit.DAY);
        assertThat(times.times().numbers()).hasSize(3);
        for (int day = 0; day < 5_000; day++) {
            times.add(first + day * 86_400_000L);
        }
        assertThat(times.times()).isEqualTo(new TouchedTimes(TouchedTimes.Unit.EVER, List.of()));
        positions.advance(ACME, 5, List.of(times.times()));
        assertThat(touch("1999-01-01T00:00:00Z", "1999-01-02T00:00:00Z")).isEqualTo(5);
    }

    private static TouchedTimes times(String... moments) {
        TouchedTimes.Collector times = new TouchedTimes.Collector();
        for (String moment : moments) {
            times.add(at(moment));
        }
        return times.times();
    }

    private long touch(String from, String to) {
        return positions.lastTouch(ACME, at(from), at(to));
    }

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
