package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every account store must do. */
abstract class AbstractAccountStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    abstract AccountStore store();

    @Test
    void keepsTheFirstTenantOfAnId() {
        assertThat(store().addTenant(tenant(ACME, "first"))).isTrue();
        assertThat(store().addTenant(tenant(ACME, "second"))).isFalse();
        assertThat(store().findTenant(ACME)).contains(tenant(ACME, "first"));
        assertThat(store().findTenant(OTHER)).isEmpty();
        assertThat(store().tenants()).containsExactly(ACME);
    }

    @Test
    void givesSettingsBackAsTheyWere() {
        store().addTenant(tenant(ACME, "secret"));
        TenantSettings settings = new TenantSettings(
                ZoneId.of("Europe/Berlin"),
                DayOfWeek.SUNDAY,
                30,
                List.of(
                        new MaskingRule("properties.email", null, MaskingRule.Action.HASH),
                        new MaskingRule("*", "\\d{16}", MaskingRule.Action.REDACT)));
        assertThat(store().replaceSettings(ACME, settings)).isTrue();
        assertThat(store().findTenant(ACME).orElseThrow().settings()).isEqualTo(settings);
        assertThat(store().replaceSettings(OTHER, settings)).isFalse();
    }

    @Test
    void replacesTheEmbedSecretOfAKnownTenantOnly() {
        store().addTenant(tenant(ACME, "old"));
        assertThat(store().replaceEmbedSecret(ACME, new Secret("new"))).isTrue();
        assertThat(store().findTenant(ACME).orElseThrow().embedSecret()).isEqualTo(new Secret("new"));
        assertThat(store().replaceEmbedSecret(OTHER, new Secret("new"))).isFalse();
    }

    @Test
    void listsATenantsKeysOldestFirst() {
        store().addTenant(tenant(ACME, "a"));
        store().addTenant(tenant(OTHER, "b"));
        AccessKey second = key("2", ACME, "hash-2", NOON.plusSeconds(1));
        AccessKey first = key("1", ACME, "hash-1", NOON);
        store().addKey(second);
        store().addKey(first);
        store().addKey(key("3", OTHER, "hash-3", NOON));
        assertThat(store().keys(ACME)).containsExactly(first, second);
    }

    @Test
    void refusesAKeyWhoseHashOrIdIsTakenAndOneOfAnUnknownTenant() {
        store().addTenant(tenant(ACME, "a"));
        store().addKey(key("1", ACME, "hash-1", NOON));
        assertCode(() -> store().addKey(key("2", ACME, "hash-1", NOON)), ErrorCode.CONFLICT);
        assertCode(() -> store().addKey(key("1", ACME, "hash-2", NOON)), ErrorCode.CONFLICT);
        assertCode(() -> store().addKey(key("4", OTHER, "hash-4", NOON)), ErrorCode.NOT_FOUND);
        assertThat(store().keys(ACME)).hasSize(1);
    }

    @Test
    void revokesAKeyOnceAndOnlyForItsTenant() {
        store().addTenant(tenant(ACME, "a"));
        store().addKey(key("1", ACME, "hash-1", NOON));
        assertThat(store().revokeKey(OTHER, "1", NOON)).isFalse();
        assertThat(store().revokeKey(ACME, "1", NOON.plusSeconds(5))).isTrue();
        assertThat(store().revokeKey(ACME, "1", NOON.plusSeconds(9))).isTrue();
        assertThat(store().keys(ACME).getFirst().revokedAt()).isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void remembersTheLatestUseOfAKey() {
        store().addTenant(tenant(ACME, "a"));
        store().addKey(key("1", ACME, "hash-1", NOON));
        store().keyUsed(ACME, "1", NOON.plusSeconds(60));
        store().keyUsed(ACME, "1", NOON.plusSeconds(30));
        store().keyUsed(OTHER, "1", NOON.plusSeconds(90));
        assertThat(store().keys(ACME).getFirst().lastUsedAt()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void numbersSchemaVersionsWithinTenantAndEventType() {
        store().addTenant(tenant(ACME, "a"));
        store().addTenant(tenant(OTHER, "b"));
        store().addSchema(ACME, "purchase", EventSchema.Mode.OFF, null, "{}", NOON);
        store().addSchema(ACME, "purchase", EventSchema.Mode.ENFORCE, null, "{\"type\":\"object\"}", NOON);
        store().addSchema(ACME, "Order Completed", EventSchema.Mode.WARN, null, "{}", NOON);
        store().addSchema(OTHER, "purchase", EventSchema.Mode.WARN, null, "{}", NOON);
        assertThat(store().schemas(ACME))
                .containsExactly(
                        new EventSchema(ACME, "Order Completed", 1, EventSchema.Mode.WARN, null, "{}"),
                        new EventSchema(ACME, "purchase", 1, EventSchema.Mode.OFF, null, "{}"),
                        new EventSchema(ACME, "purchase", 2, EventSchema.Mode.ENFORCE, null, "{\"type\":\"object\"}"));
        assertCode(
                () -> store().addSchema(new TenantId("nobody"), "x", EventSchema.Mode.OFF, null, "{}", NOON),
                ErrorCode.NOT_FOUND);
    }

    @Test
    void changesWhatIsChosenOfTheVersionInForce() {
        store().addTenant(tenant(ACME, "a"));
        store().addSchema(ACME, "purchase", EventSchema.Mode.OFF, null, "{}", NOON);
        store().addSchema(ACME, "purchase", EventSchema.Mode.OFF, null, "{}", NOON);
        assertThat(store().changeSchema(ACME, "purchase", EventSchema.Mode.ENFORCE, EventSchema.Compatibility.BACKWARD))
                .contains(new EventSchema(
                        ACME, "purchase", 2, EventSchema.Mode.ENFORCE, EventSchema.Compatibility.BACKWARD, "{}"));
        assertThat(store().schemas(ACME))
                .containsExactly(
                        new EventSchema(ACME, "purchase", 1, EventSchema.Mode.OFF, null, "{}"),
                        new EventSchema(
                                ACME,
                                "purchase",
                                2,
                                EventSchema.Mode.ENFORCE,
                                EventSchema.Compatibility.BACKWARD,
                                "{}"));
        assertThat(store().changeSchema(ACME, "purchase", EventSchema.Mode.OFF, null))
                .contains(new EventSchema(ACME, "purchase", 2, EventSchema.Mode.OFF, null, "{}"));
        assertThat(store().changeSchema(ACME, "signup", EventSchema.Mode.WARN, null))
                .isEmpty();
    }

    @Test
    void givesConcurrentWritersEachTheirOwnVersion() throws Exception {
        store().addTenant(tenant(ACME, "a"));
        Set<Integer> versions = new ConcurrentSkipListSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 20; writer++) {
                threads.submit(
                        () -> versions.add(store().addSchema(ACME, "purchase", EventSchema.Mode.OFF, null, "{}", NOON)
                                .version()));
            }
        }
        assertThat(versions).hasSize(20);
    }

    static void assertCode(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static Tenant tenant(TenantId id, String secret) {
        return new Tenant(id, TenantSettings.DEFAULTS, new Secret(secret), NOON);
    }

    private static AccessKey key(String id, TenantId tenant, String hash, Instant createdAt) {
        return new AccessKey(
                id,
                tenant,
                AccessKey.Kind.WRITE,
                "site",
                hash,
                "wk_12345",
                List.of("https://a.example", "https://*.b.example"),
                null,
                600,
                createdAt,
                null,
                null,
                null);
    }
}
