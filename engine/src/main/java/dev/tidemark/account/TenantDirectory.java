package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.util.Optional;

/** What the hot paths need to know of tenants, answered from memory. Thread-safe; never blocks, so event loops may call it. */
public interface TenantDirectory {

    /** The credential that a write key or secret key stands for; empty for an unknown, expired or revoked one, and for one of a closed tenant. */
    Optional<Credential> authenticate(String presentedKey);

    /** Takes events from what a write key may send in a minute, all or none. */
    default RateLimiter.Taken take(Credential.WriteKey key, int events) {
        return RateLimiter.Taken.FREELY;
    }

    /** How many events a write key may send in a minute; the most there are where it may send any number. */
    default long perMinute(Credential.WriteKey key) {
        return Long.MAX_VALUE;
    }

    /** Whether there is such a tenant and it is not closed. */
    default boolean open(TenantId tenant) {
        return true;
    }

    /** Settings of a tenant; the defaults for one that has set nothing. */
    TenantSettings settings(TenantId tenant);

    /** The schema in force for an event type. */
    Optional<EventSchema> schema(TenantId tenant, String eventType);
}
