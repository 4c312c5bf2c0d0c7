package dev.tidemark.signin;

import dev.tidemark.account.UserId;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is kept.
 *
 * @param hash SHA-256 of what the cookie holds, which itself is known to the browser alone
 * @param tenant that the person works in; null while none is chosen
 */
record StoredSession(
        String hash, UserId user, @Nullable TenantId tenant, Instant createdAt, Instant lastUsedAt, Arrival arrival) {

    StoredSession usedAt(Instant at) {
        return new StoredSession(hash, user, tenant, createdAt, at, arrival);
    }

    StoredSession in(TenantId chosen) {
        return new StoredSession(hash, user, chosen, createdAt, lastUsedAt, arrival);
    }
}
