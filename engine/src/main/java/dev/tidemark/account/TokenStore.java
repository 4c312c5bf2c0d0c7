package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * Where trusted issuers and revocations of embed tokens are kept. Every change is durable when its method returns. Blocking; thread-safe.
 * Methods fail with {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
public interface TokenStore {

    /** Adds an issuer. {@code NOT_FOUND} for an unknown tenant, {@code CONFLICT} when the tenant trusts that issuer already. */
    void addIssuer(TokenIssuer issuer);

    /** Tells whether the tenant had such an issuer. */
    boolean removeIssuer(TenantId tenant, String id);

    /** Of all tenants, oldest first. */
    List<TokenIssuer> issuers();

    /** Adds a revocation; one of the same subject is replaced when this reaches further. {@code NOT_FOUND} for an unknown tenant. */
    void revoke(EmbedRevocation revocation);

    /** Of all tenants. */
    List<EmbedRevocation> revocations();

    /** Removes revocations that are to be forgotten by then. */
    void forget(Instant now);
}
