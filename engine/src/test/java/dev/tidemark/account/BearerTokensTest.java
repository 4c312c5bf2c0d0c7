package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.UuidV7;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes of attack on signed tokens that are publicly known, against the verifier of bearer tokens. */
final class BearerTokensTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final String SECRET = "a shared secret of thirty-two bytes or more";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> published = new AtomicReference<>("{\"keys\":[]}");
    private HttpServer issuers;
    private MetadataDatabase database;
    private SnapshotDirectory tenants;
    private Accounts accounts;
    private OutboundWeb web;
    private BearerTokens tokens;
    private RSAKey rsa;
    private ECKey curve;

    @BeforeEach
    void open() throws Exception {
        issuers = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        issuers.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuers.start();
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore store = new SqliteAccountStore(database);
        tenants = new SnapshotDirectory(store, time);
        accounts = new Accounts(store, tenants, time, new Random(7));
        accounts.ensureTenant(ACME);
        accounts.ensureTenant(OTHER);
        web = new OutboundWeb(true);
        tokens = new BearerTokens(
                new SqliteTokenStore(database),
                tenants,
                new PublishedKeys(web, time),
                time,
                new UuidV7(time, new Random(1)));
        rsa = new RSAKeyGenerator(2048).keyID("r1").generate();
        curve = new ECKeyGenerator(Curve.P_256).keyID("e1").generate();
    }

    @AfterEach
    void close() {
        issuers.stop(0);
        database.close();
    }

    @Test
    void aTokenOfATrustedIssuerSaysTenantAndRole() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        assertThat(tokens.verify(hs256(claims(), SECRET)))
                .contains(new Credential.Bearer(
                        ACME, "https://id.example", "ada", Role.EDITOR, Instant.parse("2026-03-01T13:00:00Z")));
    }

    @Test
    void publishedKeysOfBothKindsAreUsed() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        publish(rsa, curve);
        assertThat(tokens.verify(rs256(claims(), rsa, "r1"))).isPresent();
        tokens.distrust(ACME, tokens.issuers(ACME).getFirst().id());
        assertThat(tokens.verify(rs256(claims(), rsa, "r1"))).isEmpty();
        trust(TokenIssuer.Algorithm.ES256);
        assertThat(tokens.verify(es256(claims(), curve, "e1"))).isPresent();
        assertThat(tokens.verify(rs256(claims(), rsa, "r1")))
                .as("the algorithm is pinned")
                .isEmpty();
    }

    @Test
    void aTokenWithoutASignatureIsRefusedHoweverItSaysSo() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        String body = base64(claims().toString());
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            String head = base64("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}");
            refused(head + "." + body + ".");
            refused(head + "." + body + "." + base64("signature"));
        }
        refused(base64("{\"typ\":\"JWT\"}") + "." + body + ".");
        String good = hs256(claims(), SECRET);
        refused(good.substring(0, good.lastIndexOf('.') + 1));
        refused(good.substring(0, good.lastIndexOf('.')));
        refused(good + ".");
        refused(good + ".x.y");
        refused("");
        refused("..");
    }

    @Test
    void aPublicKeyIsNeverTakenForASharedSecret() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        publish(rsa);
        byte[] der = rsa.toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        for (byte[] confused : List.of(
                der,
                pem.getBytes(StandardCharsets.US_ASCII),
                rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                rsa.getModulus().decode())) {
            refused(signed(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), claims(), new MACSigner(confused)));
        }
    }

    @Test
    void theHeadCannotBringItsOwnKey() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        publish(rsa);
        RSAKey evil = new RSAKeyGenerator(2048).keyID("r1").generate();
        URI elsewhere = URI.create("http://127.0.0.1:" + issuers.getAddress().getPort() + "/keys");
        JWSSigner signer = new RSASSASigner(evil);
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .jwk(evil.toPublicJWK())
                        .build(),
                claims(),
                signer));
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("r1")
                        .jwkURL(elsewhere)
                        .build(),
                claims(),
                signer));
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("r1")
                        .x509CertURL(elsewhere)
                        .build(),
                claims(),
                signer));
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("r1")
                        .x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode("certificate")))
                        .build(),
                claims(),
                signer));
        refused(rs256(claims(), evil, "r1"));
        JWSSigner own = new RSASSASigner(rsa);
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("r1")
                        .jwk(rsa.toPublicJWK())
                        .build(),
                claims(),
                own));
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("r1")
                        .criticalParams(Set.of("exp"))
                        .customParam("exp", 1)
                        .build(),
                claims(),
                own));
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("../../etc/passwd")
                        .build(),
                claims(),
                own));
    }

    @Test
    void keysThatDoNotFitTheAlgorithmAreNotUsed() throws Exception {
        trust(TokenIssuer.Algorithm.ES256);
        ECKey wider = new ECKeyGenerator(Curve.P_384).keyID("e1").generate();
        ECKey encrypting = new ECKeyGenerator(Curve.P_256)
                .keyID("e2")
                .keyUse(KeyUse.ENCRYPTION)
                .generate();
        ECKey koblitz = new ECKey.Builder(curve)
                .keyID("e3")
                .algorithm(JWSAlgorithm.ES512)
                .build();
        publish(wider, encrypting, koblitz);
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.ES384).keyID("e1").build(), claims(), new ECDSASigner(wider)));
        refused(es256(claims(), encrypting, "e2"));
        refused(es256(claims(), curve, "e3"));
        refused(es256(claims(), curve, "e1"));
    }

    @Test
    void signaturesOfZerosOrOfAnotherFormAreRefused() throws Exception {
        trust(TokenIssuer.Algorithm.ES256);
        publish(curve);
        String good = es256(claims(), curve, "e1");
        String signed = good.substring(0, good.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
        byte[] order = curve.getCurve().toECParameterSpec().getOrder().toByteArray();
        List<byte[]> forged = new ArrayList<>(List.of(
                new byte[64],
                new byte[0],
                Arrays.copyOf(signature, 63),
                Arrays.copyOf(signature, 65),
                com.nimbusds.jose.crypto.impl.ECDSA.transcodeSignatureToDER(signature)));
        byte[] wholeOrder = new byte[64];
        System.arraycopy(order, order.length - 32, wholeOrder, 0, 32);
        System.arraycopy(order, order.length - 32, wholeOrder, 32, 32);
        forged.add(wholeOrder);
        for (byte[] each : forged) {
            refused(signed + Base64.getUrlEncoder().withoutPadding().encodeToString(each));
        }
        assertThat(tokens.verify(good)).isPresent();
    }

    @Test
    void weakRsaKeysAreNotUsed() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("w").generate();
        publish(weak);
        JWSSigner signer = new RSASSASigner(weak.toPrivateKey(), true);
        refused(signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("w").build(), claims(), signer));
    }

    @Test
    void everyChangedCharacterIsNoticed() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        String good = hs256(claims(), SECRET);
        for (int at = 0; at < good.length(); at++) {
            char other = good.charAt(at) == 'A' ? 'B' : 'A';
            refused(good.substring(0, at) + other + good.substring(at + 1));
        }
        refused(good.replace('.', '#'));
        refused(" " + good);
        refused(hs256(claims(), SECRET + "x"));
        refused(signed(new JWSHeader(JWSAlgorithm.HS512), claims(), new MACSigner(SECRET.repeat(2))));
    }

    @Test
    void theTimesMustBeRight() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        refused(hs256(claims().without("exp"), SECRET));
        refused(hs256(claims().put("exp", "2026-03-01"), SECRET));
        refused(hs256(claims().put("exp", time.instant().getEpochSecond() - 31), SECRET));
        refused(hs256(claims().put("nbf", time.instant().getEpochSecond() + 60), SECRET));
        refused(hs256(claims().put("iat", time.instant().getEpochSecond() + 60), SECRET));
        refused(hs256(claims().put("nbf", "soon"), SECRET));
        String soon = hs256(claims().put("exp", time.instant().getEpochSecond() + 10), SECRET);
        assertThat(tokens.verify(soon)).isPresent();
        time.advance(Duration.ofSeconds(41));
        assertThat(tokens.verify(soon)).as("also what was verified before").isEmpty();
    }

    @Test
    void tenantIssuerAudienceAndRoleMustBeRight() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        refused(hs256(claims().put("tenant", "other"), SECRET));
        refused(hs256(claims().put("tenant", "nobody"), SECRET));
        refused(hs256(claims().without("tenant"), SECRET));
        refused(hs256(claims().put("iss", "https://id.example.evil"), SECRET));
        refused(hs256(claims().without("iss"), SECRET));
        refused(hs256(claims().put("role", "root"), SECRET));
        refused(hs256(claims().without("role"), SECRET));
        tokens.distrust(ACME, tokens.issuers(ACME).getFirst().id());
        tokens.trust(issuer(ACME, TokenIssuer.Algorithm.HS256, "tidemark", Role.EDITOR));
        refused(hs256(claims(), SECRET));
        refused(hs256(claims().put("aud", "others"), SECRET));
        ObjectNode heard = claims();
        heard.putArray("aud").add("others").add("tidemark");
        heard.putArray("role").add("viewer").add("owner");
        assertThat(tokens.verify(hs256(heard, SECRET)).map(Credential::permissions))
                .as("no more than the issuer may give")
                .contains(Role.EDITOR.permissions());
    }

    @Test
    void claimsThatAreThereTwiceAreRefused() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        String twice = claims().toString().replace("{\"iss\"", "{\"role\":\"owner\",\"iss\"");
        JWSObject jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(twice));
        jws.sign(new MACSigner(SECRET));
        refused(jws.serialize());
    }

    @Test
    void anotherTenantsIssuerOfTheSameNameCannotSignForThisOne() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        TokenIssuer theirs = issuer(OTHER, TokenIssuer.Algorithm.HS256, null, Role.OWNER);
        tokens.trust(new TokenIssuer(
                "",
                OTHER,
                theirs.issuer(),
                theirs.algorithm(),
                new Secret("x".repeat(40)),
                null,
                null,
                "tenant",
                "role",
                Role.OWNER,
                Instant.EPOCH));
        refused(hs256(claims(), "x".repeat(40)));
        assertThat(tokens.verify(hs256(claims().put("tenant", "other"), "x".repeat(40))))
                .isPresent();
    }

    @Test
    void anUnknownKeyIsFetchedButNotAtEveryWhim() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        publish(rsa);
        assertThat(tokens.verify(rs256(claims(), rsa, "r1"))).isPresent();
        assertThat(fetches).hasValue(1);
        RSAKey next = new RSAKeyGenerator(2048).keyID("r2").generate();
        publish(next);
        for (int flood = 0; flood < 50; flood++) {
            refused(rs256(claims().put("n", flood), next, "unknown-" + flood));
        }
        assertThat(fetches).as("within the floor").hasValue(1);
        time.advance(PublishedKeys.FLOOR);
        assertThat(tokens.verify(rs256(claims(), next, "r2"))).isPresent();
        assertThat(fetches).hasValue(2);
        refused(rs256(claims().put("again", 1), rsa, "r1"));
        assertThat(tokens.verify(rs256(claims(), rsa, "r1")))
                .as("the key is gone, and what it verified")
                .isEmpty();
    }

    @Test
    void aClosedTenantsTokensAreOver() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        String good = hs256(claims(), SECRET);
        assertThat(tokens.verify(good)).isPresent();
        accounts.closeTenant(ACME, true);
        assertThat(tokens.verify(good)).isEmpty();
    }

    @Test
    void privateAddressesAreNotAskedUnlessTheOperatorAllowsIt() {
        OutboundWeb strict = new OutboundWeb(false);
        for (String bad : List.of(
                "http://id.example.com/keys",
                "https://user@id.example.com/",
                "file:///etc/passwd",
                "https:keys",
                "nonsense")) {
            assertThatThrownBy(() -> strict.checked(bad, "jwks_url"))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.field()).contains("jwks_url"));
        }
        for (String inside : List.of(
                "https://127.0.0.1/keys",
                "https://localhost/keys",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest",
                "https://[::1]/",
                "https://[fd00::1]/",
                "https://100.64.0.1/")) {
            assertThatThrownBy(() -> strict.get(URI.create(inside)))
                    .as(inside)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("private");
        }
    }

    private void refused(String token) {
        assertThat(tokens.verify(token)).as(token).isEmpty();
    }

    private void trust(TokenIssuer.Algorithm algorithm) {
        tokens.trust(issuer(ACME, algorithm, null, Role.ADMIN));
    }

    private TokenIssuer issuer(
            TenantId tenant, TokenIssuer.Algorithm algorithm, @Nullable String audience, Role highest) {
        boolean shared = algorithm == TokenIssuer.Algorithm.HS256;
        return new TokenIssuer(
                "",
                tenant,
                "https://id.example",
                algorithm,
                shared ? new Secret(SECRET) : null,
                shared
                        ? null
                        : URI.create("http://127.0.0.1:" + issuers.getAddress().getPort() + "/keys"),
                audience,
                "tenant",
                "role",
                highest,
                Instant.EPOCH);
    }

    private void publish(JWK... keys) {
        published.set(new JWKSet(List.of(keys)).toPublicJWKSet().toString());
    }

    private ObjectNode claims() {
        return JSON.createObjectNode()
                .put("iss", "https://id.example")
                .put("sub", "ada")
                .put("tenant", "acme")
                .put("role", "editor")
                .put("exp", time.instant().plusSeconds(3_600).getEpochSecond());
    }

    private static String hs256(JsonNode claims, String secret) throws JOSEException {
        return signed(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(secret));
    }

    private static String rs256(JsonNode claims, RSAKey key, String keyId) throws JOSEException {
        return signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), claims, new RSASSASigner(key));
    }

    private static String es256(JsonNode claims, ECKey key, String keyId) throws JOSEException {
        return signed(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(), claims, new ECDSASigner(key));
    }

    private static String signed(JWSHeader header, JsonNode claims, JWSSigner signer) throws JOSEException {
        JWSObject jws = new JWSObject(header, new Payload(claims.toString()));
        jws.sign(signer);
        return jws.serialize();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
