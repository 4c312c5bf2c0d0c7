package dev.tidemark.collect;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of request bodies that are held at one time. Thread-safe. */
final class InFlight {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    InFlight(long limit) {
        this.limit = limit;
    }

    Hold open() {
        return new Hold();
    }

    long bytes() {
        return held.get();
    }

    /** What one request holds; to be closed when it is answered. Thread-safe. */
    final class Hold implements AutoCloseable {
        private long mine;
        private boolean closed;

        /** Takes more; false, and nothing taken, when that would pass the bound or the request is over. */
        synchronized boolean grow(long bytes) {
            if (closed) {
                return false;
            }
            if (held.addAndGet(bytes) > limit) {
                held.addAndGet(-bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        @Override
        public synchronized void close() {
            held.addAndGet(-mine);
            mine = 0;
            closed = true;
        }
    }
}
