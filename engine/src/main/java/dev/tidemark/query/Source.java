package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Reading;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where a question is answered from. Every source that can answer one gives the same numbers. */
enum Source {
    EVENTS(Table.EVENTS, "toUnixTimestamp64Milli(ts)", "toDate(ts)"),
    /** Covers whole minutes of UTC, of the last days only. */
    ROLLUP_MINUTE(Table.ROLLUP_MINUTE, "(toInt64(toUnixTimestamp(bucket)) * 1000)", "toDate(bucket)"),
    /** Covers whole hours of UTC. */
    ROLLUP_HOUR(Table.ROLLUP_HOUR, "(toInt64(toUnixTimestamp(bucket)) * 1000)", "toDate(bucket)");

    private final Table table;
    private final String millis;
    private final String dayOfUtc;

    Source(Table table, String millis, String dayOfUtc) {
        this.table = table;
        this.millis = millis;
        this.dayOfUtc = dayOfUtc;
    }

    /** Event time as Unix milliseconds, an SQL expression; of a rollup the start of its bucket. */
    String millis() {
        return millis;
    }

    /** The day of UTC on which an event happened, an SQL expression. */
    String dayOfUtc() {
        return dayOfUtc;
    }

    boolean isRollup() {
        return table.isRollup();
    }

    /** Starts a select of the tenant's events in the range of buckets. */
    Select.Builder select(Parameters parameters, Buckets buckets) {
        return select(parameters, buckets.range());
    }

    /**
     * Starts a select of the tenant's events in a range. Days come first in the table's order of events; where the range is of whole ones
     * nothing else of an event's time is read. Few functions, since the engine plans each of them anew.
     */
    Select.Builder select(Parameters parameters, TimeRange range) {
        Select.Builder select = Select.from(new Reading(table, range.startMillis(), range.endMillis()), parameters);
        Instant start = storable(range.start());
        Instant end = storable(range.end());
        if (!start.isBefore(end)) {
            return select.within("false");
        }
        if (isRollup()) {
            return select.within("bucket >= " + parameters.second(start)).within("bucket < " + parameters.second(end));
        }
        select.within("toDate(ts) >= " + parameters.day(date(start)))
                .within("toDate(ts) <= " + parameters.day(date(end.minusMillis(1))));
        if (!isMidnight(start)) {
            select.within("ts >= " + parameters.moment(start));
        }
        if (!isMidnight(end)) {
            select.within("ts < " + parameters.moment(end));
        }
        return select;
    }

    /** The nearest moment that the store can tell apart from others; no event is outside of those. */
    private static Instant storable(Instant moment) {
        return moment.isBefore(TimeRange.FIRST)
                ? TimeRange.FIRST
                : moment.isAfter(TimeRange.LAST) ? TimeRange.LAST : moment;
    }

    private static LocalDate date(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static boolean isMidnight(Instant moment) {
        return moment.toEpochMilli() % Interval.MILLIS_PER_DAY == 0;
    }
}
