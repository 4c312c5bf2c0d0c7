package dev.tidemark.collect;

import dev.tidemark.base.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of request bodies that are held at one time, three quarters of them of one owner at most, so that nobody's bodies keep
 * those of all others out. Thread-safe.
 */
final class InFlight {
    private final long limit;
    private final long limitOfOwner;
    private final AtomicLong held = new AtomicLong();
    private final Map<Owner, AtomicLong> byOwner = new ConcurrentHashMap<>();

    /** Whose bytes: a tenant's, or those of all whom nobody knows, who are one. */
    record Owner(@Nullable TenantId tenant) {
        static final Owner NOBODY = new Owner(null);
    }

    /** @param least that one owner may hold in any case */
    InFlight(long limit, long least) {
        this.limit = limit;
        this.limitOfOwner = Math.max(least, limit / 4 * 3);
    }

    Hold open(Owner owner) {
        return new Hold(owner);
    }

    private boolean take(Owner owner, long bytes) {
        if (held.addAndGet(bytes) > limit) {
            held.addAndGet(-bytes);
            return false;
        }
        if (add(owner, bytes) > limitOfOwner) {
            give(owner, bytes);
            return false;
        }
        return true;
    }

    private void give(Owner owner, long bytes) {
        held.addAndGet(-bytes);
        byOwner.computeIfPresent(owner, (_, of) -> of.addAndGet(-bytes) == 0 ? null : of);
    }

    private long add(Owner owner, long bytes) {
        long[] sum = new long[1];
        byOwner.compute(owner, (_, of) -> {
            AtomicLong known = of == null ? new AtomicLong() : of;
            sum[0] = known.addAndGet(bytes);
            return known;
        });
        return sum[0];
    }

    long bytes() {
        return held.get();
    }

    /** What one request holds; to be closed when it is answered. Thread-safe. */
    final class Hold implements AutoCloseable {
        private final Owner owner;
        private long mine;
        private boolean closed;

        private Hold(Owner owner) {
            this.owner = owner;
        }

        /** Whose bytes they are. */
        Owner owner() {
            return owner;
        }

        /** Takes more; false, and nothing taken, when that would pass the bound or the request is over. */
        synchronized boolean grow(long bytes) {
            if (closed) {
                return false;
            }
            if (!take(owner, bytes)) {
                return false;
            }
            mine += bytes;
            return true;
        }

        @Override
        public synchronized void close() {
            if (mine != 0) {
                give(owner, mine);
            }
            mine = 0;
            closed = true;
        }
    }
}
