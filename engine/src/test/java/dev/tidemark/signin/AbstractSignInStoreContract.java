package dev.tidemark.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.Role;
import dev.tidemark.account.UserId;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of sessions and links must do. */
abstract class AbstractSignInStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    abstract SignInStore store();

    @Test
    void keepsSessionsUntilTheyAreRemoved() {
        StoredSession first =
                new StoredSession("h1", new UserId("u-1"), null, NOON, NOON, new Arrival("192.0.2.1", "Lynx"));
        StoredSession second = new StoredSession(
                "h2", new UserId("u-2"), ACME, NOON.plusSeconds(1), NOON.plusSeconds(1), new Arrival("", ""));
        store().put(second);
        store().put(first);
        store().put(first.usedAt(NOON.plusSeconds(9)).in(ACME));
        assertThat(store().sessions())
                .containsExactly(first.usedAt(NOON.plusSeconds(9)).in(ACME), second);
        store().removeSession("h1");
        store().removeSession("h1");
        assertThat(store().sessions()).containsExactly(second);
    }

    @Test
    void keepsWhoMayNotSignIn() {
        UserId user = new UserId("u-1");
        store().putDisabled(user, NOON);
        store().putDisabled(user, NOON.plusSeconds(1));
        assertThat(store().disabled()).containsOnly(Map.entry(user, NOON));
        store().removeDisabled(user);
        store().removeDisabled(user);
        assertThat(store().disabled()).isEmpty();
    }

    @Test
    void ofManyWhoUseALinkAtOnceOneSucceeds() throws Exception {
        store().addLink(link("1", OneTimeLink.Purpose.SETUP, null, NOON.plusSeconds(60)));
        AtomicInteger used = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int each = 0; each < 20; each++) {
                threads.submit(() -> {
                    if (store().useLink("hash-1", NOON)) {
                        used.incrementAndGet();
                    }
                });
            }
        }
        assertThat(used).hasValue(1);
        assertThat(store().findLink("hash-1").orElseThrow().usedAt()).isEqualTo(NOON);
    }

    @Test
    void aLinkIsOverAtItsEnd() {
        OneTimeLink link = link("1", OneTimeLink.Purpose.INVITATION, "a@example.com", NOON.plusSeconds(60));
        store().addLink(link);
        assertThat(store().findLink("hash-1")).contains(link);
        assertThat(store().findLink("hash-2")).isEmpty();
        assertThat(store().useLink("hash-1", NOON.plusSeconds(60))).isFalse();
        assertThat(store().invitations(ACME, NOON.plusSeconds(59))).containsExactly(link);
        assertThat(store().invitations(ACME, NOON.plusSeconds(60))).isEmpty();
        assertThat(store().invitationsFor("a@example.com", NOON)).containsExactly(link);
        assertThat(store().invitationsFor("b@example.com", NOON)).isEmpty();
        store().forgetLinks(NOON.plusSeconds(60));
        assertThat(store().findLink("hash-1")).isEmpty();
    }

    @Test
    void removesLinksOfTheirTenantAndPurposeAlone() {
        store().addLink(link("1", OneTimeLink.Purpose.INVITATION, "a@example.com", NOON.plusSeconds(60)));
        store().addLink(link("2", OneTimeLink.Purpose.SETUP, null, NOON.plusSeconds(60)));
        store().addLink(link("3", OneTimeLink.Purpose.PASSWORD, "a@example.com", NOON.plusSeconds(60)));
        assertThat(store().removeLink(new TenantId("other"), "1")).isFalse();
        store().removeLinks(OneTimeLink.Purpose.SETUP, null);
        store().removeLinks(OneTimeLink.Purpose.PASSWORD, "b@example.com");
        assertThat(store().findLink("hash-2")).isEmpty();
        assertThat(store().findLink("hash-3")).isPresent();
        assertThat(store().removeLink(ACME, "1")).isTrue();
        assertThat(store().findLink("hash-1")).isEmpty();
    }

    private static OneTimeLink link(String id, OneTimeLink.Purpose purpose, @Nullable String email, Instant end) {
        boolean invitation = purpose == OneTimeLink.Purpose.INVITATION;
        return new OneTimeLink(
                id,
                "hash-" + id,
                purpose,
                invitation ? ACME : null,
                invitation ? Role.VIEWER : null,
                email,
                NOON,
                end,
                null);
    }
}
