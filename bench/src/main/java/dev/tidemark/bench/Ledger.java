package dev.tidemark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The batches that the server acknowledged. Thread-safe. */
final class Ledger {
    private final List<CrashBatch> batches = new ArrayList<>();
    private long events;

    synchronized void acknowledged(CrashBatch batch) {
        batches.add(batch);
        events += batch.size();
    }

    /** Acknowledged events. */
    synchronized long events() {
        return events;
    }

    /** The batches by group and id. */
    synchronized Map<String, Map<String, CrashBatch>> groups() {
        Map<String, Map<String, CrashBatch>> groups = new TreeMap<>();
        for (CrashBatch batch : batches) {
            groups.computeIfAbsent(batch.group(), _ -> new TreeMap<>()).put(batch.id(), batch);
        }
        return groups;
    }
}
