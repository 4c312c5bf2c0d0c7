package dev.tidemark.query;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How far back the range lies that another is compared with. */
sealed interface Shift {

    /** By calendar units of the zone: the same local time, days or months earlier. */
    record Calendar(Period period) implements Shift {}

    /** By an exact duration. */
    record Exact(long millis) implements Shift {}

    /**
     * The shift that a comparison means. The previous period is as long as this one: in whole months where a monthly range
     * runs from a first of a month to another, in whole days where it ends at the local time at which it starts, else to the
     * millisecond.
     */
    static Shift of(Comparison comparison, TimeRange range, ZoneId zone, @Nullable Interval interval) {
        return switch (comparison) {
            case WEEK -> new Calendar(Period.ofWeeks(1));
            case MONTH -> new Calendar(Period.ofMonths(1));
            case YEAR -> new Calendar(Period.ofYears(1));
            case PREVIOUS_PERIOD -> previousPeriod(range, zone, interval);
        };
    }

    private static Shift previousPeriod(TimeRange range, ZoneId zone, @Nullable Interval interval) {
        ZonedDateTime start = range.start().atZone(zone);
        ZonedDateTime end = range.end().atZone(zone);
        if (interval == Interval.MONTH && startsMonth(start) && startsMonth(end)) {
            return new Calendar(
                    Period.ofMonths((int) ChronoUnit.MONTHS.between(start.toLocalDate(), end.toLocalDate())));
        }
        long days = ChronoUnit.DAYS.between(start.toLocalDate(), end.toLocalDate());
        return days > 0 && start.toLocalTime().equals(end.toLocalTime())
                ? new Calendar(Period.ofDays((int) days))
                : new Exact(range.endMillis() - range.startMillis());
    }

    private static boolean startsMonth(ZonedDateTime time) {
        return time.getDayOfMonth() == 1 && time.toLocalTime().equals(LocalTime.MIDNIGHT);
    }

    /** The range moved back; as long as it was where a shorter month would leave nothing of it. */
    default TimeRange back(TimeRange range, ZoneId zone) {
        return switch (this) {
            case Exact exact ->
                new TimeRange(
                        range.start().minusMillis(exact.millis()), range.end().minusMillis(exact.millis()));
            case Calendar calendar -> {
                Instant start = back(range.start(), zone, calendar.period());
                Instant end = back(range.end(), zone, calendar.period());
                yield new TimeRange(
                        start, end.isAfter(start) ? end : start.plus(Duration.between(range.start(), range.end())));
            }
        };
    }

    static Instant back(Instant instant, ZoneId zone, Period period) {
        return instant.atZone(zone).minus(period).toInstant();
    }
}
