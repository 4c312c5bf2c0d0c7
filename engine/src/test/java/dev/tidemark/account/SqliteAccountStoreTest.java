package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteAccountStoreTest extends AbstractAccountStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private AccountStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteAccountStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    AccountStore store() {
        return store;
    }

    @Test
    void opensAgainWithWhatWasStored() {
        Tenant tenant =
                new Tenant(new TenantId("acme"), TenantSettings.DEFAULTS, new Secret("s"), Instant.ofEpochSecond(1));
        store.addTenant(tenant);
        database.close();
        open();
        assertThat(store.findTenant(tenant.id())).contains(tenant);
    }

    @Test
    void letsNobodyElseReadItsFiles() throws IOException {
        store.addTenant(
                new Tenant(new TenantId("acme"), TenantSettings.DEFAULTS, new Secret("s"), Instant.ofEpochSecond(1)));
        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void writesAheadSyncedWithForeignKeysOn() {
        String pragmas = database.read(handle -> handle.createQuery("PRAGMA journal_mode")
                        .mapTo(String.class)
                        .one()
                + handle.createQuery("PRAGMA foreign_keys").mapTo(String.class).one()
                + handle.createQuery("PRAGMA synchronous").mapTo(String.class).one());
        assertThat(pragmas).isEqualTo("wal12");
    }

    @Test
    void leavesNothingBehindOfAFailedTransaction() {
        assertCode(
                () -> database.write(handle -> {
                    handle.execute("INSERT INTO tenants VALUES ('x', '{}', 's', 1)");
                    return handle.execute("INSERT INTO missing VALUES (1)");
                }),
                ErrorCode.STORAGE_FAILED);
        assertThat(store.tenants()).isEmpty();
    }

    @Test
    void saysThatADatabaseCannotBeOpened() throws IOException {
        Path file = directory.resolve("broken.db");
        Files.writeString(file, "this is no database, though it is long enough to look like one".repeat(50));
        assertCode(() -> new SqliteAccountStore(MetadataDatabase.open(file)), ErrorCode.STORAGE_FAILED);
    }
}
