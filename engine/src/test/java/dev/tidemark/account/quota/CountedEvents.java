package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Counts as a test says. Thread-safe. */
final class CountedEvents implements EventCounts {
    private final Map<TenantId, TreeMap<LocalDate, Long>> days = new ConcurrentHashMap<>();
    private final Map<TenantId, Long> settled = new ConcurrentHashMap<>();

    /** So many events were taken from the journal; so many of them were no duplicates. */
    synchronized void process(TenantId tenant, LocalDate day, long entries, long counted) {
        days.computeIfAbsent(tenant, _ -> new TreeMap<>()).merge(day, counted, Long::sum);
        settled.merge(tenant, entries, Long::sum);
    }

    @Override
    public synchronized long ofMonth(TenantId tenant, YearMonth month) {
        return days.getOrDefault(tenant, new TreeMap<>()).entrySet().stream()
                .filter(day -> YearMonth.from(day.getKey()).equals(month))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public synchronized SortedMap<LocalDate, Long> ofDays(TenantId tenant, LocalDate from) {
        return new TreeMap<>(days.getOrDefault(tenant, new TreeMap<>()).tailMap(from));
    }

    @Override
    public long settled(TenantId tenant) {
        return settled.getOrDefault(tenant, 0L);
    }
}
