package dev.tidemark.process;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.Positions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The blocks of one batch on their way to the store. Thread-safe. */
final class Delivery {
    private final long next;
    private final long oldestReceivedAtMillis;
    private final List<OutboxItem> items;
    private final AtomicInteger missing;

    /**
     * @param next the offset after the last entry of the batch
     * @param oldestReceivedAtMillis of the batch
     */
    Delivery(long next, long oldestReceivedAtMillis, List<OutboxItem> items) {
        this.next = next;
        this.oldestReceivedAtMillis = oldestReceivedAtMillis;
        this.items = List.copyOf(items);
        this.missing = new AtomicInteger(items.size());
    }

    long next() {
        return next;
    }

    long oldestReceivedAtMillis() {
        return oldestReceivedAtMillis;
    }

    List<OutboxItem> items() {
        return items;
    }

    void arrived() {
        missing.decrementAndGet();
    }

    boolean isComplete() {
        return missing.get() == 0;
    }

    /** Moves the positions of the tenants whose rows it holds, once for each, and returns them. */
    Set<TenantId> advance(Positions positions) {
        Map<TenantId, List<Touch>> touches = new LinkedHashMap<>();
        for (OutboxItem item : items) {
            for (Touch touch : item.touches()) {
                touches.computeIfAbsent(touch.tenant(), _ -> new ArrayList<>()).add(touch);
            }
        }
        touches.forEach((tenant, all) -> positions.advance(
                tenant,
                all.stream().mapToLong(Touch::offset).max().orElse(-1),
                all.stream().map(Touch::times).toList()));
        return touches.keySet();
    }
}
