package dev.tidemark.account;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies embed tokens: JWTs, HS256 with the tenant's embed secret and no other algorithm.
 *
 * <p>Claims: {@code tenant}, {@code report}, {@code exp}, {@code iat}, {@code jti}, and where they apply {@code filter},
 * {@code origins}, {@code theme}, {@code pickers}, {@code controls}, {@code share}. A token is good until {@code exp} plus {@link #LEEWAY}, and never for longer than {@link
 * #MAX_LIFETIME} after {@code iat}. Thread-safe.
 *
 * <p>A signature is checked once and remembered while the tenant's secret stays, because an open stream presents its token again and
 * again; the time is judged anew each time.
 */
public final class EmbedTokens {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    public static final Duration MAX_LIFETIME = Duration.ofDays(30);

    /** How far clocks may differ. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final int MAX_TOKEN_LENGTH = 8_192;
    private static final int MAX_CLAIMS_LENGTH = 5_000;
    private static final long MAX_KNOWN_CHARACTERS = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** By hash, so that the time of a look-up says nothing of the tokens that are known. Only what was signed gets here. */
    private final Cache<String, Signed> known = Caffeine.newBuilder()
            .maximumWeight(MAX_KNOWN_CHARACTERS)
            .weigher((String _, Signed signed) -> signed.characters)
            .build();

    private final SnapshotDirectory directory;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final EmbedRevocations revocations;

    /** Tokens that nothing ends before their time. */
    public EmbedTokens(SnapshotDirectory directory, TimeSource clock, UuidV7 ids) {
        this(directory, clock, ids, EmbedRevocations.none(clock));
    }

    public EmbedTokens(SnapshotDirectory directory, TimeSource clock, UuidV7 ids, EmbedRevocations revocations) {
        this.directory = directory;
        this.clock = clock;
        this.ids = ids;
        this.revocations = revocations;
    }

    /**
     * What a token permits.
     *
     * @param lockedFilter a filter in the question's JSON form, or null
     * @param origins already checked by {@link OriginRule}
     * @param pickers the properties whose values may be listed
     * @param shareId of the share link that the token comes of; empty for none
     * @param controls what is left of the report's controls, in their JSON form; null for all of them
     */
    public record Grant(
            TenantId tenant,
            String reportId,
            @Nullable JsonNode lockedFilter,
            List<String> origins,
            String theme,
            Duration lifetime,
            List<String> pickers,
            String shareId,
            @Nullable JsonNode controls) {

        /** One that takes nothing from the report's controls. */
        public Grant(
                TenantId tenant,
                String reportId,
                @Nullable JsonNode lockedFilter,
                List<String> origins,
                String theme,
                Duration lifetime,
                List<String> pickers,
                String shareId) {
            this(tenant, reportId, lockedFilter, origins, theme, lifetime, pickers, shareId, null);
        }

        /** One without pickers that comes of no share link. */
        public Grant(
                TenantId tenant,
                String reportId,
                @Nullable JsonNode lockedFilter,
                List<String> origins,
                String theme,
                Duration lifetime) {
            this(tenant, reportId, lockedFilter, origins, theme, lifetime, List.of(), "");
        }

        public Grant {
            origins = List.copyOf(origins);
            pickers = List.copyOf(pickers);
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "expires_in must be from 1 to " + MAX_LIFETIME.toSeconds() + " seconds",
                        "expires_in");
            }
        }
    }

    /** A token and when it ends. */
    public record Issued(String token, String id, Instant expiresAt) {}

    /** What a presented token turned out to be. */
    public sealed interface Outcome {
        record Valid(Credential.EmbedToken token) implements Outcome {}

        /** Signed by the tenant, but over. */
        record Expired(Instant at) implements Outcome {}

        /** Signed by the tenant, and ended before its time. */
        record Revoked() implements Outcome {}

        /** Not a token of ours; no more is said, to help nobody who tries. */
        record Invalid() implements Outcome {}
    }

    /** Makes a token. */
    public Issued issue(Grant grant) {
        Secret secret = directory
                .embedSecret(grant.tenant())
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant"));
        Instant earliest = revocations.earliest(grant.tenant(), grant.reportId());
        Instant now = clock.instant();
        long issuedAt = (earliest.isAfter(now) ? earliest : now).getEpochSecond();
        String id = ids.next().toString();
        long expiresAt = issuedAt + grant.lifetime().toSeconds();
        ObjectNode claims = JSON.createObjectNode()
                .put("tenant", grant.tenant().value())
                .put("report", grant.reportId())
                .put("iat", issuedAt)
                .put("exp", expiresAt)
                .put("jti", id)
                .put("theme", grant.theme());
        if (grant.lockedFilter() != null) {
            claims.set("filter", grant.lockedFilter());
        }
        if (!grant.origins().isEmpty()) {
            ArrayNode origins = claims.putArray("origins");
            grant.origins().forEach(origins::add);
        }
        if (!grant.pickers().isEmpty()) {
            ArrayNode pickers = claims.putArray("pickers");
            grant.pickers().forEach(pickers::add);
        }
        if (grant.controls() != null) {
            claims.set("controls", grant.controls());
        }
        if (!grant.shareId().isEmpty()) {
            claims.put("share", grant.shareId());
        }
        String text = claims.toString();
        if (text.length() > MAX_CLAIMS_LENGTH) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "filter and origins are too long for a token", "filter");
        }
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(JOSEObjectType.JWT)
                    .build();
            JWSObject jws = new JWSObject(header, new Payload(text));
            jws.sign(new MACSigner(bytes(secret)));
            return new Issued(jws.serialize(), id, Instant.ofEpochSecond(expiresAt));
        } catch (JOSEException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a token could not be signed", e);
        }
    }

    /** Judges a token. Never fails, whatever is presented. */
    public Outcome verify(String presented) {
        if (presented.length() > MAX_TOKEN_LENGTH || !JoseHeads.wellFormed(presented)) {
            return new Outcome.Invalid();
        }
        String hash = KeyHash.of(presented);
        Signed signed = known.getIfPresent(hash);
        if (signed != null && isCurrent(signed)) {
            return judge(signed.tenant, signed.claims);
        }
        try {
            JWSObject jws = JWSObject.parse(presented);
            if (!JWSAlgorithm.HS256.equals(jws.getHeader().getAlgorithm()) || !JoseHeads.plain(jws.getHeader())) {
                return new Outcome.Invalid();
            }
            JsonNode claims = JSON.readTree(jws.getPayload().toBytes());
            TenantId tenant = new TenantId(claims.path("tenant").asText(""));
            Optional<Secret> secret = directory.embedSecret(tenant);
            if (secret.isEmpty() || !jws.verify(new MACVerifier(bytes(secret.get())))) {
                return new Outcome.Invalid();
            }
            Outcome outcome = judge(tenant, claims);
            known.put(hash, new Signed(tenant, claims, secret.get(), presented.length()));
            return outcome;
        } catch (ParseException | JOSEException | IOException | RuntimeException _) {
            return new Outcome.Invalid();
        }
    }

    private Outcome judge(TenantId tenant, JsonNode claims) {
        String report = claims.path("report").asText("");
        if (report.isEmpty()
                || !claims.path("exp").isIntegralNumber()
                || !claims.path("iat").isIntegralNumber()
                || TokenTimes.of(claims.get("exp")).isEmpty()
                || TokenTimes.of(claims.get("iat")).isEmpty()
                || (claims.has("origins") && !claims.get("origins").isArray())
                || (claims.has("pickers") && !claims.get("pickers").isArray())
                || (claims.has("controls") && !claims.get("controls").isObject())) {
            return new Outcome.Invalid();
        }
        Instant issuedAt = Instant.ofEpochSecond(claims.get("iat").longValue());
        Instant expiresAt = Instant.ofEpochSecond(claims.get("exp").longValue());
        Instant now = clock.instant();
        if (issuedAt.isAfter(now.plus(LEEWAY)) || expiresAt.isAfter(issuedAt.plus(MAX_LIFETIME))) {
            return new Outcome.Invalid();
        }
        if (!now.isBefore(expiresAt.plus(LEEWAY))) {
            return new Outcome.Expired(expiresAt);
        }
        if (revocations.covers(
                tenant,
                report,
                claims.path("jti").asText(""),
                claims.path("share").asText(""),
                issuedAt)) {
            return new Outcome.Revoked();
        }
        JsonNode filter = claims.get("filter");
        List<String> pickers = new ArrayList<>();
        claims.path("pickers").forEach(property -> pickers.add(property.asText("")));
        List<String> origins = new ArrayList<>();
        claims.path("origins").forEach(origin -> origins.add(new OriginRule(origin.asText("")).value()));
        return new Outcome.Valid(new Credential.EmbedToken(
                tenant,
                report,
                filter == null || filter.isNull() ? null : filter,
                List.copyOf(origins),
                expiresAt,
                claims.path("theme").asText("auto"),
                List.copyOf(pickers),
                claims.get("controls")));
    }

    /** A secret that was rotated, or that was read anew from the accounts, is another object. */
    private boolean isCurrent(Signed signed) {
        return directory
                .embedSecret(signed.tenant)
                .filter(secret -> secret == signed.secret)
                .isPresent();
    }

    /** Claims whose signature by the secret was found good, and that were of the right form; not to be modified. */
    private record Signed(TenantId tenant, JsonNode claims, Secret secret, int characters) {}

    private static byte[] bytes(Secret secret) {
        return Base64.getUrlDecoder().decode(secret.reveal());
    }
}
