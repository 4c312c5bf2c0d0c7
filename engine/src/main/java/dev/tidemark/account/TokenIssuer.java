package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whoever signs bearer tokens that a tenant trusts. The algorithm is fixed here: what a token's head says is compared with it, never
 * followed.
 *
 * @param issuer what the claim {@code iss} must be
 * @param secret shared with the issuer, for HS256 alone
 * @param jwksUrl where the issuer publishes its keys, for RS256 and ES256 alone
 * @param audience what the claim {@code aud} must hold; null for anything
 * @param tenantClaim the claim that names the tenant
 * @param roleClaim the claim that names the role, or a list of roles
 * @param highestRole a token that says more counts as this
 */
public record TokenIssuer(
        String id,
        TenantId tenant,
        String issuer,
        Algorithm algorithm,
        @Nullable Secret secret,
        @Nullable URI jwksUrl,
        @Nullable String audience,
        String tenantClaim,
        String roleClaim,
        Role highestRole,
        Instant createdAt) {

    public TokenIssuer {
        if ((algorithm == Algorithm.HS256) == (secret == null) || (algorithm == Algorithm.HS256) == (jwksUrl != null)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "HS256 has a secret, RS256 and ES256 have a jwks_url", "algorithm");
        }
    }

    /** How tokens are signed. */
    public enum Algorithm {
        HS256,
        RS256,
        ES256
    }
}
