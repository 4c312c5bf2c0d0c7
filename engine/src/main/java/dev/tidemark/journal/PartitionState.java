package dev.tidemark.journal;

import dev.tidemark.journal.JournalDatabase.Extent;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The extent of one partition as its readers may see it, with those who wait for its end to move. Thread-safe. */
final class PartitionState {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Extent extent;
    private boolean closed;

    PartitionState(Extent extent) {
        this.extent = extent;
    }

    Extent extent() {
        return extent;
    }

    void appended(long end, long endBytes) {
        lock.lock();
        try {
            extent = new Extent(extent.begin(), end, extent.beginBytes(), endBytes);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void trimmed(long begin, long beginBytes) {
        lock.lock();
        try {
            extent = new Extent(begin, extent.end(), beginBytes, extent.endBytes());
        } finally {
            lock.unlock();
        }
    }

    void reopened(Extent found) {
        lock.lock();
        try {
            extent = found;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns early, with whatever holds then, when it is closed. */
    boolean await(long offset, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (extent.end() <= offset && !closed && left > 0) {
                left = moved.awaitNanos(left);
            }
            return extent.end() > offset;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
