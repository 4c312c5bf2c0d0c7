package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a write key or secret key; the key itself is known only to whom it was given.
 *
 * @param hash SHA-256 of the key, in hexadecimal
 * @param hint the beginning of the key, for people to tell keys apart
 * @param origins of browsers that may use a write key; empty for any
 * @param scopes what a secret key may do; null for everything
 * @param eventsPerMinute how many a write key may send; null for any number
 * @param lastUsedAt to the hour, and only as of the last time that somebody looked
 * @param expiresAt when it ends by itself, after another key has taken its place; null for never
 */
public record AccessKey(
        String id,
        TenantId tenant,
        Kind kind,
        String name,
        String hash,
        String hint,
        List<String> origins,
        @Nullable Set<Permission> scopes,
        @Nullable Integer eventsPerMinute,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    public AccessKey {
        origins = List.copyOf(origins);
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    /** What a key may do. */
    public enum Kind {
        /** Public: send events. */
        WRITE("wk_"),
        /** What its scopes say, by default everything within the tenant. */
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

    /** Whether it is good at that moment. */
    boolean alive(Instant now) {
        return !revoked() && (expiresAt == null || now.isBefore(expiresAt));
    }

    Credential credential() {
        return switch (kind) {
            case WRITE -> new Credential.WriteKey(tenant, id, origins);
            case SECRET ->
                scopes == null ? new Credential.SecretKey(tenant, id) : new Credential.SecretKey(tenant, id, scopes);
        };
    }
}
