package dev.tidemark.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.PublishedKeys;
import dev.tidemark.base.Secret;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in through a provider that stands on this machine and, where a test wants it, lies. */
final class OidcSignInTest {
    private static final String CLIENT = "tidemark";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final AtomicReference<String> expectedChallenge = new AtomicReference<>("");
    private final AtomicReference<UnaryOperator<ObjectNode>> lie = new AtomicReference<>(UnaryOperator.identity());
    private final AtomicReference<String> nonce = new AtomicReference<>("");
    private final AtomicReference<JWSHeader> head = new AtomicReference<>();
    private final AtomicReference<JWSSigner> signer = new AtomicReference<>();
    private HttpServer provider;
    private String issuer;
    private OutboundWeb web;
    private ServerFixture server;
    private String inviting;

    @BeforeEach
    void open() throws Exception {
        provider = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        issuer = "http://127.0.0.1:" + provider.getAddress().getPort();
        RSAKey key = new RSAKeyGenerator(2048).keyID("k").generate();
        signer.set(new RSASSASigner(key));
        head.set(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build());
        answers(
                "/.well-known/openid-configuration",
                _ -> JSON.createObjectNode()
                        .put("issuer", issuer)
                        .put("authorization_endpoint", issuer + "/authorize")
                        .put("token_endpoint", issuer + "/token")
                        .put("jwks_uri", issuer + "/keys")
                        .toString());
        answers("/keys", _ -> new JWKSet(key.toPublicJWK()).toString());
        answers("/token", this::token);
        provider.start();
        web = new OutboundWeb(true);
        server = new ServerFixture(directory);
        inviting = server.key(ServerFixture.ACME, AccessKey.Kind.SECRET);
        new OidcRoutes(
                        new OidcSettings(issuer, CLIENT, new Secret("hush"), "Acme", "RS256"),
                        web,
                        new PublishedKeys(web, server.time),
                        server.signIn,
                        server.people,
                        server.address,
                        SessionLimits.DEFAULTS,
                        server.time,
                        new Random(9))
                .register(server.table);
    }

    @AfterEach
    void close() {
        server.close();
        provider.stop(0);
    }

    @Test
    void whoIsInvitedComesInAndIsKnownFromThenOn() {
        invite("ada@example.com");
        Way first = begin();
        HttpResponse<String> in = first.finish();
        assertThat(in.statusCode()).isEqualTo(302);
        assertThat(in.headers().firstValue("Location")).contains("/");
        String cookie = in.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        JsonNode session = ServerFixture.json(server.send("GET", "/api/v1/session", "", "Cookie", cookie));
        assertThat(session.at("/user/email").asText()).isEqualTo("ada@example.com");
        assertThat(session.at("/tenants/0/role").asText()).isEqualTo("viewer");
        lie.set(claims -> claims.put("email", "renamed@example.com"));
        assertThat(begin().finish().headers().firstValue("Set-Cookie"))
                .as("by the identity")
                .isPresent();
    }

    @Test
    void whoIsNotInvitedStaysOutside() {
        refused(begin());
        invite("ada@example.com");
        lie.set(claims -> claims.put("email_verified", false));
        refused(begin());
        lie.set(claims -> claims.put("email_verified", "true"));
        refused(begin());
        assertThat(server.people.findByEmail("ada@example.com")).isEmpty();
    }

    @Test
    void aCodeIsGoodInTheBrowserThatAskedOnceAndForSomeMinutes() {
        invite("ada@example.com");
        Way way = begin();
        refused(callback(way.state, "code", ""));
        refused(way);
        Way another = begin();
        refused(callback(another.state, "code", another.cookie.replaceAll("=.", "=#")));
        Way late = begin();
        server.time.advance(Duration.ofMinutes(10));
        refused(late);
        refused(callback("made up", "code", late.cookie));
        Way mixed = begin();
        HttpResponse<String> otherIssuer = server.send(
                "GET",
                "/sign-in/oidc/callback?code=c&state=" + mixed.state + "&iss=https%3A%2F%2Fevil.example",
                "",
                "Cookie",
                mixed.cookie);
        refused(otherIssuer);
        assertThat(begin().finish().headers().firstValue("Set-Cookie")).isPresent();
    }

