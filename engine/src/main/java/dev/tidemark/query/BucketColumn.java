package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;

/**
 * The bucket that an event falls into, in SQL.
 *
 * @param start of the bucket, Unix milliseconds
 * @param key what rows are grouped by, the same for events of one bucket; the fewer bits it has, the quicker
 */
record BucketColumn(String start, String key) {
    private BucketColumn(String start) {
        this(start, start);
    }

    /** Of buckets between edges. Days of UTC are grouped by the date, which has 16 bits and stands in the table's order. */
    static BucketColumn of(Source source, List<Long> edges, Parameters parameters) {
        return EventTimes.areWholeDaysOfUtc(edges)
                ? new BucketColumn("toInt64(" + source.dayOfUtc() + ") * " + Interval.MILLIS_PER_DAY, source.dayOfUtc())
                : new BucketColumn(EventTimes.floor(source, edges, parameters));
    }

    /** The same of any expression of Unix milliseconds. */
    static BucketColumn of(String millis, List<Long> edges, Parameters parameters) {
        return new BucketColumn(EventTimes.floor(millis, edges, parameters));
    }

    /** Of an expression that is the start. */
    static BucketColumn of(String start) {
        return new BucketColumn(start);
    }

    /** Adds the start as a column and groups by it. */
    Select.Builder groups(Select.Builder select, String alias) {
        return select.column(start, alias).groupBy(key.equals(start) ? alias : key);
    }
}
