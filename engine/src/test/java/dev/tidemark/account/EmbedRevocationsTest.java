package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embed tokens that end before their time, and heads that want more than they may. */
final class EmbedRevocationsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final EmbedTokens.Outcome REVOKED = new EmbedTokens.Outcome.Revoked();

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00.700Z");
    private MetadataDatabase database;
    private SnapshotDirectory tenants;
    private EmbedRevocations revocations;
    private EmbedTokens tokens;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore store = new SqliteAccountStore(database);
        tenants = new SnapshotDirectory(store, time);
        Accounts accounts = new Accounts(store, tenants, time, new Random(7));
        accounts.ensureTenant(ACME);
        accounts.ensureTenant(OTHER);
        restart();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void oneTokenEndsAndTheOthersOfItsReportStay() {
        EmbedTokens.Issued one = issue(ACME, "r", "");
        EmbedTokens.Issued another = issue(ACME, "r", "");
        EmbedTokens.Issued theirs = issue(OTHER, "r", "");
        revocations.revokeToken(ACME, one.id());
        assertThat(verified(one)).isEqualTo(REVOKED);
        assertThat(verified(another)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        revocations.revokeToken(ACME, theirs.id());
        assertThat(verified(theirs)).as("not theirs to revoke").isInstanceOf(EmbedTokens.Outcome.Valid.class);
    }

    @Test
    void everyTokenOfAReportEndsButThoseIssuedAfterwardsEvenInTheSameSecond() {
        EmbedTokens.Issued before = issue(ACME, "r", "");
        EmbedTokens.Issued otherReport = issue(ACME, "s", "");
        revocations.revokeReport(ACME, "r");
        EmbedTokens.Issued after = issue(ACME, "r", "");
        assertThat(verified(before)).isEqualTo(REVOKED);
        assertThat(verified(otherReport)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        assertThat(verified(after)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        revocations.revokeReport(ACME, "r");
        time.advance(Duration.ofSeconds(1));
        revocations.revokeReport(ACME, "r");
        assertThat(verified(after)).isEqualTo(REVOKED);
    }

    @Test
    void whatCameOfAShareLinkEndsWithIt() {
        EmbedTokens.Issued shared = issue(ACME, "r", "share-1");
        EmbedTokens.Issued plain = issue(ACME, "r", "");
        revocations.revokeShare(ACME, "share-1");
        assertThat(verified(shared)).isEqualTo(REVOKED);
        assertThat(verified(plain)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
    }

    @Test
    void revocationsOutliveTheProcessUntilNothingTheyCoverCanBeGood() {
        EmbedTokens.Issued one = issue(ACME, "r", "");
        revocations.revokeToken(ACME, one.id());
        restart();
        assertThat(verified(one)).isEqualTo(REVOKED);
        time.advance(EmbedTokens.MAX_LIFETIME.plus(Duration.ofMinutes(2)));
        restart();
        assertThat(new SqliteTokenStore(database).revocations()).isEmpty();
        assertThat(verified(one)).isInstanceOf(EmbedTokens.Outcome.Expired.class);
    }

    @Test
    void pickersAndNothingElseComeBackFromAToken() {
        EmbedTokens.Issued issued = tokens.issue(
                new EmbedTokens.Grant(ACME, "r", null, List.of(), "auto", Duration.ofHours(1), List.of("country"), ""));
        assertThat(verified(issued))
                .isInstanceOfSatisfying(
                        EmbedTokens.Outcome.Valid.class,
                        valid -> assertThat(valid.token().pickers()).containsExactly("country"));
    }

    @Test
    void aHeadThatBringsAKeyOrChangesTheRulesIsRefused() throws Exception {
        byte[] secret = Base64.getUrlDecoder()
                .decode(tenants.embedSecret(ACME).orElseThrow().reveal());
        OctetSequenceKey own = new OctetSequenceKey.Builder(new byte[32]).build();
        long now = time.instant().getEpochSecond();
        String claims = "{\"tenant\":\"acme\",\"report\":\"r\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}";
        List<JWSHeader> heads = List.of(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .jwkURL(URI.create("https://evil.example"))
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .x509CertURL(URI.create("https://evil.example"))
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .customParam("key", own.toJSONObject())
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .criticalParams(Set.of("exp"))
                        .customParam("exp", 1)
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .customParam("zip", "DEF")
                        .build(),
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("JWE"))
                        .build());
        for (JWSHeader head : heads) {
            JWSObject jws = new JWSObject(head, new Payload(claims));
            jws.sign(new MACSigner(secret));
            assertThat(tokens.verify(jws.serialize())).as(head.toString()).isEqualTo(new EmbedTokens.Outcome.Invalid());
        }
        JWSObject plain = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        plain.sign(new MACSigner(secret));
        String good = plain.serialize();
        assertThat(tokens.verify(good)).isInstanceOf(EmbedTokens.Outcome.Valid.class);
        for (String spelled : List.of(" " + good, good + "=", good + "\n", good.replace(".", ". "), good + ".")) {
            assertThat(tokens.verify(spelled))
                    .as("one token, one spelling")
                    .isEqualTo(new EmbedTokens.Outcome.Invalid());
        }
    }

    private void restart() {
        revocations = new EmbedRevocations(new SqliteTokenStore(database), time);
        tokens = new EmbedTokens(tenants, time, new UuidV7(time, new Random(1)), revocations);
    }

    private EmbedTokens.Issued issue(TenantId tenant, String report, String share) {
        return tokens.issue(
                new EmbedTokens.Grant(tenant, report, null, List.of(), "auto", Duration.ofHours(1), List.of(), share));
    }

    private EmbedTokens.Outcome verified(EmbedTokens.Issued issued) {
        return tokens.verify(issued.token());
    }
}
