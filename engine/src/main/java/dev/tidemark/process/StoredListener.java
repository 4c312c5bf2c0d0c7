package dev.tidemark.process;

import dev.tidemark.base.TenantId;
import java.util.Set;

/** Told when more of the journal has become visible in the store. Called in order per partition; must be quick. */
public interface StoredListener {
    /** Everything before the offset is visible; the tenants are those whose events became so since the last call. */
    void stored(int partition, long beforeOffset, Set<TenantId> tenants);
}
