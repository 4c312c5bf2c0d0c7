package dev.tidemark.collect;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What came of fuzzed requests. Thread-safe. */
final class FuzzTally {
    private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder closed = new LongAdder();

    void answered(int status) {
        byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    void closed() {
        closed.increment();
    }

    void failed(String what) {
        failures.add(what);
    }

    Collection<String> failures() {
        return failures;
    }

    long answered() {
        return byStatus.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long sent() {
        return answered() + closed.sum() + failures.size();
    }

    @Override
    public String toString() {
        return "answers by status " + byStatus + ", connections closed " + closed + ", failures " + failures.size();
    }
}
