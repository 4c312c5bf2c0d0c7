package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are signed as they should be and say odd things: to bearer tokens and embed tokens alike. */
final class SignedTokenClaimsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final String SECRET = "a shared secret of thirty-two bytes or more";
    private static final String HEAD = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final long now = time.instant().getEpochSecond();
    private MetadataDatabase database;
    private Accounts accounts;
    private byte[] embedSecret;
    private EmbedTokens embedTokens;
    private BearerTokens bearerTokens;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore store = new SqliteAccountStore(database);
        SnapshotDirectory tenants = new SnapshotDirectory(store, time);
        accounts = new Accounts(store, tenants, time, new Random(7));
        accounts.ensureTenant(ACME);
        embedSecret = Base64.getUrlDecoder()
                .decode(tenants.embedSecret(ACME).orElseThrow().reveal());
        UuidV7 ids = new UuidV7(time, new Random(1));
        embedTokens = new EmbedTokens(tenants, time, ids);
        bearerTokens = new BearerTokens(
                new SqliteTokenStore(database), tenants, new PublishedKeys(new OutboundWeb(true), time), time, ids);
    }

    @AfterEach
    void close() {
        accounts.close();
        database.close();
    }

    @Test
    void aTimeIsANumberOfSecondsWithinReason() throws Exception {
        trust(TokenIssuer.Algorithm.HS256, null);
        assertThat(bearer("\"exp\":" + (now + 60))).isTrue();
        assertThat(bearer("\"exp\":" + (now + 60) + ".5")).as("a fraction").isTrue();
        assertThat(embed("\"iat\":" + now + ",\"exp\":" + (now + 60))).isTrue();
        for (String odd : List.of(
                "\"" + (now + 60) + "\"",
                "-1",
                "-" + (now + 60),
                "0",
                "1e30",
                "1e400",
                "-1e400",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                // Whoever keeps the lowest 64 bits alone finds a good time here.
                new java.math.BigInteger(Long.toString(now + 60))
                        .add(java.math.BigInteger.TWO.pow(64))
                        .toString(),
                "253402300800",
                "null",
                "true",
                "[" + (now + 60) + "]",
                "{\"value\":" + (now + 60) + "}")) {
            assertThat(bearer("\"exp\":" + odd)).as("exp " + odd).isFalse();
            assertThat(embed("\"iat\":" + now + ",\"exp\":" + odd))
                    .as("exp " + odd)
                    .isFalse();
        }
        for (String odd : List.of(
                "\"" + now + "\"",
                "-1",
                "1e400",
                "9223372036854775807",
                "18446744073709551616",
                Long.toString(now + 3_600),
                "null",
                "[]",
                "false")) {
            for (String member : List.of("nbf", "iat")) {
                assertThat(bearer("\"exp\":" + (now + 60) + ",\"" + member + "\":" + odd))
                        .as(member + " " + odd)
                        .isFalse();
            }
            assertThat(embed("\"exp\":" + (now + 60) + ",\"iat\":" + odd))
                    .as("iat " + odd)
                    .isFalse();
        }
    }

    @Test
    void nestingIsBoundedInHeadAndClaims() throws Exception {
        trust(TokenIssuer.Algorithm.HS256, null);
        String good = "\"exp\":" + (now + 60);
        for (int depth : List.of(1_001, 2_500)) {
            for (String[] bracket : List.of(new String[] {"[", "]"}, new String[] {"{\"a\":", "}"})) {
                int times = bracket[0].length() > 1 ? Math.min(depth, 1_001) : depth;
                String nest =
                        bracket[0].repeat(times) + (bracket[0].length() > 1 ? "1" : "") + bracket[1].repeat(times);
                assertThat(bearer(good + ",\"x\":" + nest))
                        .as("claims " + times)
                        .isFalse();
                assertThat(embed("\"iat\":" + now + "," + good + ",\"filter\":" + nest))
                        .as("claims " + times)
                        .isFalse();
                String head = "{\"alg\":\"HS256\",\"kid\":" + nest + "}";
                assertThat(bearerTokens.verify(
                                maced(head, bearerClaims(good), SECRET.getBytes(StandardCharsets.UTF_8))))
                        .isEmpty();
                assertThat(embedTokens.verify(maced(head, embedClaims("\"iat\":" + now + "," + good), embedSecret)))
                        .isEqualTo(new EmbedTokens.Outcome.Invalid());
            }
        }
    }

    @Test
    void headsThatNameOtherFormsOrKeysAreRefusedForEmbedTokensToo() throws Exception {
        String claims = embedClaims("\"iat\":" + now + ",\"exp\":" + (now + 60));
        assertThat(embedTokens.verify(maced(HEAD, claims, embedSecret))).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        String oct = Base64.getUrlEncoder().withoutPadding().encodeToString(embedSecret);
        for (String head : List.of(
                "{\"alg\":\"hs256\"}",
                "{\"alg\":\"Hs256\"}",
                "{\"alg\":\"HS256 \"}",
                "{\"alg\":\"none\"}",
                "{\"alg\":\"nOnE\"}",
                "{\"alg\":\"HS384\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
                "{\"alg\":\"HS256\",\"b64\":true}",
                "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
                "{\"alg\":\"HS256\",\"crit\":[]}",
                "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
                "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"" + oct + "\"}}",
                "{\"alg\":\"HS256\",\"jku\":\"https://evil.example/keys\"}",
                "{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/cert\"}",
                "{\"alg\":\"HS256\",\"x5c\":[\"AAAA\"]}",
                "{\"alg\":\"HS256\",\"kid\":7}",
                "{\"alg\":\"HS256\"}\u0000")) {
            assertThat(embedTokens.verify(maced(head, claims, embedSecret)))
                    .as(head)
                    .isEqualTo(new EmbedTokens.Outcome.Invalid());
        }
    }

    @Test
    void aTokenWithinATokenOrOfBytesThatAreNoTextIsRefused() throws Exception {
        trust(TokenIssuer.Algorithm.HS256, null);
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        String inner = maced(HEAD, bearerClaims("\"exp\":" + (now + 60)), secret);
        assertThat(bearerTokens.verify(inner)).isPresent();
        for (String payload : List.of(
                inner, "\"" + inner + "\"", "{\"jwt\":\"" + inner + "\"}", "", "null", "[]", "{", "{}", "\u0000")) {
            assertThat(bearerTokens.verify(maced(HEAD, payload, secret)))
                    .as(payload)
                    .isEmpty();
            assertThat(embedTokens.verify(maced(HEAD, payload, embedSecret)))
                    .as(payload)
                    .isEqualTo(new EmbedTokens.Outcome.Invalid());
        }
        byte[] broken = bearerClaims("\"exp\":" + (now + 60)).getBytes(StandardCharsets.UTF_8);
        broken[broken.length / 2] = (byte) 0xFF;
        assertThat(bearerTokens.verify(maced(HEAD.getBytes(StandardCharsets.UTF_8), broken, secret)))
                .isEmpty();
    }

    @Test
    void anAudienceIsAListOfTextsOrOneText() throws Exception {
        trust(TokenIssuer.Algorithm.HS256, "tidemark");
        String good = "\"exp\":" + (now + 60) + ",\"aud\":";
        assertThat(bearer(good + "\"tidemark\"")).isTrue();
        assertThat(bearer(good + "[\"others\",\"tidemark\"]")).isTrue();
        for (String odd : List.of(
                "\"Tidemark\"",
                "\" tidemark\"",
                "\"tidemark others\"",
                "[]",
                "[[\"tidemark\"]]",
                "[{\"aud\":\"tidemark\"}]",
                "{\"0\":\"tidemark\"}",
                "null",
                "true",
                "[null]")) {
            assertThat(bearer(good + odd)).as(odd).isFalse();
        }
        assertThat(bearer("\"exp\":" + (now + 60))).as("none").isFalse();
    }

    @Test
    void aPublishedKeyIsUsedForWhatItIsPublishedFor() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                new Payload(bearerClaims("\"exp\":" + (now + 60))));
        jws.sign(new ECDSASigner(key));
        List<String> published = new ArrayList<>(List.of(""));
        HttpServer issuer = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        issuer.createContext("/keys", exchange -> {
            byte[] body = published.getLast().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
        try {
            trust(TokenIssuer.Algorithm.ES256, null, issuer.getAddress().getPort());
            String open = key.toPublicJWK().toJSONString();
            for (String said : List.of(
                    "\"key_ops\":[\"encrypt\"]",
                    "\"key_ops\":[\"sign\"]",
                    "\"key_ops\":[\"deriveKey\",\"wrapKey\"]",
                    "\"use\":\"enc\"",
                    "\"use\":\"enc\",\"key_ops\":[\"verify\"]",
                    "\"alg\":\"ES384\"",
                    "\"alg\":\"ECDH-ES\"")) {
                published.add("{\"keys\":[" + open.replace("\"kid\"", said + ",\"kid\"") + "]}");
                assertThat(bearerTokens.verify(jws.serialize())).as(said).isEmpty();
                time.advance(PublishedKeys.FLOOR);
            }
            published.add(
                    "{\"keys\":[" + open.replace("\"kid\"", "\"use\":\"sig\",\"key_ops\":[\"verify\"],\"kid\"") + "]}");
            assertThat(bearerTokens.verify(renewed(key))).isPresent();
        } finally {
            issuer.stop(0);
        }
    }

    private String renewed(ECKey key) throws Exception {
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                new Payload(bearerClaims("\"exp\":" + (time.instant().getEpochSecond() + 60))));
        jws.sign(new ECDSASigner(key));
        return jws.serialize();
    }

    private boolean bearer(String claims) throws GeneralSecurityException {
        return bearerTokens
                .verify(maced(HEAD, bearerClaims(claims), SECRET.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    private boolean embed(String claims) throws GeneralSecurityException {
        return embedTokens.verify(maced(HEAD, embedClaims(claims), embedSecret)) instanceof EmbedTokens.Outcome.Valid;
    }

    private static String bearerClaims(String more) {
        return "{\"iss\":\"https://id.example\",\"sub\":\"ada\",\"tenant\":\"acme\",\"role\":\"editor\"," + more + "}";
    }

    private static String embedClaims(String more) {
        return "{\"tenant\":\"acme\",\"report\":\"r\"," + more + "}";
    }

    private void trust(TokenIssuer.Algorithm algorithm, @org.jspecify.annotations.Nullable String audience) {
        trust(algorithm, audience, 0);
    }

    private void trust(TokenIssuer.Algorithm algorithm, @org.jspecify.annotations.Nullable String audience, int port) {
        bearerTokens.trust(new TokenIssuer(
                "",
                ACME,
                "https://id.example",
                algorithm,
                port == 0 ? new Secret(SECRET) : null,
                port == 0 ? null : URI.create("http://127.0.0.1:" + port + "/keys"),
                audience,
                "tenant",
                "role",
                Role.OWNER,
                Instant.EPOCH));
    }

    private static String maced(String head, String claims, byte[] secret) throws GeneralSecurityException {
        return maced(head.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8), secret);
    }

    /** With a right MAC, whatever is said. */
    private static String maced(byte[] head, byte[] claims, byte[] secret) throws GeneralSecurityException {
        String signed = base64(head) + "." + base64(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
