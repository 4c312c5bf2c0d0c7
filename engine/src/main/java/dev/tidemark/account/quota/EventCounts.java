package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many events of each tenant have been taken into the store, each once, by the day of their receipt in UTC. Survives every crash
 * without a difference. Never blocks; thread-safe.
 */
public interface EventCounts {
    /** Of whom nobody counts anything. */
    EventCounts NONE = new EventCounts() {
        @Override
        public long ofMonth(TenantId tenant, YearMonth month) {
            return 0;
        }

        @Override
        public SortedMap<LocalDate, Long> ofDays(TenantId tenant, LocalDate from) {
            return new TreeMap<>();
        }

        @Override
        public long settled(TenantId tenant) {
            return 0;
        }
    };

    long ofMonth(TenantId tenant, YearMonth month);

    /** By day, from one on; days without any are left out. */
    SortedMap<LocalDate, Long> ofDays(TenantId tenant, LocalDate from);

    /**
     * How many of the events that were put into the journal since this process began are counted by now, or were found not to
     * count. Grows only after the counts have grown.
     */
    long settled(TenantId tenant);
}
