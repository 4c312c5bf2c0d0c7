package dev.tidemark.report;

import dev.tidemark.account.MetadataDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteReportStoreTest extends AbstractReportStoreContract {
    @TempDir
    Path directory;

    private MetadataDatabase database;
    private ReportStore store;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteReportStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    ReportStore store() {
        return store;
    }
}
