package dev.tidemark.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of share links must do. */
abstract class AbstractShareLinkStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    abstract ShareLinkStore store();

    @Test
    void givesLinksBackAsTheyWere() {
        ShareLink plain = link("1", ACME, NOON);
        ShareLink full = new ShareLink(
                "2",
                "hash-2",
                ACME,
                "r",
                "For the board",
                new Secret("hash"),
                new ObjectMapper().createObjectNode().put("property", "plan"),
                List.of("country", "with space"),
                new ObjectMapper().createObjectNode().put("drill_down", "none"),
                "dark",
                NOON.plusSeconds(1),
                NOON.plusSeconds(60),
                null);
        store().add(plain);
        store().add(full);
        store().add(link("3", OTHER, NOON));
        assertThat(store().find("hash-2")).contains(full);
        assertThat(store().find("hash-9")).isEmpty();
        assertThat(store().of(ACME, "r")).containsExactly(full, plain);
        assertThat(store().of(ACME, "other")).isEmpty();
    }

    @Test
    void revokesALinkOnceAndOnlyWhereItBelongs() {
        store().add(link("1", ACME, NOON));
        assertThat(store().revoke(OTHER, "r", "1", NOON)).isFalse();
        assertThat(store().revoke(ACME, "other", "1", NOON)).isFalse();
        assertThat(store().find("hash-1").orElseThrow().good(NOON)).isTrue();
        assertThat(store().revoke(ACME, "r", "1", NOON.plusSeconds(1))).isTrue();
        assertThat(store().revoke(ACME, "r", "1", NOON.plusSeconds(9))).isTrue();
        assertThat(store().find("hash-1").orElseThrow().revokedAt()).isEqualTo(NOON.plusSeconds(1));
    }

    private static ShareLink link(String id, TenantId tenant, Instant at) {
        return new ShareLink(id, "hash-" + id, tenant, "r", "", null, null, List.of(), null, "auto", at, null, null);
    }
}
