package dev.tidemark.process;

import dev.tidemark.base.TenantId;
import java.util.Set;

/** Told when more of the journal has become visible in the store. Called in order per partition; must be quick. */
public interface StoredListener {
    /**
     * Everything before the offset is visible.
     *
     * @param oldestReceivedAtMillis of the entries that became so since the last call; {@code Long.MAX_VALUE} when it is not known
     * @param tenants whose events became so since the last call
     */
    void stored(int partition, long beforeOffset, long oldestReceivedAtMillis, Set<TenantId> tenants);
}
