package dev.tidemark.account.quota;

import dev.tidemark.account.Accounts;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.SqliteAccountStore;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The store in the metadata database. */
final class SqliteQuotaStoreTest extends AbstractQuotaStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        SettableTime time = new SettableTime("2026-01-01T00:00:00Z");
        SqliteAccountStore accounts = new SqliteAccountStore(database);
        SnapshotDirectory tenants = new SnapshotDirectory(accounts, time);
        try (Accounts all = new Accounts(accounts, tenants, time, new Random(3))) {
            all.ensureTenant(ACME);
            all.ensureTenant(GLOBEX);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    QuotaStore store() {
        return new SqliteQuotaStore(database);
    }
}
