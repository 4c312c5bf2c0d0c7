package dev.tidemark.report;

import dev.tidemark.base.TenantId;
import java.util.Optional;

/**
 * Remembers answers by tenant and question. It may forget at any time, and gives back exactly what was put; whether that is
 * still right is for the caller to judge. No tenant can fill it so that nothing is left for others. Thread-safe.
 */
public interface ResultCache {

    Optional<CachedResult> find(TenantId tenant, String key);

    /** Remembers a result instead of the one that is there. */
    void put(TenantId tenant, String key, CachedResult result);

    /** Forgets everything of a tenant. */
    void forget(TenantId tenant);
}
