package dev.tidemark.process;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.Block;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.TouchedTimes;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts the rows of one read batch into blocks: events by UTC month, because an insert is atomic only within one, and dead
 * letters. The token of a block tells the state's instance, the partition, the offsets of the read batch and the month: it
 * is the same for the same rows, and for no others. Used once; not thread-safe.
 */
final class BatchBuilder {
    private final String instance;
    private final int partition;
    private final long first;
    private final long next;
    private final Map<YearMonth, List<StoredEvent>> months = new TreeMap<>();
    private final List<StoredDeadLetter> letters = new ArrayList<>();
    private List<StoredEvent> monthEvents = List.of();
    private long monthStart;
    private long monthEnd;

    BatchBuilder(String instance, int partition, long first, long next) {
        this.instance = instance;
        this.partition = partition;
        this.first = first;
        this.next = next;
    }

    void add(StoredEvent event) {
        long timestamp = event.event().timestampMillis();
        if (timestamp < monthStart || timestamp >= monthEnd) {
            enterMonthOf(timestamp);
        }
        monthEvents.add(event);
    }

    void add(DeadLetter letter, long offset) {
        letters.add(new StoredDeadLetter(letter, new JournalAddress(partition, offset)));
    }

    List<OutboxItem> blocks(EventStore store) {
        List<OutboxItem> items = new ArrayList<>();
        months.forEach((of, events) -> {
            String token = token("e") + "-" + (of.getYear() * 100 + of.getMonthValue());
            items.add(item(items.size(), touches(events), oldest(events), store.encodeEvents(token, events)));
        });
        if (!letters.isEmpty()) {
            long oldest = letters.stream()
                    .mapToLong(letter -> letter.deadLetter().receivedAtMillis())
                    .min()
                    .orElse(0);
            items.add(item(items.size(), List.of(), oldest, store.encodeDeadLetters(token("d"), letters)));
        }
        return items;
    }

    private void enterMonthOf(long timestamp) {
        YearMonth month = Duplicates.month(timestamp);
        monthStart = startMillis(month);
        monthEnd = startMillis(month.plusMonths(1));
        monthEvents = months.computeIfAbsent(month, _ -> new ArrayList<>());
    }

    private static long startMillis(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    private String token(String kind) {
        return kind + "-" + instance + "-" + partition + "-" + first + "-" + (next - 1);
    }

    private OutboxItem item(int index, List<Touch> touches, long oldest, Block block) {
        return new OutboxItem(partition, first, next, index, oldest, touches, block);
    }

    private static long oldest(List<StoredEvent> events) {
        long oldest = Long.MAX_VALUE;
        for (StoredEvent event : events) {
            oldest = Math.min(oldest, event.event().receivedAtMillis());
        }
        return oldest;
    }

    private static List<Touch> touches(List<StoredEvent> events) {
        Map<TenantId, Touched> touched = new HashMap<>();
        for (StoredEvent stored : events) {
            touched.computeIfAbsent(stored.event().tenant(), _ -> new Touched()).add(stored);
        }
        List<Touch> touches = new ArrayList<>();
        touched.forEach((tenant, of) -> touches.add(new Touch(tenant, of.offset, of.times.times())));
        return touches;
    }

    /** Of one tenant, while its rows are looked at. */
    private static final class Touched {
        private final TouchedTimes.Collector times = new TouchedTimes.Collector();
        private long offset = -1;

        void add(StoredEvent stored) {
            offset = Math.max(offset, stored.address().offset());
            times.add(stored.event().timestampMillis());
        }
    }
}
