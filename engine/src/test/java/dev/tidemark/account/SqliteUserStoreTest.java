package dev.tidemark.account;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteUserStoreTest extends AbstractUserStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private UserStore store;

    @BeforeEach
    void open() {
        database = TwoTenants.in(directory);
        store = new SqliteUserStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    UserStore store() {
        return store;
    }
}
