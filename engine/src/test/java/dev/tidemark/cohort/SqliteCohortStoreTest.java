package dev.tidemark.cohort;

import dev.tidemark.account.MetadataDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteCohortStoreTest extends AbstractCohortStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private CohortStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteCohortStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    CohortStore store() {
        return store;
    }
}
