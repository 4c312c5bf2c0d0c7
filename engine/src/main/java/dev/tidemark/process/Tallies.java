package dev.tidemark.process;

import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many events of each tenant a partition has committed, by day of receipt in UTC. The totals are part of the commit of a batch, so
 * that they never differ from it. One thread counts; any may read.
 */
final class Tallies {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** What is older is forgotten at the next start. */
    private static final int KEPT_DAYS = 100;

    private final int partition;
    private final State state;
    private final long ownFrom;
    private final Map<TenantId, Counted> counted = new ConcurrentHashMap<>();
    private final Map<TenantId, Long> settled = new ConcurrentHashMap<>();

    /** One day of one tenant. */
    record Day(TenantId tenant, int epochDay) {
        byte[] key(int partition) {
            byte[] name = tenant.value().getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Integer.BYTES + name.length + Integer.BYTES)
                    .putInt(partition)
                    .put(name)
                    .putInt(epochDay)
                    .array();
        }

        static Day of(byte[] key) {
            int end = key.length - Integer.BYTES;
            String name = new String(key, Integer.BYTES, end - Integer.BYTES, StandardCharsets.UTF_8);
            return new Day(new TenantId(name), ByteBuffer.wrap(key).getInt(end));
        }
    }

    private record Counted(Map<Integer, Long> days, Map<YearMonth, Long> months) {
        void put(int day, long total) {
            Long before = days.put(day, total);
            long more = total - (before == null ? 0 : before);
            months.merge(YearMonth.from(LocalDate.ofEpochDay(day)), more, Long::sum);
        }
    }

    /**
     * Reads what was committed.
     *
     * @param ownFrom the offset from which on entries are of this process
     */
    Tallies(int partition, State state, long ownFrom) {
        this.partition = partition;
        this.state = state;
        this.ownFrom = ownFrom;
        read();
        forgetOld();
    }

    /** A batch that is being counted. Not thread-safe. */
    final class Batch {
        private final Map<TenantId, Integer> entries = new HashMap<>();
        private final Map<Day, Long> totals = new HashMap<>();

        /** Notes an event that was read, whether it will count or not. */
        void read(Event event, long offset) {
            if (offset >= ownFrom) {
                entries.merge(event.tenant(), 1, Integer::sum);
            }
        }

        /** Counts the events that are to be stored; what is to be committed with them. */
        Map<byte[], byte[]> count(List<StoredEvent> events) {
            for (StoredEvent each : events) {
                Event event = each.event();
                totals.merge(
                        new Day(event.tenant(), (int) Math.floorDiv(event.receivedAtMillis(), MILLIS_PER_DAY)),
                        1L,
                        Long::sum);
            }
            totals.replaceAll((day, more) -> more + total(day));
            Map<byte[], byte[]> changes = new HashMap<>();
            totals.forEach((day, total) -> changes.put(
                    day.key(partition),
                    ByteBuffer.allocate(Long.BYTES).putLong(total).array()));
            return changes;
        }
    }

    Batch begin() {
        return new Batch();
    }

    /** Shows what a committed batch has counted. */
    void committed(Batch batch) {
        batch.totals.forEach(this::put);
        batch.entries.forEach((tenant, count) -> settled.merge(tenant, (long) count, Long::sum));
    }

    /** Reads anew what was committed, after a failure that left open whether a batch was. */
    void read() {
        state.tallies(partition)
                .forEach((key, value) -> put(Day.of(key), ByteBuffer.wrap(value).getLong()));
    }

    long ofMonth(TenantId tenant, YearMonth month) {
        Counted known = counted.get(tenant);
        return known == null ? 0 : known.months.getOrDefault(month, 0L);
    }

    SortedMap<LocalDate, Long> ofDays(TenantId tenant, LocalDate from) {
        SortedMap<LocalDate, Long> days = new TreeMap<>();
        Counted known = counted.get(tenant);
        if (known != null) {
            known.days.forEach((day, total) -> days.put(LocalDate.ofEpochDay(day), total));
        }
        return days.tailMap(from);
    }

    long settled(TenantId tenant) {
        return settled.getOrDefault(tenant, 0L);
    }

    private long total(Day day) {
        Counted known = counted.get(day.tenant);
        return known == null ? 0 : known.days.getOrDefault(day.epochDay, 0L);
    }

    private void put(Day day, long total) {
        counted.computeIfAbsent(day.tenant, _ -> new Counted(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()))
                .put(day.epochDay, total);
    }

    private void forgetOld() {
        int newest = counted.values().stream()
                .flatMap(each -> each.days.keySet().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        List<byte[]> old = new ArrayList<>();
        counted.forEach((tenant, each) -> each.days.keySet().removeIf(day -> {
            boolean over = day < newest - KEPT_DAYS;
            if (over) {
                old.add(new Day(tenant, day).key(partition));
            }
            return over;
        }));
        if (!old.isEmpty()) {
            state.forgetTallies(old);
        }
    }
}
