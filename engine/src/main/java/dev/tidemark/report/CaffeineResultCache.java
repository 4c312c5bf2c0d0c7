package dev.tidemark.report;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.query.TenantCache;
import java.util.Optional;

/**
 * A bounded number of bytes in memory, of which one tenant holds at most a quarter: past that its own oldest results make
 * room. Results older than a day are dropped.
 */
public final class CaffeineResultCache implements ResultCache {
    private final TenantCache<CachedResult> results;

    public CaffeineResultCache(ByteSize maxSize, TimeSource clock) {
        this.results = new TenantCache<>(maxSize, result -> result.json().length, clock);
    }

    @Override
    public Optional<CachedResult> find(TenantId tenant, String key) {
        return results.find(tenant, key);
    }

    @Override
    public void put(TenantId tenant, String key, CachedResult result) {
        results.put(tenant, key, result);
    }

    @Override
    public void forget(TenantId tenant) {
        results.forget(tenant);
    }
}
