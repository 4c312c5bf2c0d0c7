package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTokenStoreTest extends AbstractTokenStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private TokenStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore accounts = new SqliteAccountStore(database);
        for (String tenant : List.of("acme", "other")) {
            accounts.addTenant(
                    new Tenant(new TenantId(tenant), TenantSettings.DEFAULTS, new Secret("s"), Instant.EPOCH));
        }
        store = new SqliteTokenStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    TokenStore store() {
        return store;
    }
}
