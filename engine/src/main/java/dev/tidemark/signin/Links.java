package dev.tidemark.signin;

import dev.tidemark.account.KeyHash;
import dev.tidemark.account.Role;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One-time links. Blocking; thread-safe. */
final class Links {
    static final Duration SETUP_LIFETIME = Duration.ofHours(24);
    static final Duration INVITATION_LIFETIME = Duration.ofDays(7);
    private static final Duration REMEMBERED = Duration.ofDays(30);
    private static final int MAX_TOKEN = 100;
    private static final int MAX_INVITATIONS = 500;

    private final SignInStore store;
    private final TimeSource clock;
    private final RandomGenerator random;
    private final UuidV7 ids;

    Links(SignInStore store, TimeSource clock, RandomGenerator random, UuidV7 ids) {
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.ids = ids;
    }

    /** A link with its secret part, which is shown once. */
    record Made(OneTimeLink link, String secret) {}

    /** Makes a setup link, which takes the place of earlier ones. */
    Made setup() {
        store.removeLinks(OneTimeLink.Purpose.SETUP, null);
        return made(OneTimeLink.Purpose.SETUP, null, null, null, SETUP_LIFETIME);
    }

    /** Makes a link to choose a new password, which takes the place of earlier ones. */
    Made password(String email) {
        store.removeLinks(OneTimeLink.Purpose.PASSWORD, email);
        return made(OneTimeLink.Purpose.PASSWORD, null, null, email, SETUP_LIFETIME);
    }

    Made invitation(TenantId tenant, Role role, String email) {
        if (store.invitations(tenant, clock.instant()).size() >= MAX_INVITATIONS) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "there are " + MAX_INVITATIONS + " invitations already: withdraw one first");
        }
        return made(OneTimeLink.Purpose.INVITATION, tenant, role, email, INVITATION_LIFETIME);
    }

    /** The link of a secret, while it is good; {@code NOT_FOUND} for everything else. */
    OneTimeLink good(String secret) {
        if (secret.length() > MAX_TOKEN) {
            throw notGood();
        }
        return store.findLink(KeyHash.of(secret))
                .filter(link -> link.good(clock.instant()))
                .orElseThrow(Links::notGood);
    }

    /** Uses a link up. {@code NOT_FOUND} when somebody else was first. */
    void use(OneTimeLink link) {
        if (!store.useLink(link.hash(), clock.instant())) {
            throw notGood();
        }
    }

    List<OneTimeLink> invitations(TenantId tenant) {
        return store.invitations(tenant, clock.instant());
    }

    List<OneTimeLink> invitationsFor(String email) {
        return store.invitationsFor(email, clock.instant());
    }

    /** Withdraws an invitation. */
    void withdraw(TenantId tenant, String id) {
        if (!store.removeLink(tenant, id)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such invitation");
        }
    }

    private Made made(
            OneTimeLink.Purpose purpose,
            @Nullable TenantId tenant,
            @Nullable Role role,
            @Nullable String email,
            Duration lifetime) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        store.forgetLinks(now.minus(REMEMBERED));
        String secret = RandomText.of(random);
        OneTimeLink link = new OneTimeLink(
                ids.next().toString(), KeyHash.of(secret), purpose, tenant, role, email, now, now.plus(lifetime), null);
        store.addLink(link);
        return new Made(link, secret);
    }

    private static TidemarkException notGood() {
        return new TidemarkException(ErrorCode.NOT_FOUND, "the link is not valid, was used, or is over");
    }
}