    @Test
    void aTokenThatIsNotForThisSignInIsRefused() throws Exception {
        invite("ada@example.com");
        List<UnaryOperator<ObjectNode>> lies = List.of(
                claims -> claims.put("nonce", "another"),
                claims -> claims.without("nonce"),
                claims -> claims.put("iss", "https://evil.example"),
                claims -> claims.put("aud", "another"),
                claims -> claims.without("aud"),
                claims -> {
                    claims.putArray("aud").add(CLIENT).add("another");
                    return claims;
                },
                claims -> claims.put("exp", server.time.instant().getEpochSecond() - 61),
                claims -> claims.without("exp"),
                claims -> claims.put("exp", 1e30),
                claims -> claims.put("iat", -1e30),
                claims -> claims.put("exp", "2999-01-01"),
                claims -> claims.put("iat", server.time.instant().getEpochSecond() + 120),
                claims -> claims.put("sub", ""));
        for (UnaryOperator<ObjectNode> each : lies) {
            lie.set(each);
            refused(begin());
        }
        lie.set(UnaryOperator.identity());
        RSAKey evil = new RSAKeyGenerator(2048).keyID("k").generate();
        signer.set(new RSASSASigner(evil));
        refused(begin());
        head.set(new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(evil.toPublicJWK())
                .build());
        refused(begin());
        signer.set(new MACSigner("hush".repeat(20)));
        head.set(new JWSHeader(JWSAlgorithm.HS256));
        refused(begin());
    }

    @Test
    void aPersonWithAPasswordIsLinkedByTheVerifiedAddressOnce() {
        String link = server.signIn.setupSecret();
        server.send(
                "POST",
                "/api/v1/links/accept",
                "{\"link\":\"" + link + "\",\"email\":\"ada@example.com\",\"password\":\"correct horse battery\"}");
        assertThat(begin().finish().headers().firstValue("Set-Cookie")).isPresent();
        lie.set(claims -> claims.put("sub", "another person of that address"));
        refused(begin());
    }

    private final class Way {
        private final String state;
        private final String cookie;

        Way(String state, String cookie) {
            this.state = state;
            this.cookie = cookie;
        }

        HttpResponse<String> finish() {
            return callback(state, "code", cookie);
        }
    }

    private Way begin() {
        HttpResponse<String> start = server.send("GET", "/sign-in/oidc", "");
        assertThat(start.statusCode()).isEqualTo(302);
        String location = start.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith(issuer + "/authorize?").contains("code_challenge_method=S256", "scope=openid");
        expectedChallenge.set(parameter(location, "code_challenge"));
        nonce.set(parameter(location, "nonce"));
        String cookie = start.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Lax");
        return new Way(parameter(location, "state"), cookie.replaceAll(";.*", ""));
    }

    private HttpResponse<String> callback(String state, String code, String cookie) {
        String path = "/sign-in/oidc/callback?code=" + code + "&state=" + state.replace(" ", "%20");
        return cookie.isEmpty() ? server.send("GET", path, "") : server.send("GET", path, "", "Cookie", cookie);
    }

    private void refused(Way way) {
        refused(way.finish());
    }

    private static void refused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/#sign-in=refused");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    private void invite(String email) {
        assertThat(server.send(
                                "POST",
                                "/api/v1/invitations",
                                "{\"email\":\"" + email + "\",\"role\":\"viewer\"}",
                                "Authorization",
                                "Bearer " + inviting)
                        .statusCode())
                .isEqualTo(201);
    }

    private static String parameter(String location, String name) {
        return location.replaceAll(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    private String token(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            form.put(pair.replaceAll("=.*", ""), pair.replaceAll("^[^=]*=", ""));
        }
        assertThat(form).containsEntry("grant_type", "authorization_code");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(form.getOrDefault("code_verifier", "").getBytes(StandardCharsets.US_ASCII));
            String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
            if (!challenge.equals(expectedChallenge.get())) {
                return "{\"error\":\"invalid_grant\"}";
            }
            long now = server.time.instant().getEpochSecond();
            ObjectNode claims = JSON.createObjectNode()
                    .put("iss", issuer)
                    .put("sub", "ada-1815")
                    .put("aud", CLIENT)
                    .put("nonce", nonce.get())
                    .put("email", "ada@example.com")
                    .put("email_verified", true)
                    .put("iat", now)
                    .put("exp", now + 300);
            JWSObject jws = new JWSObject(
                    head.get(), new Payload(lie.get().apply(claims).toString()));
            jws.sign(signer.get());
            return JSON.createObjectNode().put("id_token", jws.serialize()).toString();
        } catch (JOSEException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void answers(String path, UnaryOperator<String> answer) {
        provider.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] bytes = answer.apply(body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
