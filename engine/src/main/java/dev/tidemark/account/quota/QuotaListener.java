package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;

/** Hears when a tenant comes near a limit, and when it meets it. May block. */
@FunctionalInterface
public interface QuotaListener {
    /**
     * Told once each time, and not again before the tenant was well below for an hour.
     *
     * @param met whether the limit itself is reached; else its soft share
     */
    void crossed(TenantId tenant, Limit limit, boolean met, long used, long hard);
}
