package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import java.util.HashMap;
import java.util.Map;

/** How far numbers are behind at one moment, found out once for each partition. Not thread-safe. */
final class Lags {
    private final Progress progress;
    private final Map<Integer, Double> unprocessed = new HashMap<>();
    private final Map<Integer, Double> unstored = new HashMap<>();

    Lags(Progress progress) {
        this.progress = progress;
    }

    /**
     * For a tenant.
     *
     * @param inMemory whether the numbers are kept in memory, so that it does not matter how far the store is
     */
    double seconds(TenantId tenant, boolean inMemory) {
        int partition = progress.partitionOf(tenant);
        return inMemory
                ? unprocessed.computeIfAbsent(partition, progress::unprocessedSeconds)
                : unstored.computeIfAbsent(partition, progress::unstoredSeconds);
    }
}
