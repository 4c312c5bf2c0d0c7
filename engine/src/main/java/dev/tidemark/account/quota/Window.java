package dev.tidemark.account.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The calendar month of UTC that a moment is in. UTC and not the tenant's zone, because a zone can be changed, and a month would end
 * twice or be counted anew.
 */
record Window(YearMonth month, Instant start, Instant end) {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    static Window of(long millis) {
        YearMonth month = YearMonth.from(LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY)));
        return new Window(month, start(month), start(month.plusMonths(1)));
    }

    long seconds() {
        return Duration.between(start, end).toSeconds();
    }

    boolean has(long millis) {
        return millis >= start.toEpochMilli() && millis < end.toEpochMilli();
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
