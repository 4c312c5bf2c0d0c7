package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;

/**
 * One customer of this server, whose data nobody else sees.
 *
 * @param embedSecret signs the tenant's embed tokens: 32 random bytes in URL-safe Base64
 */
public record Tenant(TenantId id, TenantSettings settings, Secret embedSecret, Instant createdAt) {}
