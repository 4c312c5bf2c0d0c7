package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/** Issuers and revocations in the metadata database, in tables that the account stage's migrations make. */
public final class SqliteTokenStore implements TokenStore {
    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteTokenStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("account");
    }

    @Override
    public void addIssuer(TokenIssuer issuer) {
        database.write(handle -> {
            requireTenant(handle, issuer.tenant());
            Secret secret = issuer.secret();
            URI jwksUrl = issuer.jwksUrl();
            int added = handle.createUpdate("""
                            INSERT INTO token_issuers (issuer_id, tenant_id, issuer, algorithm, secret, jwks_url, audience, tenant_claim,
                                role_claim, highest_role, created_at)
                            VALUES (:id, :tenant, :issuer, :algorithm, :secret, :jwks, :audience, :tenantClaim, :roleClaim, :role,
                                :created)
                            ON CONFLICT DO NOTHING
                            """)
                    .bind("id", issuer.id())
                    .bind("tenant", issuer.tenant().value())
                    .bind("issuer", issuer.issuer())
                    .bind("algorithm", issuer.algorithm().name())
                    .bind("secret", secret == null ? null : secret.reveal())
                    .bind("jwks", jwksUrl == null ? null : jwksUrl.toString())
                    .bind("audience", issuer.audience())
                    .bind("tenantClaim", issuer.tenantClaim())
                    .bind("roleClaim", issuer.roleClaim())
                    .bind("role", issuer.highestRole().wireName())
                    .bind("created", issuer.createdAt().toEpochMilli())
                    .execute();
            if (added == 0) {
                throw new TidemarkException(ErrorCode.CONFLICT, "the tenant trusts this issuer already", "issuer");
            }
            return added;
        });
    }

    @Override
    public boolean removeIssuer(TenantId tenant, String id) {
        return database.write(
                handle -> handle.createUpdate("DELETE FROM token_issuers WHERE tenant_id = :tenant AND issuer_id = :id")
                                .bind("tenant", tenant.value())
                                .bind("id", id)
                                .execute()
                        == 1);
    }

    @Override
    public List<TokenIssuer> issuers() {
        return database.read(
                handle -> handle.createQuery("""
                        SELECT issuer_id, tenant_id, issuer, algorithm, secret, jwks_url, audience, tenant_claim, role_claim, highest_role,
                            created_at
                        FROM token_issuers ORDER BY created_at, issuer_id
                        """).map((row, _) -> issuer(row)).list());
    }

    @Override
    public void revoke(EmbedRevocation revocation) {
        database.write(handle -> {
            requireTenant(handle, revocation.tenant());
            return handle.createUpdate("""
                            INSERT INTO embed_revocations (tenant_id, kind, subject, issued_before, forget_at)
                            VALUES (:tenant, :kind, :subject, :before, :forget)
                            ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
                                issued_before = MAX(issued_before, :before), forget_at = MAX(forget_at, :forget)
                            """)
                    .bind("tenant", revocation.tenant().value())
                    .bind("kind", revocation.kind().name().toLowerCase(Locale.ROOT))
                    .bind("subject", revocation.subject())
                    .bind("before", revocation.issuedBefore().toEpochMilli())
                    .bind("forget", revocation.forgetAt().toEpochMilli())
                    .execute();
        });
    }

    @Override
    public List<EmbedRevocation> revocations() {
        return database.read(handle -> handle.createQuery("""
                        SELECT tenant_id, kind, subject, issued_before, forget_at FROM embed_revocations
                        ORDER BY tenant_id, kind, subject
                        """)
                .map((row, _) -> new EmbedRevocation(
                        new TenantId(row.getString("tenant_id")),
                        EmbedRevocation.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("subject"),
                        Instant.ofEpochMilli(row.getLong("issued_before")),
                        Instant.ofEpochMilli(row.getLong("forget_at"))))
                .list());
    }

    @Override
    public void forget(Instant now) {
        database.write(handle -> handle.createUpdate("DELETE FROM embed_revocations WHERE forget_at <= :now")
                .bind("now", now.toEpochMilli())
                .execute());
    }

    private static TokenIssuer issuer(ResultSet row) throws SQLException {
        String secret = row.getString("secret");
        String jwksUrl = row.getString("jwks_url");
        return new TokenIssuer(
                row.getString("issuer_id"),
                new TenantId(row.getString("tenant_id")),
                row.getString("issuer"),
                TokenIssuer.Algorithm.valueOf(row.getString("algorithm")),
                secret == null ? null : new Secret(secret),
                jwksUrl == null ? null : URI.create(jwksUrl),
                row.getString("audience"),
                row.getString("tenant_claim"),
                row.getString("role_claim"),
                Role.of(row.getString("highest_role"), "highest_role"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    private static void requireTenant(Handle handle, TenantId tenant) {
        boolean known = handle.createQuery("SELECT 1 FROM tenants WHERE tenant_id = :id")
                .bind("id", tenant.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!known) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }
}
