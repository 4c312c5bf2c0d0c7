package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

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
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes of attack of the public vectors for signed tokens that concern form, numbers and published keys. */
final class SignedTokenAttacksTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final String SECRET = "a shared secret of thirty-two bytes or more";
    /** The order of the curve P-256. */
    private static final BigInteger ORDER =
            new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final AtomicReference<String> published = new AtomicReference<>("{\"keys\":[]}");
    private HttpServer issuer;
    private MetadataDatabase database;
    private BearerTokens tokens;

    @BeforeEach
    void open() throws Exception {
        issuer = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        issuer.createContext("/keys", exchange -> {
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore store = new SqliteAccountStore(database);
        SnapshotDirectory tenants = new SnapshotDirectory(store, time);
        try (Accounts accounts = new Accounts(store, tenants, time, new Random(7))) {
            accounts.ensureTenant(ACME);
        }
        tokens = new BearerTokens(
                new SqliteTokenStore(database),
                tenants,
                new PublishedKeys(new OutboundWeb(true), time),
                time,
                new UuidV7(time, new Random(1)));
    }

    @AfterEach
    void close() {
        issuer.stop(0);
        database.close();
    }

    @Test
    void aTokenHasOneSpelling() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        String good = signed(JWSAlgorithm.HS256, "k", new MACSigner(SECRET));
        assertThat(tokens.verify(good)).isPresent();
        String[] part = good.split("\\.");
        List<String> others = new ArrayList<>(List.of(
                good + "=",
                good + "==",
                good + "\n",
                good + " ",
                "\t" + good,
                good.replace(".", ". "),
                good.replace('.', ','),
                part[0] + "=." + part[1] + "." + part[2],
                part[0] + "." + part[1] + "=." + part[2],
                part[0] + "." + part[1] + "\r\n." + part[2],
                part[0] + ".." + part[2],
                "." + part[1] + "." + part[2],
                part[0] + "." + part[1] + "." + part[2] + "." + part[2],
                part[0] + "." + part[1] + ".." + part[2] + ".",
                part[0] + ".AAAA." + part[1] + "." + part[2] + ".AAAA",
                "{\"payload\":\"" + part[1] + "\",\"protected\":\"" + part[0] + "\",\"signature\":\"" + part[2] + "\"}",
                part[0] + "." + part[1] + "." + part[2].replace('-', '+').replace('_', '/') + "+",
                part[0] + "%2e" + part[1] + "%2e" + part[2],
                part[0] + "." + part[1] + "." + part[2].substring(0, part[2].length() - 1) + "\u0410"));
        for (int length = 0; length < 32; length++) {
            byte[] cut = Arrays.copyOf(Base64.getUrlDecoder().decode(part[2]), length);
            others.add(part[0] + "." + part[1] + "." + base64(cut));
        }
        others.add(part[0] + "." + part[1] + "."
                + base64(Arrays.copyOf(Base64.getUrlDecoder().decode(part[2]), 33)));
        others.forEach(this::refused);
    }

    @Test
    void aHeadSaysEachThingOnceAndNothingThatChangesWhatIsSigned() throws Exception {
        trust(TokenIssuer.Algorithm.HS256);
        for (String head : List.of(
                "{\"alg\":\"HS256\",\"alg\":\"none\"}",
                "{\"alg\":\"none\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"kid\":\"a\",\"kid\":\"b\"}",
                "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
                "{\"alg\":\"HS256\",\"b64\":false}",
                "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
                "{\"alg\":\"HS256\",\"crit\":[]}",
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":9999999999}",
                "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
                "{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                "{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:"
                        + issuer.getAddress().getPort() + "/keys\"}",
                "{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/\"}",
                "{\"alg\":\"HS256\",\"x5c\":[\"AAAA\"]}",
                "{\"alg\":\"HS256\",\"typ\":\"JOSE+JSON\"}",
                "{\"alg\":\"hs256\"}",
                "{\"alg\":\" HS256\"}",
                "{\"alg\":\"HS384\"}",
                "{\"alg\":\"HS512\"}",
                "{\"alg\":[\"HS256\"]}",
                "{\"alg\":null}",
                "{\"alg\":256}",
                "[\"HS256\"]",
                "\"HS256\"",
                "null",
                "{\"alg\":\"HS256\"",
                "{\"alg\":\"HS256\"}}",
                "{\"alg\":\"HS256\"} {}")) {
            refused(maced(head));
        }
        assertThat(tokens.verify(maced("{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd' OR 1=1 --\"}")))
                .as("a shared secret needs no name, and the name is asked nowhere")
                .isPresent();
    }

    @Test
    void numbersOutsideTheCurvesOrderAreRefused() throws Exception {
        trust(TokenIssuer.Algorithm.ES256);
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        publish(key);
        String good = signed(JWSAlgorithm.ES256, "k", new ECDSASigner(key));
        assertThat(tokens.verify(good)).isPresent();
        String body = good.substring(0, good.lastIndexOf('.') + 1);
        byte[] both = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
        BigInteger r = new BigInteger(1, Arrays.copyOf(both, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(both, 32, 64));
        List<BigInteger> odd = List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                ORDER,
                ORDER.subtract(BigInteger.ONE),
                ORDER.add(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
        for (BigInteger each : odd) {
            refused(body + base64(pair(each, s, 32)));
            refused(body + base64(pair(r, each, 32)));
            refused(body + base64(pair(each, each, 32)));
        }
        refused(body + base64(pair(r, s, 33)));
        refused(body + base64(pair(r, s, 48)));
        refused(body + base64(pair(s, r, 32)));
        refused(body + base64(Arrays.copyOfRange(both, 1, 64)));
        refused(body + base64(Arrays.copyOf(both, 65)));
        ECKey wide = new ECKeyGenerator(Curve.P_521).keyID("k").generate();
        refused(signed(JWSAlgorithm.ES512, "k", new ECDSASigner(wide)));
    }

    @Test
    void rsaSignaturesOfAnotherPaddingHashOrLengthAreRefused() throws Exception {
        trust(TokenIssuer.Algorithm.RS256);
        RSAKey key = new RSAKeyGenerator(2048).keyID("k").generate();
        publish(key);
        String good = signed(JWSAlgorithm.RS256, "k", new RSASSASigner(key));
        assertThat(tokens.verify(good)).isPresent();
        for (JWSAlgorithm other :
                List.of(JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.RS384, JWSAlgorithm.RS512)) {
            refused(signed(other, "k", new RSASSASigner(key)));
        }
        String body = good.substring(0, good.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
        byte[] longer = new byte[signature.length + 1];
        System.arraycopy(signature, 0, longer, 1, signature.length);
        refused(body + base64(longer));
        refused(body + base64(Arrays.copyOf(signature, signature.length + 1)));
        refused(body + base64(Arrays.copyOf(signature, signature.length - 1)));
        refused(body + base64(new byte[signature.length]));
        byte[] one = new byte[signature.length];
        one[one.length - 1] = 1;
        refused(body + base64(one));
        BigInteger modulus = key.toRSAPublicKey().getModulus();
        byte[] more = new BigInteger(1, signature).add(modulus).toByteArray();
        refused(body + base64(more));
    }

    @Test
    void secretKeysThatAreMeantForOthersOrAreNoneAreNotTakenFromWhatIsPublished() throws Exception {
        trust(TokenIssuer.Algorithm.ES256);
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        String offCurve = key.toPublicJWK()
                .toJSONString()
                .replace(key.getY().toString(), key.getX().toString());
        for (String set : List.of(
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + base64(SECRET.getBytes(StandardCharsets.UTF_8))
                        + "\"}]}",
                "{\"keys\":[" + offCurve + "]}",
                "{\"keys\":[" + key.toJSONString() + "]}",
                "{\"keys\":[" + key.toPublicJWK().toJSONString().replace("\"kid\"", "\"use\":\"enc\",\"kid\"") + "]}",
                "{\"keys\":{}}",
                "[]",
                "")) {
            published.set(set);
            refused(signed(JWSAlgorithm.ES256, "k", new ECDSASigner(key)));
            refused(signed(JWSAlgorithm.HS256, "k", new MACSigner(SECRET)));
            time.advance(PublishedKeys.LIFETIME.plus(PublishedKeys.FLOOR));
        }
    }

    private void trust(TokenIssuer.Algorithm algorithm) {
        boolean shared = algorithm == TokenIssuer.Algorithm.HS256;
        tokens.trust(new TokenIssuer(
                "",
                ACME,
                "https://id.example",
                algorithm,
                shared ? new Secret(SECRET) : null,
                shared
                        ? null
                        : URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys"),
                null,
                "tenant",
                "role",
                Role.OWNER,
                Instant.EPOCH));
    }

    private void publish(com.nimbusds.jose.jwk.JWK key) {
        published.set(new com.nimbusds.jose.jwk.JWKSet(key).toPublicJWKSet().toString());
    }

    private String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer) throws Exception {
        JWSObject jws =
                new JWSObject(new JWSHeader.Builder(algorithm).keyID(keyId).build(), new Payload(claims()));
        jws.sign(signer);
        return jws.serialize();
    }

    /** With a right MAC under whatever head. */
    private String maced(String head) throws Exception {
        String signed =
                base64(head.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims().getBytes(StandardCharsets.UTF_8));
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private String claims() {
        return "{\"iss\":\"https://id.example\",\"sub\":\"ada\",\"tenant\":\"acme\",\"role\":\"editor\",\"exp\":"
                + time.instant().plusSeconds(3_600).getEpochSecond() + "}";
    }

    private void refused(String token) {
        assertThat(tokens.verify(token)).as(token).isEmpty();
    }

    private static byte[] pair(BigInteger r, BigInteger s, int width) {
        byte[] pair = new byte[2 * width];
        place(r, pair, 0, width);
        place(s, pair, width, width);
        return pair;
    }

    private static void place(BigInteger number, byte[] into, int from, int width) {
        byte[] bytes = number.toByteArray();
        int skipped = Math.max(0, bytes.length - width);
        System.arraycopy(bytes, skipped, into, from + width - (bytes.length - skipped), bytes.length - skipped);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
