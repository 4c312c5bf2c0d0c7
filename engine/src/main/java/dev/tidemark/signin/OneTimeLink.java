package dev.tidemark.signin;

import dev.tidemark.account.Role;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A link that lets somebody in once.
 *
 * @param hash SHA-256 of its secret part, which itself is known to whom it was given alone
 * @param tenant that an invitation is to; else null
 * @param role that an invitation gives; else null
 * @param email whom it is for; null for a setup link
 */
record OneTimeLink(
        String id,
        String hash,
        Purpose purpose,
        @Nullable TenantId tenant,
        @Nullable Role role,
        @Nullable String email,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt) {

    /** What it is good for. */
    enum Purpose {
        /** To become an administrator of the server. */
        SETUP,
        /** To become a member of a tenant. */
        INVITATION,
        /** To choose a new password. */
        PASSWORD
    }

    boolean good(Instant now) {
        return usedAt == null && now.isBefore(expiresAt);
    }
}
