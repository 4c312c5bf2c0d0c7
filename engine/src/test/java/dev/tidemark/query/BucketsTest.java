package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BucketsTest {

    @Test
    void givesTheDayOfTheSpringChange23HoursAndOfTheAutumnChange25() {
        assertThat(times("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", Interval.HOUR, "Europe/Berlin"))
                .hasSize(23);
        assertThat(times("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", Interval.HOUR, "Europe/Berlin"))
                .hasSize(25);
        assertThat(times("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", Interval.DAY, "Europe/Berlin"))
                .containsExactly("2025-10-26T00:00+02:00");
    }

    @Test
    void showsTheRepeatedHourAsTwo() {
        assertThat(times("2025-10-26T00:00:00Z", "2025-10-26T02:00:00Z", Interval.HOUR, "Europe/Berlin"))
                .containsExactly("2025-10-26T02:00+02:00", "2025-10-26T02:00+01:00");
        assertThat(times("2025-04-05T14:00:00Z", "2025-04-05T16:30:00Z", Interval.HOUR, "Australia/Lord_Howe"))
                .containsExactly("2025-04-06T01:00+11:00", "2025-04-06T01:30+10:30", "2025-04-06T02:00+10:30");
    }

    @Test
    void startsADayWithoutMidnightAtOne() {
        assertThat(times("2018-11-03T03:00:00Z", "2018-11-05T02:00:00Z", Interval.DAY, "America/Sao_Paulo"))
                .containsExactly("2018-11-03T00:00-03:00", "2018-11-04T01:00-02:00");
    }

    @Test
    void cutsHoursWhereTheLocalClockShowsThem() {
        assertThat(times("2025-07-01T00:00:00Z", "2025-07-01T01:00:00Z", Interval.HOUR, "Asia/Kathmandu"))
                .containsExactly("2025-07-01T05:00+05:45", "2025-07-01T06:00+05:45");
    }

    @Test
    void startsWeeksWhereTheTenantDoes() {
        TimeRange range = range("2026-03-04T00:00:00Z", "2026-03-10T00:00:00Z");
        assertThat(Buckets.cut(range, Interval.WEEK, ZoneId.of("UTC"), DayOfWeek.MONDAY).edges().stream()
                        .map(Instant::ofEpochMilli))
                .containsExactly(
                        Instant.parse("2026-03-02T00:00:00Z"),
                        Instant.parse("2026-03-09T00:00:00Z"),
                        Instant.parse("2026-03-16T00:00:00Z"));
        assertThat(Buckets.cut(range, Interval.WEEK, ZoneId.of("UTC"), DayOfWeek.SUNDAY)
                        .time(0))
                .isEqualTo("2026-03-01T00:00:00Z");
    }

    @Test
    void marksBucketsWhoseEndLiesInTheFuture() {
        Buckets buckets = Buckets.cut(
                range("2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z"),
                Interval.DAY,
                ZoneId.of("UTC"),
                DayOfWeek.MONDAY);
        assertThat(buckets.firstEndingAfter(Instant.parse("2026-03-03T00:00:00Z")))
                .isEqualTo(2);
        assertThat(buckets.firstEndingAfter(Instant.parse("2026-03-02T23:59:59Z")))
                .isEqualTo(1);
        assertThat(buckets.firstEndingAfter(Instant.parse("2026-03-05T00:00:00Z")))
                .isEqualTo(4);
        assertThat(buckets.firstEndingAfter(Instant.parse("2026-02-01T00:00:00Z")))
                .isZero();
    }

    @Test
    void comparesAMonthWithAShorterOneDayByDay() {
        TimeRange march = range("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        ZoneId zone = ZoneId.of("UTC");
        Buckets days = Buckets.cut(march, Interval.DAY, zone, DayOfWeek.MONDAY);
        Buckets february = days.movedBack(Shift.of(Comparison.MONTH, march, zone, Interval.DAY));
        assertThat(february.size()).isEqualTo(28);
        assertThat(february.range()).isEqualTo(range("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"));
        Buckets before = days.movedBack(Shift.of(Comparison.PREVIOUS_PERIOD, march, zone, Interval.DAY));
        assertThat(before.range()).isEqualTo(range("2026-01-29T00:00:00Z", "2026-03-01T00:00:00Z"));
        assertThat(before.size()).isEqualTo(31);
    }

    @Test
    void comparesMonthsWithWhatLiesTheSameDaysBeforeThem() {
        TimeRange spring = range("2026-03-31T00:00:00Z", "2026-04-20T00:00:00Z");
        ZoneId zone = ZoneId.of("UTC");
        Buckets months = Buckets.cut(spring, Interval.MONTH, zone, DayOfWeek.MONDAY);
        Buckets weekBefore = months.movedBack(Shift.of(Comparison.WEEK, spring, zone, Interval.MONTH));
        assertThat(weekBefore.range()).isEqualTo(range("2026-03-24T00:00:00Z", "2026-04-13T00:00:00Z"));
        assertThat(weekBefore.edges().stream().map(Instant::ofEpochMilli))
                .containsExactly(
                        Instant.parse("2026-02-22T00:00:00Z"),
                        Instant.parse("2026-03-25T00:00:00Z"),
                        Instant.parse("2026-04-24T00:00:00Z"));
    }

    private static TimeRange range(String start, String end) {
        return new TimeRange(Instant.parse(start), Instant.parse(end));
    }

    private static List<String> times(String start, String end, Interval interval, String zone) {
        Buckets buckets = Buckets.cut(range(start, end), interval, ZoneId.of(zone), DayOfWeek.MONDAY);
        return buckets.edges().subList(0, buckets.size()).stream()
                .map(edge -> Instant.ofEpochMilli(edge)
                        .atZone(ZoneId.of(zone))
                        .toOffsetDateTime()
                        .toString())
                .toList();
    }
}
