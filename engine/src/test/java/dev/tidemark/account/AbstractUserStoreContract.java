package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every user store must do. */
abstract class AbstractUserStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** One with the two tenants acme and other. */
    abstract UserStore store();

    @Test
    void givesUsersBackAsTheyWere() {
        User ada = user("u-1", "ada@example.com", "issuer|1");
        User bob = new User(
                new UserId("u-2"), "bob@example.com", "Bob", new Secret("hash"), null, true, NOON.plusSeconds(1));
        store().addUser(bob);
        store().addUser(ada);
        assertThat(store().users()).containsExactly(ada, bob);
        User renamed = new User(ada.id(), ada.email(), "Ada", new Secret("new"), null, false, NOON);
        assertThat(store().replaceUser(renamed)).isTrue();
        assertThat(store().users()).containsExactly(renamed, bob);
        assertThat(store().replaceUser(user("u-9", "nobody@example.com", null))).isFalse();
    }

    @Test
    void refusesAnAddressAndAnIdentityThatAreTaken() {
        store().addUser(user("u-1", "ada@example.com", "issuer|1"));
        store().addUser(user("u-2", "bob@example.com", "issuer|2"));
        conflicts(() -> store().addUser(user("u-3", "ada@example.com", null)));
        conflicts(() -> store().addUser(user("u-1", "new@example.com", null)));
        conflicts(() -> store().addUser(user("u-3", "new@example.com", "issuer|1")));
        conflicts(() -> store().replaceUser(user("u-2", "ada@example.com", null)));
        assertThat(store().users()).hasSize(2);
    }

    @Test
    void keepsOneMembershipForEachTenantAndUser() {
        store().addUser(user("u-1", "ada@example.com", null));
        store().putMembership(new Membership(ACME, new UserId("u-1"), Role.VIEWER, NOON));
        store().putMembership(new Membership(OTHER, new UserId("u-1"), Role.OWNER, NOON.plusSeconds(1)));
        store().putMembership(new Membership(ACME, new UserId("u-1"), Role.ADMIN, NOON.plusSeconds(2)));
        assertThat(store().memberships())
                .containsExactly(
                        new Membership(ACME, new UserId("u-1"), Role.ADMIN, NOON),
                        new Membership(OTHER, new UserId("u-1"), Role.OWNER, NOON.plusSeconds(1)));
        assertThat(store().removeMembership(ACME, new UserId("u-1"))).isTrue();
        assertThat(store().removeMembership(ACME, new UserId("u-1"))).isFalse();
        assertThat(store().memberships()).hasSize(1);
        AbstractAccountStoreContract.assertCode(
                () -> store().putMembership(new Membership(ACME, new UserId("u-9"), Role.VIEWER, NOON)),
                ErrorCode.NOT_FOUND);
        AbstractAccountStoreContract.assertCode(
                () -> store().putMembership(
                                new Membership(new TenantId("nobody"), new UserId("u-1"), Role.VIEWER, NOON)),
                ErrorCode.NOT_FOUND);
    }

    @Test
    void keepsTheGrantsOfEachTenantApartAndForgetsThemWithTheMember() {
        UserId ada = new UserId("u-1");
        store().addUser(user("u-1", "ada@example.com", null));
        store().putMembership(new Membership(ACME, ada, Role.VIEWER, NOON));
        ReportGrant named = new ReportGrant(new ReportGrant.Holder.Named(ada), ReportGrant.Level.EDIT);
        ReportGrant role = new ReportGrant(new ReportGrant.Holder.Everyone(Role.EDITOR), ReportGrant.Level.VIEW);
        store().replaceGrants(ACME, "r", List.of(named, role));
        store().replaceGrants(OTHER, "r", List.of(role));
        assertThat(store().grants(ACME).get("r")).containsExactlyInAnyOrder(named, role);
        assertThat(store().grants(OTHER).get("r")).containsExactly(role);
        store().removeMembership(ACME, ada);
        assertThat(store().grants(ACME).get("r")).containsExactly(role);
        store().replaceGrants(ACME, "r", List.of());
        assertThat(store().grants(ACME)).isEmpty();
    }

    @Test
    void removesAUserWithEverythingOfIt() {
        store().addUser(user("u-1", "ada@example.com", null));
        store().putMembership(new Membership(ACME, new UserId("u-1"), Role.VIEWER, NOON));
        assertThat(store().removeUser(new UserId("u-1"))).isTrue();
        assertThat(store().removeUser(new UserId("u-1"))).isFalse();
        assertThat(store().memberships()).isEmpty();
        assertThat(store().users()).isEmpty();
    }

    private static void conflicts(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        AbstractAccountStoreContract.assertCode(call, ErrorCode.CONFLICT);
    }

    private static User user(String id, String email, @Nullable String identity) {
        return new User(new UserId(id), email, "", null, identity, false, NOON);
    }
}
