package dev.tidemark.live;

import dev.tidemark.store.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest events of a partition that the store may not have yet, as far back as there is room for, so that a query need not wait
 * for the store before it begins. Not thread-safe.
 */
final class RecentEvents {
    /** About a second of a busy partition, where the store keeps up. */
    static final int MOST = 20_000;

    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private long from;
    private int size;

    private record Batch(long next, List<StoredEvent> events) {}

    /** Adds what follows on the last, up to an offset. */
    void add(long next, List<StoredEvent> events) {
        batches.add(new Batch(next, events));
        size += events.size();
        while (size > MOST) {
            dropFirst();
        }
    }

    /** Has none; what comes next is from an offset on. */
    void clear(long offset) {
        batches.clear();
        size = 0;
        from = offset;
    }

    /** Forgets events before an offset. */
    void drop(long beforeOffset) {
        while (!batches.isEmpty() && batches.getFirst().next() <= beforeOffset) {
            dropFirst();
        }
    }

    /** The offset from which on it has all. */
    long from() {
        return from;
    }

    /** All from an offset on. */
    List<StoredEvent> since(long offset) {
        List<StoredEvent> since = new ArrayList<>();
        for (Batch batch : batches) {
            if (batch.next() > offset) {
                batch.events().stream()
                        .filter(event -> event.address().offset() >= offset)
                        .forEach(since::add);
            }
        }
        return since;
    }

    int size() {
        return size;
    }

    private void dropFirst() {
        Batch first = batches.removeFirst();
        size -= first.events().size();
        from = first.next();
    }
}
