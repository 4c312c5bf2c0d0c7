package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is calling, within a tenant. The tenant of every request comes from here and from nowhere else. */
public sealed interface Credential {
    TenantId tenant();

    /** What it allows within its tenant, as far as no report restricts it. */
    Set<Permission> permissions();

    /** Public key of a website or app: may only send events, from the listed origins where any are listed. */
    record WriteKey(TenantId tenant, String keyId, List<String> origins) implements Credential {
        private static final Set<Permission> SEND = Collections.unmodifiableSet(EnumSet.of(Permission.EVENTS_SEND));

        @Override
        public Set<Permission> permissions() {
            return SEND;
        }
    }

    /** Key of the tenant's own servers: may do what its scopes say. */
    record SecretKey(TenantId tenant, String keyId, Set<Permission> permissions) implements Credential {
        private static final Set<Permission> ALL = Collections.unmodifiableSet(EnumSet.allOf(Permission.class));

        public SecretKey {
            permissions = Set.copyOf(permissions);
        }

        /** One that may do everything. */
        public SecretKey(TenantId tenant, String keyId) {
            this(tenant, keyId, ALL);
        }
    }

    /** A signed-in user, in one of the tenants that the user belongs to. */
    record Member(TenantId tenant, UserId user, Role role) implements Credential {
        @Override
        public Set<Permission> permissions() {
            return role.permissions();
        }
    }

    /**
     * A token of an issuer that the tenant trusts.
     *
     * @param subject whom the issuer names; means nothing to this server
     */
    record Bearer(TenantId tenant, String issuer, String subject, Role role, Instant expiresAt) implements Credential {
        @Override
        public Set<Permission> permissions() {
            return role.permissions();
        }
    }

    /**
     * Signed permission to see one report.
     *
     * @param lockedFilter a filter in the question's JSON form that every widget gets, or null
     * @param origins that may embed it; empty for any
     * @param pickers the properties whose values may be listed, under the locked filter
     * @param controls what is left of the report's controls, in their JSON form, or null for all; not to be modified
     */
    record EmbedToken(
            TenantId tenant,
            String reportId,
            @Nullable JsonNode lockedFilter,
            List<String> origins,
            Instant expiresAt,
            String theme,
            List<String> pickers,
            @Nullable JsonNode controls)
            implements Credential {
        private static final Set<Permission> SEE =
                Collections.unmodifiableSet(EnumSet.of(Permission.REPORTS_VIEW, Permission.CATALOG_READ));

        /** One that takes nothing from the report's controls. */
        public EmbedToken(
                TenantId tenant,
                String reportId,
                @Nullable JsonNode lockedFilter,
                List<String> origins,
                Instant expiresAt,
                String theme,
                List<String> pickers) {
            this(tenant, reportId, lockedFilter, origins, expiresAt, theme, pickers, null);
        }

        /** One that may list no values. */
        public EmbedToken(
                TenantId tenant,
                String reportId,
                @Nullable JsonNode lockedFilter,
                List<String> origins,
                Instant expiresAt,
                String theme) {
            this(tenant, reportId, lockedFilter, origins, expiresAt, theme, List.of());
        }

        @Override
        public Set<Permission> permissions() {
            return SEE;
        }
    }
}
