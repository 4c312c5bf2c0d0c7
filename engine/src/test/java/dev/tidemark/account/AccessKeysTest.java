package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that take each other's place, that are limited, and those of closed tenants. */
final class AccessKeysTest {
    private static final TenantId ACME = new TenantId("acme");

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private MetadataDatabase database;
    private AccountStore store;
    private SnapshotDirectory known;
    private Accounts accounts;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteAccountStore(database);
        known = new SnapshotDirectory(store, time);
        accounts = new Accounts(store, known, time, new Random(7));
        accounts.ensureTenant(ACME);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRotatedKeyIsGoodUntilTheOverlapEndsAndItsSuccessorFromTheFirstMoment() {
        Accounts.CreatedKey old = accounts.createKey(
                ACME, new KeyWish(AccessKey.Kind.SECRET, "server", List.of(), Set.of(Permission.REPORTS_VIEW), null));
        Accounts.CreatedKey next = accounts.rotateKey(ACME, old.key().id(), Duration.ofHours(1));
        assertThat(next.key().scopes()).containsExactly(Permission.REPORTS_VIEW);
        assertThat(authenticated(old)).isTrue();
        assertThat(authenticated(next)).isTrue();
        time.advance(Duration.ofHours(1));
        assertThat(authenticated(old)).isFalse();
        assertThat(authenticated(next)).isTrue();
        assertThat(new SnapshotDirectory(store, time).authenticate(old.plain().reveal()))
                .isEmpty();
        AbstractAccountStoreContract.assertCode(
                () -> accounts.rotateKey(ACME, old.key().id(), Duration.ZERO), ErrorCode.CONFLICT);
        AbstractAccountStoreContract.assertCode(
                () -> accounts.rotateKey(ACME, "none", Duration.ZERO), ErrorCode.NOT_FOUND);
    }

    @Test
    void aSecondRotationNeverMakesAKeyLiveLonger() {
        Accounts.CreatedKey key = accounts.createKey(ACME, AccessKey.Kind.SECRET, "", List.of());
        accounts.rotateKey(ACME, key.key().id(), Duration.ofMinutes(1));
        accounts.rotateKey(ACME, key.key().id(), Duration.ofDays(1));
        time.advance(Duration.ofMinutes(1));
        assertThat(authenticated(key)).isFalse();
    }

    @Test
    void aWriteKeySendsNoMoreThanItsShareOfAMinute() {
        Accounts.CreatedKey created =
                accounts.createKey(ACME, new KeyWish(AccessKey.Kind.WRITE, "site", List.of(), null, 60));
        Credential.WriteKey key = (Credential.WriteKey)
                known.authenticate(created.plain().reveal()).orElseThrow();
        assertThat(known.take(key, 59).granted()).isTrue();
        assertThat(known.take(key, 2).granted()).isFalse();
        assertThat(known.take(key, 1).granted()).isTrue();
        assertThat(known.take(key, 1).granted()).isFalse();
        accounts.createKey(ACME, AccessKey.Kind.WRITE, "another", List.of());
        assertThat(known.take(key, 1).granted())
                .as("a change of accounts gives nothing back")
                .isFalse();
        time.advance(Duration.ofSeconds(10));
        assertThat(known.take(key, 10).granted()).isTrue();
        assertThat(known.take(key, 1).granted()).isFalse();
    }

    @Test
    void aKeyWithoutALimitHasNone() {
        Accounts.CreatedKey created = accounts.createKey(ACME, AccessKey.Kind.WRITE, "site", List.of());
        Credential.WriteKey key = (Credential.WriteKey)
                known.authenticate(created.plain().reveal()).orElseThrow();
        assertThat(known.take(key, 1_000_000_000).granted()).isTrue();
    }

    @Test
    void aSecretKeyFromBeforeThereWereScopesKeepsEverything() {
        Accounts.CreatedKey key = accounts.createKey(ACME, AccessKey.Kind.SECRET, "", List.of());
        assertThat(known.authenticate(key.plain().reveal()).orElseThrow().permissions())
                .containsExactlyInAnyOrder(Permission.values());
    }

    @Test
    void nothingOfAClosedTenantIsGoodUntilItIsOpenedAgain() {
        Accounts.CreatedKey key = accounts.createKey(ACME, AccessKey.Kind.SECRET, "", List.of());
        accounts.closeTenant(ACME, true);
        assertThat(authenticated(key)).isFalse();
        assertThat(known.embedSecret(ACME)).isEmpty();
        assertThat(known.open(ACME)).isFalse();
        accounts.closeTenant(ACME, false);
        assertThat(authenticated(key)).isTrue();
    }

    @Test
    void namesWhatAKeyCannotBe() {
        fails(new KeyWish(AccessKey.Kind.WRITE, "", List.of(), Set.of(), null), "scopes");
        fails(new KeyWish(AccessKey.Kind.SECRET, "", List.of(), null, 5), "events_per_minute");
        fails(new KeyWish(AccessKey.Kind.WRITE, "", List.of(), null, 0), "events_per_minute");
        fails(new KeyWish(AccessKey.Kind.SECRET, "", List.of("https://a.example"), null, null), "origins");
    }

    private void fails(KeyWish wish, String field) {
        assertThatThrownBy(() -> accounts.createKey(ACME, wish))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains(field));
    }

    private boolean authenticated(Accounts.CreatedKey key) {
        return known.authenticate(key.plain().reveal()).isPresent();
    }
}
