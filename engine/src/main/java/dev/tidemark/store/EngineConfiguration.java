package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * The engine child's generated files: {@code run/config.xml}, {@code run/users.xml}, {@code run/start.sql}, beside its data in
 * {@code data/}. Folders are 0700 and files 0600, because the users' password hashes are among them.
 */
final class EngineConfiguration {
    static final String DATABASE = "tidemark";
    static final String WRITER = "tidemark_writer";
    static final String READER = "tidemark_reader";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Starts the listener, then keeps the session alive until it is killed. */
    private static final String START_SQL = """
            SYSTEM START LISTEN HTTP;
            SELECT sum(sleepEachRow(0.2)) FROM numbers(1000000000000)
            SETTINGS max_block_size = 1, max_threads = 1, function_sleep_max_microseconds_per_block = 0,
                max_execution_time = 0 FORMAT Null;
            """;

    private final EngineSettings settings;
    private final Path run;

    EngineConfiguration(EngineSettings settings) {
        this.settings = settings;
        this.run = settings.directory().resolve("run");
    }

    Path data() {
        return settings.directory().resolve("data");
    }

    Path config() {
        return run.resolve("config.xml");
    }

    Path startSql() {
        return run.resolve("start.sql");
    }

    /** Writes all files for logins with this password, replacing those of an earlier start. */
    void write(String password) {
        try {
            makeFolder(settings.directory());
            makeFolder(run);
            makeFolder(data());
            writeFile(config(), configXml());
            writeFile(run.resolve("users.xml"), usersXml(sha256(password)));
            writeFile(startSql(), START_SQL);
        } catch (IOException failure) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "the engine's folder " + settings.directory() + " cannot be written: " + failure.getMessage(),
                    failure);
        }
    }

    private String configXml() {
        String users = escape(run.resolve("users.xml").toString());
        return """
                <clickhouse>
                    <users_config>%1$s</users_config>
                    <user_directories><users_xml><path>%1$s</path></users_xml></user_directories>
                    <max_server_memory_usage>%2$d</max_server_memory_usage>
                    <max_concurrent_queries>100</max_concurrent_queries>
                    <mark_cache_size>%3$d</mark_cache_size>
                    <uncompressed_cache_size>0</uncompressed_cache_size>
                    <index_mark_cache_size>16777216</index_mark_cache_size>
                    <query_cache><max_size_in_bytes>0</max_size_in_bytes></query_cache>
                    <background_pool_size>%4$d</background_pool_size>
                    <background_schedule_pool_size>16</background_schedule_pool_size>
                    <keep_alive_timeout>60</keep_alive_timeout>
                    <max_keep_alive_requests>1000000</max_keep_alive_requests>
                    <merge_tree>
                        <non_replicated_deduplication_window>10000</non_replicated_deduplication_window>
                        <fsync_after_insert>1</fsync_after_insert>
                        <fsync_part_directory>1</fsync_part_directory>
                        <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
                        <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
                        <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
                    </merge_tree>
                </clickhouse>
                """.formatted(
                        users,
                        settings.memory().bytes(),
                        Math.clamp(settings.memory().bytes() / 16, 32L << 20, 512L << 20),
                        Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8));
    }

    private String usersXml(String passwordHash) {
        StoreLimits limits = settings.queryLimits();
        return """
                <clickhouse>
                    <profiles>
                        <default><log_queries>0</log_queries></default>
                        <writer><async_insert>0</async_insert><log_queries>0</log_queries></writer>
                        <reader>
                            <log_queries>0</log_queries>
                            <readonly>2</readonly>
                            <max_execution_time>%2$d</max_execution_time>
                            <max_memory_usage>%3$d</max_memory_usage>
                            <max_result_rows>%4$d</max_result_rows>
                            <constraints>
                                <max_execution_time><min>1</min><max>%8$d</max></max_execution_time>
                                <max_memory_usage><min>1</min><max>%3$d</max></max_memory_usage>
                            </constraints>
                        </reader>
                    </profiles>
                    <quotas><default></default></quotas>
                    <users>
                        <default>
                            <password></password>
                            <networks><ip>127.0.0.1</ip></networks>
                            <profile>default</profile>
                            <quota>default</quota>
                            <grants>
                                <query>GRANT SYSTEM LISTEN ON *.*</query>
                                <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
                            </grants>
                        </default>
                        <%5$s>
                            <password_sha256_hex>%1$s</password_sha256_hex>
                            <networks><ip>127.0.0.1</ip></networks>
                            <profile>writer</profile>
                            <quota>default</quota>
                            <grants>
                                <query>GRANT ALL ON %7$s.*</query>
                                <query>GRANT TABLE ENGINE ON *</query>
                                <query>GRANT SET DEFINER ON *</query>
                                <query>GRANT KILL QUERY ON *.*</query>
                                <query>GRANT SELECT ON system.*</query>
                                <query>GRANT SYSTEM ON *.*</query>
                            </grants>
                        </%5$s>
                        <%6$s>
                            <password_sha256_hex>%1$s</password_sha256_hex>
                            <networks><ip>127.0.0.1</ip></networks>
                            <profile>reader</profile>
                            <quota>default</quota>
                            <grants><query>GRANT SELECT ON %7$s.*</query></grants>
                        </%6$s>
                    </users>
                </clickhouse>
                """.formatted(
                        passwordHash,
                        Math.max(1, limits.queryTime().toSeconds()),
                        limits.queryMemory().bytes(),
                        limits.resultRows(),
                        WRITER,
                        READER,
                        DATABASE,
                        Math.max(
                                limits.queryTime().toSeconds(),
                                StreamLimits.defaults().time().toSeconds()));
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PRIVATE_FOLDER);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static void writeFile(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PRIVATE_FILE);
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new TidemarkException(ErrorCode.INTERNAL, "this Java has no SHA-256", impossible);
        }
    }
}
