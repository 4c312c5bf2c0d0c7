package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is calling. The tenant of every request comes from here and from nowhere else. */
public sealed interface Credential {
    TenantId tenant();

    /** Public key of a website or app: may only send events, from the listed origins where any are listed. */
    record WriteKey(TenantId tenant, String keyId, List<String> origins) implements Credential {}

    /** Key of the tenant's own servers: may do everything within the tenant. */
    record SecretKey(TenantId tenant, String keyId) implements Credential {}

    /**
     * Signed permission to see one report.
     *
     * @param lockedFilter a filter in the question's JSON form that every widget gets, or null
     * @param origins that may embed it; empty for any
     */
    record EmbedToken(
            TenantId tenant,
            String reportId,
            @Nullable JsonNode lockedFilter,
            List<String> origins,
            Instant expiresAt,
            String theme)
            implements Credential {}
}
