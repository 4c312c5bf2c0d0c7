package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each tenant's journal is in the store, and which days of event time were touched last by which offset. A result
 * computed at position p is still right when no day of its range was touched after p. Starts empty: a restarted server
 * has no results to judge. Thread-safe.
 */
public final class Positions {
    private static final int MAX_DAYS = 4096;
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private final Map<TenantId, TenantPosition> tenants = new ConcurrentHashMap<>();

    /** Records that events of the tenant up to the offset, with event times in the closed range, are visible in the store. */
    public void advance(TenantId tenant, long offset, long minTimestampMillis, long maxTimestampMillis) {
        tenants.computeIfAbsent(tenant, _ -> new TenantPosition())
                .advance(
                        offset,
                        Math.floorDiv(minTimestampMillis, MILLIS_PER_DAY),
                        Math.floorDiv(maxTimestampMillis, MILLIS_PER_DAY));
    }

    /** The highest offset of the tenant that is visible in the store; -1 before the first since the start. */
    public long of(TenantId tenant) {
        TenantPosition position = tenants.get(tenant);
        return position == null ? -1 : position.highest();
    }

    /** The highest offset that touched the half-open range of event time; -1 for none since the start. */
    public long lastTouch(TenantId tenant, long fromMillis, long toMillis) {
        TenantPosition position = tenants.get(tenant);
        return position == null
                ? -1
                : position.lastTouch(
                        Math.floorDiv(fromMillis, MILLIS_PER_DAY), Math.floorDiv(toMillis - 1, MILLIS_PER_DAY));
    }

    private static final class TenantPosition {
        private final TreeMap<Long, Long> touchedDays = new TreeMap<>();
        private long highest = -1;
        private long everyDay = -1;

        synchronized void advance(long offset, long firstDay, long lastDay) {
            highest = Math.max(highest, offset);
            if (lastDay - firstDay >= MAX_DAYS) {
                everyDay = Math.max(everyDay, offset);
                return;
            }
            for (long day = firstDay; day <= lastDay; day++) {
                touchedDays.merge(day, offset, Math::max);
            }
            if (touchedDays.size() > MAX_DAYS) {
                everyDay = highest;
                touchedDays.clear();
            }
        }

        synchronized long highest() {
            return highest;
        }

        synchronized long lastTouch(long firstDay, long lastDay) {
            long last = everyDay;
            for (long offset : touchedDays.subMap(firstDay, true, lastDay, true).values()) {
                last = Math.max(last, offset);
            }
            return last;
        }
    }
}
