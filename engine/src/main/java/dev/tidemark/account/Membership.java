package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Instant;

/** That a user belongs to a tenant, and as what. */
public record Membership(TenantId tenant, UserId user, Role role, Instant createdAt) {}
