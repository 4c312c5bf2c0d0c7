package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;

/** How many streams a tenant may have open. Never blocks; thread-safe. */
@FunctionalInterface
public interface ViewerAllowance {
    /** Any number. */
    ViewerAllowance UNLIMITED = (_, _) -> {};

    /** Fails with {@code RATE_LIMITED} where so many are too many. */
    void require(TenantId tenant, int open);
}
