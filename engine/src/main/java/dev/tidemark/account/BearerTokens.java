package dev.tidemark.account;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.JWK;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies bearer tokens: JWTs of issuers that a tenant trusts, which name the tenant and a role. The algorithm is that of the issuer, the
 * key comes from the issuer's secret or published keys, and never from the token. A token is good until {@code exp}, which it must have.
 *
 * <p>What was verified is remembered until it ends, so that streams can ask again and again without blocking. Thread-safe.
 */
public final class BearerTokens {
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final int MAX_LENGTH = 8_192;
    private static final int MAX_REMEMBERED = 20_000;
    private static final int MAX_ISSUERS_OF_TENANT = 20;
    private static final int LEAST_SECRET_BYTES = 32;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final TokenStore store;
    private final TenantDirectory tenants;
    private final PublishedKeys keys;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final Map<String, List<TokenIssuer>> byName = new ConcurrentHashMap<>();
    private final Cache<String, Verified> remembered =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    /** Reads all issuers. */
    public BearerTokens(TokenStore store, TenantDirectory tenants, PublishedKeys keys, TimeSource clock, UuidV7 ids) {
        this.store = store;
        this.tenants = tenants;
        this.keys = keys;
        this.clock = clock;
        this.ids = ids;
        refresh();
    }

    /** The issuers that a tenant trusts, oldest first. */
    public List<TokenIssuer> issuers(TenantId tenant) {
        return store.issuers().stream()
                .filter(issuer -> issuer.tenant().equals(tenant))
                .toList();
    }

    /** Trusts an issuer from now on; id and time of the draft are replaced. */
    public synchronized TokenIssuer trust(TokenIssuer draft) {
        if (issuers(draft.tenant()).size() >= MAX_ISSUERS_OF_TENANT) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there are " + MAX_ISSUERS_OF_TENANT + " issuers already");
        }
        Secret secret = draft.secret();
        if (secret != null && secret.reveal().getBytes(StandardCharsets.UTF_8).length < LEAST_SECRET_BYTES) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must have at least " + LEAST_SECRET_BYTES + " bytes", "secret");
        }
        TokenIssuer issuer = new TokenIssuer(
                ids.next().toString(),
                draft.tenant(),
                draft.issuer(),
                draft.algorithm(),
                secret,
                draft.jwksUrl(),
                draft.audience(),
                draft.tenantClaim(),
                draft.roleClaim(),
                draft.highestRole(),
                Instant.ofEpochMilli(clock.millis()));
        store.addIssuer(issuer);
        refresh();
        return issuer;
    }

    /** Ends the trust, and with it every token of the issuer, at once. {@code NOT_FOUND} where there is no such issuer. */
    public synchronized void distrust(TenantId tenant, String id) {
        if (!store.removeIssuer(tenant, id)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such issuer");
        }
        refresh();
    }

    /** Judges a token. Never fails, whatever is presented; no more is said of a bad one, to help nobody who tries. */
    public Optional<Credential> verify(String presented) {
        if (presented.length() > MAX_LENGTH || byName.isEmpty() || !JoseHeads.wellFormed(presented)) {
            return Optional.empty();
        }
        String hash = KeyHash.of(presented);
        Verified known = remembered.getIfPresent(hash);
        if (known == null || !stands(known)) {
            known = verified(presented).orElse(null);
            if (known == null) {
                remembered.invalidate(hash);
                return Optional.empty();
            }
            remembered.put(hash, known);
        }
        Instant now = clock.instant();
        boolean good =
                now.isBefore(known.credential.expiresAt().plus(LEEWAY)) && tenants.open(known.credential.tenant());
        return good ? Optional.of(known.credential) : Optional.empty();
    }

    /** Whether issuer and key are still what they were. */
    private boolean stands(Verified known) {
        URI jwksUrl = known.issuer.jwksUrl();
        JWK key = known.key;
        return byName.getOrDefault(known.issuer.issuer(), List.of()).contains(known.issuer)
                && (key == null || jwksUrl == null || keys.holds(jwksUrl, key));
    }

    private Optional<Verified> verified(String presented) {
        try {
            JWSObject jws = JWSObject.parse(presented);
            JWSHeader header = jws.getHeader();
            JsonNode claims = JSON.readTree(jws.getPayload().toBytes());
            Optional<TokenIssuer> trusted = trusted(claims);
            if (trusted.isEmpty()
                    || !JoseHeads.plain(header)
                    || !header.getAlgorithm()
                            .getName()
                            .equals(trusted.get().algorithm().name())) {
                return Optional.empty();
            }
            TokenIssuer issuer = trusted.get();
            JWK key = null;
            URI jwksUrl = issuer.jwksUrl();
            if (jwksUrl != null) {
                key = keys.find(jwksUrl, header.getAlgorithm(), header.getKeyID())
                        .orElse(null);
                if (key == null) {
                    return Optional.empty();
                }
            }
            if (!jws.verify(verifier(issuer, key))) {
                return Optional.empty();
            }
            JWK used = key;
            return BearerClaims.judge(claims, issuer, clock.instant(), LEEWAY)
                    .map(credential -> new Verified(credential, issuer, used));
        } catch (ParseException | JOSEException | IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private Optional<TokenIssuer> trusted(JsonNode claims) {
        return byName.getOrDefault(claims.path("iss").asText(""), List.of()).stream()
                .filter(issuer -> claims.path(issuer.tenantClaim())
                        .asText("")
                        .equals(issuer.tenant().value()))
                .findFirst();
    }

    private static JWSVerifier verifier(TokenIssuer issuer, @Nullable JWK key) throws JOSEException {
        if (key != null) {
            return SignedClaims.verifier(key);
        }
        Secret secret = issuer.secret();
        if (secret == null) {
            throw new JOSEException("neither secret nor key");
        }
        return new MACVerifier(secret.reveal().getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void refresh() {
        Map<String, List<TokenIssuer>> all = new HashMap<>();
        store.issuers()
                .forEach(issuer -> all.computeIfAbsent(issuer.issuer(), _ -> new ArrayList<>())
                        .add(issuer));
        byName.keySet().retainAll(all.keySet());
        all.forEach((name, issuers) -> byName.put(name, List.copyOf(issuers)));
    }

    private record Verified(
            Credential.Bearer credential,
            TokenIssuer issuer,
            @Nullable JWK key) {}
}
