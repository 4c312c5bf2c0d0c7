package dev.tidemark.collect;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who of the tenants of a journal partition sends more than an equal share of what all of them send, in the last second or two. Counting
 * neither locks nor waits. Thread-safe.
 */
final class Shares {
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final TimeSource time;
    private final AtomicReference<Window> newest;

    private static final class Window {
        private final long begun;
        private final Map<TenantId, LongAdder> events = new ConcurrentHashMap<>();
        private final LongAdder all = new LongAdder();

        private Window(long begun) {
            this.begun = begun;
        }

        private void add(TenantId tenant, int count) {
            events.computeIfAbsent(tenant, _ -> new LongAdder()).add(count);
            all.add(count);
        }

        private long of(TenantId tenant) {
            LongAdder mine = events.get(tenant);
            return mine == null ? 0 : mine.sum();
        }
    }

    /** The window before stays until the next begins. */
    private volatile Window former;

    Shares(TimeSource time) {
        this.time = time;
        this.former = new Window(time.nanos());
        this.newest = new AtomicReference<>(new Window(time.nanos()));
    }

    void add(TenantId tenant, int events) {
        current().add(tenant, events);
    }

    /** Whether a tenant sends as much as an equal share, or more. One that sends alone does. */
    boolean hasFull(TenantId tenant) {
        Window now = current();
        Window before = former;
        long mine = now.of(tenant) + before.of(tenant);
        long all = now.all.sum() + before.all.sum();
        long senders = Math.max(1, Math.max(now.events.size(), before.events.size()));
        return mine * senders >= all;
    }

    private Window current() {
        Window known = newest.get();
        long now = time.nanos();
        if (now - known.begun < WINDOW_NANOS) {
            return known;
        }
        Window next = new Window(now);
        if (newest.compareAndSet(known, next)) {
            former = known;
        }
        return newest.get();
    }
}
