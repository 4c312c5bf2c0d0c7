package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One customer of this server, whose data nobody else sees.
 *
 * @param name for people; may be empty
 * @param embedSecret signs the tenant's embed tokens: 32 random bytes in URL-safe Base64
 * @param closedAt since when no credential of the tenant is good; null while it is open
 */
public record Tenant(
        TenantId id,
        String name,
        TenantSettings settings,
        Secret embedSecret,
        Instant createdAt,
        @Nullable Instant closedAt) {

    /** An open one without a name. */
    public Tenant(TenantId id, TenantSettings settings, Secret embedSecret, Instant createdAt) {
        this(id, "", settings, embedSecret, createdAt, null);
    }

    boolean closed() {
        return closedAt != null;
    }
}
