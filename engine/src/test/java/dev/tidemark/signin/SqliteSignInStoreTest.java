package dev.tidemark.signin;

import dev.tidemark.account.MetadataDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteSignInStoreTest extends AbstractSignInStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private SignInStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteSignInStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    SignInStore store() {
        return store;
    }
}
