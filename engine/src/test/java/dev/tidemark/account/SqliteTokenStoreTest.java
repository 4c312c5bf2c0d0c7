package dev.tidemark.account;

import java.nio.file.Path;
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
        database = TwoTenants.in(directory);
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
