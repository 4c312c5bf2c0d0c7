package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.TouchedTimes.Unit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each tenant's journal is in the store, and which times of events were touched last by which offset: by the minute for
 * a few hours' worth of minutes, by the hour for a week's worth, else by the day. A result computed at position p is still right
 * when nothing of its range was touched after p. Starts empty: a restarted server has no results to judge. Thread-safe.
 *
 * <p>Where a tenant touches more units than are remembered, the earliest become part of the coarser unit around them, so that
 * more counts as touched than was, never less. A tenant takes at most some 150 KB, a usual one less than 12.
 */
public final class Positions {
    private static final int MAX_MINUTES = 256;
    private static final int MAX_HOURS = 192;
    private static final int MAX_DAYS = 4_096;

    private final Map<TenantId, TenantPosition> tenants = new ConcurrentHashMap<>();

    /** Records that events of the tenant up to the offset, with event times in the closed range, are visible in the store. */
    public void advance(TenantId tenant, long offset, long minTimestampMillis, long maxTimestampMillis) {
        advance(tenant, offset, List.of(TouchedTimes.between(minTimestampMillis, maxTimestampMillis)));
    }

    /** Records at once that events of the tenant up to the offset, at these times, are visible in the store. */
    public void advance(TenantId tenant, long offset, List<TouchedTimes> times) {
        tenants.computeIfAbsent(tenant, _ -> new TenantPosition()).advance(offset, times);
    }

    /** The highest offset of the tenant that is visible in the store; -1 before the first since the start. */
    public long of(TenantId tenant) {
        TenantPosition position = tenants.get(tenant);
        return position == null ? -1 : position.highest();
    }

    /**
     * The highest offset that touched the half-open range of event time; -1 for none since the start. It knows of every touch up
     * to any position that was read before.
     */
    public long lastTouch(TenantId tenant, long fromMillis, long toMillis) {
        TenantPosition position = tenants.get(tenant);
        return position == null ? -1 : position.lastTouch(fromMillis, toMillis - 1);
    }

    private static final class TenantPosition {
        private final TouchedUnits minutes = new TouchedUnits();
        private final TouchedUnits hours = new TouchedUnits();
        private final TouchedUnits days = new TouchedUnits();
        private long highest = -1;
        private long ever = -1;

        synchronized void advance(long offset, List<TouchedTimes> times) {
            highest = Math.max(highest, offset);
            for (TouchedTimes touched : times) {
                if (touched.unit() == Unit.EVER) {
                    ever = Math.max(ever, offset);
                }
                for (long number : touched.numbers()) {
                    touch(touched.unit(), number, offset);
                }
            }
        }

        private void touch(Unit unit, long number, long offset) {
            switch (unit) {
                case MINUTE -> touch(minutes, MAX_MINUTES, unit, number, offset);
                case HOUR -> touch(hours, MAX_HOURS, unit, number, offset);
                case DAY -> {
                    days.touch(number, offset);
                    if (days.size() > MAX_DAYS) {
                        ever = Math.max(ever, days.removeThrough(Long.MAX_VALUE - 1));
                    }
                }
                case EVER -> ever = Math.max(ever, offset);
            }
        }

        private void touch(TouchedUnits units, int max, Unit unit, long number, long offset) {
            units.touch(number, offset);
            if (units.size() > max) {
                long coarser = unit.coarser(units.first());
                long through = units.first();
                while (unit.coarser(through + 1) == coarser) {
                    through++;
                }
                touch(unit.coarser(), coarser, units.removeThrough(through));
            }
        }

        synchronized long highest() {
            return highest;
        }

        synchronized long lastTouch(long from, long to) {
            return Math.max(
                    Math.max(ever, days.last(Unit.DAY.of(from), Unit.DAY.of(to))),
                    Math.max(
                            hours.last(Unit.HOUR.of(from), Unit.HOUR.of(to)),
                            minutes.last(Unit.MINUTE.of(from), Unit.MINUTE.of(to))));
        }
    }
}
