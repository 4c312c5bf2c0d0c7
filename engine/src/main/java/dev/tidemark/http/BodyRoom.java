package dev.tidemark.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A bound on the bytes of all bodies that are being read or answered at the same time. Thread-safe. */
final class BodyRoom {
    private final AtomicLong left;

    BodyRoom(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    Hold hold() {
        return new Hold();
    }

    /** What one body takes up. Grows on one event loop; closing gives everything back, once. */
    final class Hold {
        private final AtomicLong taken = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();

        /** Takes room for some more bytes; false where there is none. */
        boolean grow(long bytes) {
            if (closed.get()) {
                return false;
            }
            if (left.addAndGet(-bytes) < 0) {
                left.addAndGet(bytes);
                return false;
            }
            taken.addAndGet(bytes);
            return true;
        }

        void close() {
            if (closed.compareAndSet(false, true)) {
                left.addAndGet(taken.get());
            }
        }
    }
}
