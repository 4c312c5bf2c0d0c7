package dev.tidemark.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Reading;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many rows a statement may read, from the numbers of events by day, which the rollup by hour knows. They are remembered for
 * some minutes, because an estimate need not be right, only quick. Thread-safe.
 */
final class TenantVolumes {
    private static final int MOST_TENANTS = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final EventStore store;
    private final Cache<TenantId, NavigableMap<Long, Day>> volumes;

    TenantVolumes(EventStore store, TimeSource time) {
        this.store = store;
        this.volumes = Caffeine.newBuilder()
                .maximumSize(MOST_TENANTS)
                .expireAfterWrite(REMEMBERED)
                .ticker(time::nanos)
                .build();
    }

    private record Day(long events, long hourRows) {}

    /** How many events a tenant has in the days of a range. */
    long events(TenantId tenant, TimeRange range) {
        return rows(tenant, new Reading(Table.EVENTS, range.startMillis(), range.endMillis()));
    }

    /** Of all tables that it reads. */
    long rows(TenantId tenant, Select select) {
        long rows = 0;
        for (Reading reading : select.readings()) {
            if (reading.table() == Table.EVENTS || reading.table() == Table.ROLLUP_HOUR) {
                rows += rows(tenant, reading);
            }
        }
        return rows;
    }

    private long rows(TenantId tenant, Reading reading) {
        NavigableMap<Long, Day> days = volumes.get(tenant, this::ask);
        Map<Long, Day> read = days.subMap(
                Math.floorDiv(reading.fromMillis(), Interval.MILLIS_PER_DAY),
                true,
                Math.floorDiv(reading.toMillis() - 1, Interval.MILLIS_PER_DAY),
                true);
        long rows = 0;
        for (Day day : read.values()) {
            rows += reading.table() == Table.EVENTS ? day.events : day.hourRows;
        }
        return rows;
    }

    private NavigableMap<Long, Day> ask(TenantId tenant) {
        Parameters parameters = new Parameters(tenant);
        Rows rows = store.query(
                tenant,
                Select.from(Table.ROLLUP_HOUR, parameters)
                        .column("toInt64(toRelativeDayNum(bucket, 'UTC'))", "day")
                        .column("sum(events)", "events")
                        .column("count()", "hour_rows")
                        .groupBy("day")
                        .build());
        NavigableMap<Long, Day> days = new TreeMap<>();
        for (int row = 0; row < rows.size(); row++) {
            days.put(rows.longAt(row, 0), new Day(rows.longAt(row, 1), rows.longAt(row, 2)));
        }
        return days;
    }
}
