package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every token store must do. */
abstract class AbstractTokenStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** One with the two tenants acme and other. */
    abstract TokenStore store();

    @Test
    void givesIssuersBackAsTheyWere() {
        TokenIssuer shared = new TokenIssuer(
                "1",
                ACME,
                "https://a.example",
                TokenIssuer.Algorithm.HS256,
                new Secret("s"),
                null,
                "us",
                "tenant",
                "role",
                Role.ADMIN,
                NOON);
        TokenIssuer published = new TokenIssuer(
                "2",
                OTHER,
                "https://a.example",
                TokenIssuer.Algorithm.ES256,
                null,
                URI.create("https://a.example/keys"),
                null,
                "t",
                "r",
                Role.VIEWER,
                NOON.plusSeconds(1));
        store().addIssuer(published);
        store().addIssuer(shared);
        assertThat(store().issuers()).containsExactly(shared, published);
        AbstractAccountStoreContract.assertCode(
                () -> store().addIssuer(new TokenIssuer(
                        "3",
                        ACME,
                        "https://a.example",
                        TokenIssuer.Algorithm.HS256,
                        new Secret("s"),
                        null,
                        null,
                        "tenant",
                        "role",
                        Role.ADMIN,
                        NOON)),
                ErrorCode.CONFLICT);
        assertThat(store().removeIssuer(ACME, "2")).isFalse();
        assertThat(store().removeIssuer(OTHER, "2")).isTrue();
        assertThat(store().issuers()).containsExactly(shared);
    }

    @Test
    void keepsTheFurthestRevocationOfASubjectAndForgetsWhatIsOver() {
        EmbedRevocation early = new EmbedRevocation(ACME, EmbedRevocation.Kind.REPORT, "r", NOON, NOON.plusSeconds(60));
        EmbedRevocation late =
                new EmbedRevocation(ACME, EmbedRevocation.Kind.REPORT, "r", NOON.plusSeconds(5), NOON.plusSeconds(65));
        EmbedRevocation other = new EmbedRevocation(OTHER, EmbedRevocation.Kind.TOKEN, "r", NOON, NOON.plusSeconds(10));
        store().revoke(late);
        store().revoke(early);
        store().revoke(other);
        assertThat(store().revocations()).containsExactly(late, other);
        store().forget(NOON.plusSeconds(10));
        assertThat(store().revocations()).containsExactly(late);
        AbstractAccountStoreContract.assertCode(
                () -> store().revoke(new EmbedRevocation(
                        new TenantId("nobody"), EmbedRevocation.Kind.SHARE, "x", NOON, NOON)),
                ErrorCode.NOT_FOUND);
    }
}
