package dev.tidemark.embed;

import dev.tidemark.account.MetadataDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteShareLinkStoreTest extends AbstractShareLinkStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private ShareLinkStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteShareLinkStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    ShareLinkStore store() {
        return store;
    }
}
