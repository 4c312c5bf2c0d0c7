package dev.tidemark.embed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link that shows a report to whoever has it, as long as it is good.
 *
 * @param hash SHA-256 of its secret part, which itself is shown once
 * @param passwordHash that must be known besides; null for none
 * @param lockedFilter in the question's JSON form; null for none
 * @param pickers the properties whose values may be listed
 * @param controls what is left of the report's, in their JSON form; null for all
 * @param expiresAt null for never
 */
record ShareLink(
        String id,
        String hash,
        TenantId tenant,
        String reportId,
        String name,
        @Nullable Secret passwordHash,
        @Nullable JsonNode lockedFilter,
        List<String> pickers,
        @Nullable JsonNode controls,
        String theme,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    ShareLink {
        pickers = List.copyOf(pickers);
    }

    boolean good(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
