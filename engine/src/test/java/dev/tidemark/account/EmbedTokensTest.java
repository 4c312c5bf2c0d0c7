package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedTokensTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final EmbedTokens.Outcome INVALID = new EmbedTokens.Outcome.Invalid();

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private MetadataDatabase database;
    private AccountStore store;
    private Accounts accounts;
    private EmbedTokens tokens;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteAccountStore(database);
        SnapshotDirectory accountsInMemory = new SnapshotDirectory(store, time);
        accounts = new Accounts(store, accountsInMemory, time, new Random(7));
        accounts.ensureTenant(ACME);
        accounts.ensureTenant(OTHER);
        tokens = new EmbedTokens(accountsInMemory, time, new UuidV7(time, new Random(8)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void givesBackWhatWasGranted() throws Exception {
        JsonNode filter = JSON.readTree("{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"DE\"}");
        EmbedTokens.Issued issued = tokens.issue(new EmbedTokens.Grant(
                ACME, "report-1", filter, List.of("https://app.example.com"), "dark", Duration.ofMinutes(5)));
        Instant end = Instant.parse("2026-03-01T12:05:00Z");
        assertThat(issued.expiresAt()).isEqualTo(end);
        assertThat(tokens.verify(issued.token()))
                .isEqualTo(new EmbedTokens.Outcome.Valid(new Credential.EmbedToken(
                        ACME, "report-1", filter, List.of("https://app.example.com"), end, "dark")));
    }

    @Test
    void expiresAfterItsLifetimeAndTheLeeway() {
        String token = issue();
        time.advance(Duration.ofHours(1).plusSeconds(29));
        assertThat(tokens.verify(token)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        time.advance(Duration.ofSeconds(1));
        assertThat(tokens.verify(token))
                .isEqualTo(new EmbedTokens.Outcome.Expired(Instant.parse("2026-03-01T13:00:00Z")));
    }

    @Test
    void refusesATokenWithoutSignature() {
        String claims = claims("acme", 1_772_366_400L, 1_772_370_000L);
        assertThat(tokens.verify(base64("{\"alg\":\"none\"}") + "." + base64(claims) + "."))
                .isEqualTo(INVALID);
        assertThat(tokens.verify(base64("{\"alg\":\"HS256\"}") + "." + base64(claims) + "."))
                .isEqualTo(INVALID);
    }

    @Test
    void refusesEveryTokenWithOneCharacterChanged() {
        String token = issue();
        for (int index = 0; index < token.length(); index++) {
            char original = token.charAt(index);
            char changed = original == 'A' ? 'B' : 'A';
            if (original != '.') {
                String tampered = token.substring(0, index) + changed + token.substring(index + 1);
                assertThat(tokens.verify(tampered)).as("at %d", index).isEqualTo(INVALID);
            }
        }
    }

    @Test
    void refusesATokenSignedByAnotherTenant() throws Exception {
        long now = time.instant().getEpochSecond();
        String claims = claims("acme", now, now + 60);
        assertThat(tokens.verify(signed(claims, JWSAlgorithm.HS256, ACME)))
                .isInstanceOf(EmbedTokens.Outcome.Valid.class);
        assertThat(tokens.verify(signed(claims, JWSAlgorithm.HS256, OTHER))).isEqualTo(INVALID);
    }

    @Test
    void refusesAnyOtherAlgorithmEvenWithTheRightSecret() throws Exception {
        long now = time.instant().getEpochSecond();
        String claims = claims("acme", now, now + 60);
        byte[] secret = new byte[64];
        System.arraycopy(secret(ACME), 0, secret, 0, 32);
        JWSObject jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS512), new Payload(claims));
        jws.sign(new MACSigner(secret));
        assertThat(tokens.verify(jws.serialize())).isEqualTo(INVALID);
    }

    @Test
    void refusesClaimsThatLackSomethingOrLastTooLong() throws Exception {
        long now = time.instant().getEpochSecond();
        for (String claims : List.of(
                "{}",
                "[]",
                "\"acme\"",
                "{\"tenant\":\"acme\",\"report\":\"r\",\"iat\":" + now + "}",
                "{\"tenant\":\"acme\",\"report\":\"r\",\"exp\":" + (now + 60) + "}",
                "{\"tenant\":\"acme\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}",
                "{\"tenant\":\"acme\",\"tenant\":\"other\",\"report\":\"r\",\"iat\":" + now + ",\"exp\":" + (now + 60)
                        + "}",
                "{\"tenant\":\"acme\",\"report\":\"r\",\"origins\":\"https://a.example\",\"iat\":" + now + ",\"exp\":"
                        + (now + 60) + "}",
                "{\"tenant\":\"acme\",\"report\":\"r\",\"origins\":[\"*; script-src *\"],\"iat\":" + now + ",\"exp\":"
                        + (now + 60) + "}",
                claims("acme", now, now + EmbedTokens.MAX_LIFETIME.toSeconds() + 1),
                claims("acme", now + 3_600, now + 7_200),
                claims("nobody", now, now + 60),
                claims("../../etc", now, now + 60))) {
            assertThat(tokens.verify(signed(claims, JWSAlgorithm.HS256, ACME)))
                    .as(claims)
                    .isEqualTo(INVALID);
        }
    }

    @Test
    void refusesWhatIsNoTokenAtAll() {
        for (String text : List.of("", ".", "..", "a.b.c", "wk_123", "x".repeat(100_000), "\u0000.\u0000.\u0000")) {
            assertThat(tokens.verify(text)).isEqualTo(INVALID);
        }
    }

    @Test
    void endsEveryTokenWhenTheSecretIsRotated() {
        String token = issue();
        accounts.rotateEmbedSecret(ACME);
        assertThat(tokens.verify(token)).isEqualTo(INVALID);
        assertThat(tokens.verify(issue())).isInstanceOf(EmbedTokens.Outcome.Valid.class);
    }

    @Test
    void aTokenThatWasGoodBeforeIsStillJudgedByTimeAndSecret() {
        String token = issue();
        for (int i = 0; i < 3; i++) {
            assertThat(tokens.verify(token)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        }
        assertThat(tokens.verify(token + "A")).isEqualTo(INVALID);
        time.advance(Duration.ofHours(2));
        assertThat(tokens.verify(token)).isInstanceOf(EmbedTokens.Outcome.Expired.class);
        String younger = issue();
        assertThat(tokens.verify(younger)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        accounts.rotateEmbedSecret(ACME);
        assertThat(tokens.verify(younger)).isEqualTo(INVALID);
        assertThat(tokens.verify(token)).isEqualTo(INVALID);
    }

    @Test
    void boundsTheLifetime() {
        assertThatThrownBy(() -> grant(Duration.ofDays(31))).hasMessageContaining("expires_in");
        assertThatThrownBy(() -> grant(Duration.ZERO)).hasMessageContaining("expires_in");
    }

    private String issue() {
        return tokens.issue(grant(Duration.ofHours(1))).token();
    }

    private static EmbedTokens.Grant grant(Duration lifetime) {
        return new EmbedTokens.Grant(ACME, "report-1", null, List.of(), "auto", lifetime);
    }

    private String signed(String claims, JWSAlgorithm algorithm, TenantId signer) throws Exception {
        JWSObject jws = new JWSObject(new JWSHeader(algorithm), new Payload(claims));
        jws.sign(new MACSigner(secret(signer)));
        return jws.serialize();
    }

    private byte[] secret(TenantId tenant) {
        return Base64.getUrlDecoder()
                .decode(store.findTenant(tenant).orElseThrow().embedSecret().reveal());
    }

    private static String claims(String tenant, long issuedAt, long expiresAt) {
        return "{\"tenant\":\"" + tenant + "\",\"report\":\"r\",\"iat\":" + issuedAt + ",\"exp\":" + expiresAt + "}";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
