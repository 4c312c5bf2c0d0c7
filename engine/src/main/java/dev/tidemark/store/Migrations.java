package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the engine's tables to this version. Files are applied in order and recorded with their checksum in
 * {@code schema_versions}. Every statement can be repeated (IF NOT EXISTS, IF EXISTS), so that two starts at once and a crash
 * in the middle of a file do no harm: the file is simply applied again.
 */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final List<String> FILES = List.of(
            "V001__events.sql", "V002__cohort_members.sql", "V003__letters.sql", "V004__statements_are_not_kept.sql");

    private static final String VERSIONS_TABLE = """
            CREATE TABLE IF NOT EXISTS schema_versions
            (
                name       String,
                checksum   String,
                applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
            )
            ENGINE = MergeTree
            ORDER BY name
            SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
            """;

    /** One file of statements. */
    record Migration(String name, String text) {
        String checksum() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(hash);
            } catch (NoSuchAlgorithmException impossible) {
                throw new TidemarkException(ErrorCode.INTERNAL, "this Java has no SHA-256", impossible);
            }
        }
    }

    private Migrations() {}

    static List<Migration> bundled() {
        return FILES.stream()
                .map(name -> new Migration(name, read("migrations/" + name)))
                .toList();
    }

    /** Applies what is missing; fails with the file's name when an applied one has changed or is unknown here. */
    static void apply(EngineClient engine, List<Migration> migrations) {
        engine.run(VERSIONS_TABLE, Map.of());
        Rows applied = engine.rows("SELECT DISTINCT name, checksum FROM schema_versions");
        for (int row = 0; row < applied.size(); row++) {
            requireUnchanged(applied.textAt(row, 0), applied.textAt(row, 1), migrations);
        }
        List<String> done = applied.values().stream()
                .map(row -> String.valueOf(row.getFirst()))
                .toList();
        for (Migration migration : migrations) {
            if (!done.contains(migration.name())) {
                SqlScript.statements(migration.text()).forEach(statement -> engine.run(statement, Map.of()));
                engine.run(
                        "INSERT INTO schema_versions (name, checksum) VALUES ({name:String}, {checksum:String})",
                        Map.of("name", migration.name(), "checksum", migration.checksum()));
                LOG.atInfo().addKeyValue("file", migration.name()).log("Applied a migration of the engine's tables");
            }
        }
    }

    private static void requireUnchanged(String name, String checksum, List<Migration> migrations) {
        Migration known = migrations.stream()
                .filter(migration -> migration.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the engine's tables are of a newer version: this program does not know the migration "
                                + name));
        if (!known.checksum().equals(checksum)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the migration " + name + " was changed after it had been applied to the engine's tables");
        }
    }

    private static String read(String resource) {
        try (InputStream input = Migrations.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new TidemarkException(ErrorCode.INTERNAL, "the migration " + resource + " is missing");
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new TidemarkException(
                    ErrorCode.INTERNAL, "the migration " + resource + " cannot be read", unreadable);
        }
    }
}
