package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a write key or secret key; the key itself is known only to whom it was given.
 *
 * @param hash SHA-256 of the key, in hexadecimal
 * @param hint the beginning of the key, for people to tell keys apart
 * @param origins of browsers that may use a write key; empty for any
 * @param lastUsedAt to the hour, and only as of the last time that somebody looked
 */
public record AccessKey(
        String id,
        TenantId tenant,
        Kind kind,
        String name,
        String hash,
        String hint,
        List<String> origins,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {

    public AccessKey {
        origins = List.copyOf(origins);
    }

    /** What a key may do. */
    public enum Kind {
        /** Public: send events. */
        WRITE("wk_"),
        /** Everything within the tenant. */
        SECRET("sk_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** How every key of this kind begins. */
        public String prefix() {
            return prefix;
        }
    }

    boolean revoked() {
        return revokedAt != null;
    }

    Credential credential() {
        return switch (kind) {
            case WRITE -> new Credential.WriteKey(tenant, id, origins);
            case SECRET -> new Credential.SecretKey(tenant, id);
        };
    }
}
