package dev.tidemark.account;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file that holds what people define: accounts, schemas, reports. Only its owner can read the file.
 *
 * <p>Write-ahead log, foreign keys on, every commit synced. Readers never wait for the writer; writers of this process take
 * turns. Blocking; thread-safe.
 */
public final class MetadataDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private final HikariDataSource connections;
    private final Jdbi jdbi;
    private final ReentrantLock writing = new ReentrantLock();

    private MetadataDatabase(HikariDataSource connections) {
        this.connections = connections;
        this.jdbi = Jdbi.create(connections);
    }

    /** Opens the file, which is made when it is missing. Fails with {@code STORAGE_FAILED} when it cannot be used. */
    public static MetadataDatabase open(Path file) {
        makePrivateFile(file);
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.enforceForeignKeys(true);
        sqlite.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        // What is deleted or written over is no longer in the file.
        sqlite.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        sqlite.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("metadata");
        pool.setDataSource(source);
        pool.setMaximumPoolSize(CONNECTIONS);
        try {
            return new MetadataDatabase(new HikariDataSource(pool));
        } catch (RuntimeException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the metadata database cannot be opened", e);
        }
    }

    /**
     * Brings the tables of one stage up to date, with the scripts in {@code dev/tidemark/<stage>/migrations}. Each stage has
     * a history of its own, so that their versions do not depend on each other.
     */
    public void migrate(String stage) {
        try {
            Flyway.configure(MetadataDatabase.class.getClassLoader())
                    .dataSource(connections)
                    .locations("classpath:dev/tidemark/" + stage + "/migrations")
                    .table(stage + "_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .validateMigrationNaming(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED, "the tables of '" + stage + "' cannot be brought up to date", e);
        }
    }

    /** Runs statements that only read. */
    public <T> T read(Function<Handle, T> statements) {
        try {
            return jdbi.withHandle(statements::apply);
        } catch (JdbiException e) {
            throw failure(e);
        }
    }

    /** Runs statements in one transaction, which is on disk when this returns, or has left nothing behind when it throws. */
    public <T> T write(Function<Handle, T> statements) {
        writing.lock();
        try {
            return jdbi.inTransaction(statements::apply);
        } catch (JdbiException e) {
            throw failure(e);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Has what was deleted or written over leave the disk: what is on its way to the file is brought there, and the log of it emptied. Waits
     * a bounded time for readers.
     *
     * @return whether all of it has; otherwise it is to be repeated
     */
    public boolean settle() {
        writing.lock();
        try {
            return read(handle -> handle.createQuery("PRAGMA wal_checkpoint(TRUNCATE)")
                            .map((row, _) -> row.getInt(1))
                            .one())
                    == 0;
        } finally {
            writing.unlock();
        }
    }

    /** Whether it answers now. */
    public boolean answers() {
        try {
            return read(handle ->
                            handle.createQuery("SELECT 1").mapTo(Integer.class).one())
                    == 1;
        } catch (TidemarkException _) {
            return false;
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    private static void makePrivateFile(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            var ownerOnly = PosixFilePermissions.fromString("rw-------");
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
            } catch (FileAlreadyExistsException _) {
                Files.setPosixFilePermissions(file, ownerOnly);
            }
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the metadata database cannot be opened", e);
        }
    }

    private static TidemarkException failure(JdbiException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return new TidemarkException(ErrorCode.DISK_FULL, "there is no room on the disk", e);
            }
        }
        return new TidemarkException(ErrorCode.STORAGE_FAILED, "the metadata database did not answer", e);
    }
}
