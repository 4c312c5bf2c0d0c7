package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Reading;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;

/** Where a question is answered from. Every source that can answer one gives the same numbers. */
enum Source {
    EVENTS(Table.EVENTS, "toUnixTimestamp64Milli(ts)"),
    /** Covers whole minutes of UTC, of the last days only. */
    ROLLUP_MINUTE(Table.ROLLUP_MINUTE, "(toInt64(toUnixTimestamp(bucket)) * 1000)"),
    /** Covers whole hours of UTC. */
    ROLLUP_HOUR(Table.ROLLUP_HOUR, "(toInt64(toUnixTimestamp(bucket)) * 1000)");

    private final Table table;
    private final String millis;

    Source(Table table, String millis) {
        this.table = table;
        this.millis = millis;
    }

    /** Event time as Unix milliseconds, an SQL expression; of a rollup the start of its bucket. */
    String millis() {
        return millis;
    }

    boolean isRollup() {
        return this != EVENTS;
    }

    /** Starts a select of the tenant's events in the range of buckets. */
    Select.Builder select(Parameters parameters, Buckets buckets) {
        return select(parameters, buckets.range());
    }

    /** Starts a select of the tenant's events in a range. */
    Select.Builder select(Parameters parameters, TimeRange range) {
        Select.Builder select = Select.from(new Reading(table, range.startMillis(), range.endMillis()), parameters);
        String start = parameters.integer(range.startMillis());
        String end = parameters.integer(range.endMillis());
        if (isRollup()) {
            return select.where("bucket >= toDateTime(intDiv(" + start + ", 1000), 'UTC')")
                    .where("bucket < toDateTime(intDiv(" + end + ", 1000), 'UTC')");
        }
        // The days come first in the table's order, and the engine does not infer them from the milliseconds.
        return select.where("toDate(ts) >= toDate(fromUnixTimestamp64Milli(" + start + ", 'UTC'))")
                .where("toDate(ts) <= toDate(fromUnixTimestamp64Milli(" + end + " - 1, 'UTC'))")
                .where("ts >= fromUnixTimestamp64Milli(" + start + ", 'UTC')")
                .where("ts < fromUnixTimestamp64Milli(" + end + ", 'UTC')");
    }
}
