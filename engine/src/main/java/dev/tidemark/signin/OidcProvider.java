package dev.tidemark.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.PublishedKeys;
import dev.tidemark.account.SignedClaims;
import dev.tidemark.account.TokenTimes;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends people to the provider and understands what it says of them: discovery, authorization code with PKCE, a state that is bound to the
 * browser and good once, a nonce in the signed token. Blocking; thread-safe.
 */
final class OidcProvider {
    static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration DESCRIPTION_LIFETIME = Duration.ofHours(1);
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final int MAX_PENDING = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(OidcProvider.class);

    private final OidcSettings settings;
    private final OutboundWeb web;
    private final PublishedKeys keys;
    private final TimeSource clock;
    private final RandomGenerator random;
    private final Cache<String, Pending> pending;
    private volatile @Nullable Description description;

    OidcProvider(OidcSettings settings, OutboundWeb web, PublishedKeys keys, TimeSource clock, RandomGenerator random) {
        this.settings = settings;
        this.web = web;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
        this.pending = Caffeine.newBuilder()
                .maximumSize(MAX_PENDING)
                .expireAfterWrite(PATIENCE)
                .ticker(clock::nanos)
                .build();
    }

    /**
     * A sign-in that has begun.
     *
     * @param location where the browser goes
     * @param browser a secret that the browser keeps meanwhile
     */
    record Begun(String location, String browser) {}

    /**
     * Whom the provider vouches for.
     *
     * @param identity {@code issuer|subject}
     * @param email that the provider has verified; empty for none
     */
    record Vouched(String identity, String email, String name) {}

    private record Pending(String browser, String nonce, String verifier, String redirectUri) {}

    private record Description(URI authorization, URI token, URI keys, long readAt) {}

    /** Fails with {@code STORAGE_FAILED} when the provider does not answer. */
    Begun begin(String redirectUri) {
        Description known = described();
        String state = RandomText.of(random);
        Pending waiting = new Pending(RandomText.of(random), RandomText.of(random), RandomText.of(random), redirectUri);
        pending.put(state, waiting);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", redirectUri);
        query.put("scope", "openid email profile");
        query.put("state", state);
        query.put("nonce", waiting.nonce);
        query.put("code_challenge", challenge(waiting.verifier));
        query.put("code_challenge_method", "S256");
        String authorization = known.authorization.toString();
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new Begun(authorization + (authorization.indexOf('?') < 0 ? "?" : "&") + parameters, waiting.browser);
    }

    /** Empty for everything that is not right; what was begun is over either way. */
    Optional<Vouched> finish(String state, String code, String issuer, String browser) {
        Pending waiting = pending.asMap().remove(state);
        boolean same = waiting != null
                && MessageDigest.isEqual(
                        waiting.browser.getBytes(StandardCharsets.UTF_8), browser.getBytes(StandardCharsets.UTF_8));
        if (waiting == null || !same || (!issuer.isEmpty() && !issuer.equals(settings.issuer()))) {
            return Optional.empty();
        }
        try {
            Description known = described();
            JsonNode answer = JSON.readTree(web.post(known.token, form(waiting, code), authorization()));
            return SignedClaims.of(answer.path("id_token").asText(""), settings.algorithm(), keys, known.keys)
                    .filter(claims -> isFor(claims, waiting))
                    .map(this::vouched);
        } catch (IOException | TidemarkException e) {
            LOG.atWarn().addKeyValue("why", e.getClass().getSimpleName()).log("the sign-in provider did not answer");
            return Optional.empty();
        }
    }

    private Map<String, String> form(Pending waiting, String code) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", waiting.redirectUri);
        form.put("code_verifier", waiting.verifier);
        if (settings.clientSecret() == null) {
            form.put("client_id", settings.clientId());
        }
        return form;
    }

    private @Nullable String authorization() {
        Secret secret = settings.clientSecret();
        if (secret == null) {
            return null;
        }
        String pair = URLEncoder.encode(settings.clientId(), StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret.reveal(), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isFor(JsonNode claims, Pending waiting) {
        JsonNode audience = claims.path("aud");
        boolean several = audience.isArray() && audience.size() > 1;
        boolean ours = audience.isArray()
                ? StreamSupport.stream(audience.spliterator(), false)
                        .anyMatch(each -> each.asText().equals(settings.clientId()))
                : audience.asText("").equals(settings.clientId());
        Instant now = clock.instant();
        return claims.path("iss").asText("").equals(settings.issuer())
                && ours
                && (!several || claims.path("azp").asText("").equals(settings.clientId()))
                && claims.path("nonce").asText("").equals(waiting.nonce)
                && !claims.path("sub").asText("").isEmpty()
                && TokenTimes.of(claims.path("exp"))
                        .filter(expiresAt -> now.isBefore(expiresAt.plus(LEEWAY)))
                        .isPresent()
                && TokenTimes.of(claims.path("iat"))
                        .filter(issuedAt -> !issuedAt.isAfter(now.plus(LEEWAY)))
                        .isPresent();
    }

    private Vouched vouched(JsonNode claims) {
        JsonNode verified = claims.path("email_verified");
        boolean good = verified.isBoolean() && verified.booleanValue();
        return new Vouched(
                settings.issuer() + "|" + claims.path("sub").asText(),
                good ? claims.path("email").asText("").strip().toLowerCase(Locale.ROOT) : "",
                claims.path("name").asText(""));
    }

    private Description described() {
        Description known = description;
        if (known != null && clock.millis() - known.readAt < DESCRIPTION_LIFETIME.toMillis()) {
            return known;
        }
        String issuer = settings.issuer();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            JsonNode read =
                    JSON.readTree(web.get(web.checked(base + "/.well-known/openid-configuration", "oidc.issuer")));
            if (!read.path("issuer").asText("").equals(issuer)) {
                throw new IOException("the provider describes another issuer");
            }
            Description fresh = new Description(
                    web.checked(read.path("authorization_endpoint").asText(""), "authorization_endpoint"),
                    web.checked(read.path("token_endpoint").asText(""), "token_endpoint"),
                    web.checked(read.path("jwks_uri").asText(""), "jwks_uri"),
                    clock.millis());
            description = fresh;
            return fresh;
        } catch (IOException | TidemarkException e) {
            if (known != null) {
                return known;
            }
            LOG.atWarn().addKeyValue("why", e.getMessage()).log("the sign-in provider cannot be asked");
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the provider does not answer", e);
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }
}
