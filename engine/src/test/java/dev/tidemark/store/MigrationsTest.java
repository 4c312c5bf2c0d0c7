package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Migrations.Migration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Migrations of the engine's tables, on an engine of their own. */
@Timeout(60)
final class MigrationsTest {
    private static final Migration FIRST = new Migration("V001__a.sql", """
            -- two statements; and a semicolon in a comment
            CREATE TABLE IF NOT EXISTS a (x String DEFAULT 'one;two') ENGINE = MergeTree ORDER BY x;
            /* another; comment */
            CREATE TABLE IF NOT EXISTS b (y UInt8) ENGINE = MergeTree ORDER BY y;
            """);
    private static final Migration SECOND =
            new Migration("V002__b.sql", "ALTER TABLE b ADD COLUMN IF NOT EXISTS z UInt8");

    @TempDir
    private static @Nullable Path directory;

    private static @Nullable EngineSupervisor supervisor;

    private final EngineClient engine = client("tidemark");

    @BeforeAll
    static void start() {
        supervisor = EngineSupervisor.start(
                EngineFixture.settings(Objects.requireNonNull(directory)),
                TimeSource.system(),
                new SecureRandom(),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(supervisor).close();
    }

    @BeforeEach
    void emptyDatabase() {
        try (EngineClient setup = client("default")) {
            setup.run("DROP DATABASE IF EXISTS tidemark SYNC", Map.of());
            setup.run("CREATE DATABASE tidemark", Map.of());
        }
    }

    @Test
    void appliesEachFileOnceInOrder() {
        Migrations.apply(engine, List.of(FIRST));
        Migrations.apply(engine, List.of(FIRST, SECOND));
        Migrations.apply(engine, List.of(FIRST, SECOND));
        engine.run("INSERT INTO a (x) VALUES (DEFAULT)", Map.of());
        assertThat(engine.rows("SELECT x FROM a").textAt(0, 0)).isEqualTo("one;two");
        assertThat(engine.rows("SELECT y, z FROM b").columns()).containsExactly("y", "z");
        assertThat(engine.rows("SELECT name FROM schema_versions ORDER BY name").values())
                .containsExactly(List.of("V001__a.sql"), List.of("V002__b.sql"));
    }

    @Test
    void finishesAFileThatACrashLeftHalfDone() {
        engine.run(SqlScript.statements(FIRST.text()).getFirst(), Map.of());
        Migrations.apply(engine, List.of(FIRST));
        assertThat(engine.rows("SELECT name FROM system.tables WHERE database = 'tidemark' ORDER BY name")
                        .values())
                .containsExactly(List.of("a"), List.of("b"), List.of("schema_versions"));
    }

    @Test
    void aChangedFileStopsTheStartWithItsName() {
        Migrations.apply(engine, List.of(FIRST));
        Migration changed = new Migration(FIRST.name(), FIRST.text() + "\n-- changed");
        assertRefused(List.of(changed), "the migration V001__a.sql was changed");
    }

    @Test
    void tablesOfANewerProgramStopTheStart() {
        Migrations.apply(engine, List.of(FIRST, SECOND));
        assertRefused(List.of(FIRST), "does not know the migration V002__b.sql");
    }

    @Test
    void startsAtOnceDoNoHarm() throws Exception {
        Callable<String> start = () -> {
            try (EngineClient own = client("tidemark")) {
                Migrations.apply(own, Migrations.bundled());
            }
            return "done";
        };
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> done : starts.invokeAll(List.of(start, start, start, start))) {
                assertThat(done.get()).isEqualTo("done");
            }
        }
        Migrations.apply(engine, Migrations.bundled());
        assertThat(engine.rows(
                                "SELECT count() FROM system.tables WHERE database = 'tidemark' AND engine = 'MaterializedView'")
                        .longAt(0, 0))
                .isEqualTo(3);
    }

    @Test
    void everyBundledStatementCanBeRepeated() {
        for (Migration migration : Migrations.bundled()) {
            assertThat(SqlScript.statements(migration.text()))
                    .isNotEmpty()
                    .allMatch(statement -> statement.contains("IF NOT EXISTS")
                            || statement.contains("IF EXISTS")
                            || statement.contains(" MODIFY SETTING ")
                            || statement.startsWith("INSERT INTO letters"));
        }
    }

    @Test
    void deadLettersMoveToTheirNewTableOnceHoweverOftenTheMoveIsBegun() {
        List<Migration> all = Migrations.bundled();
        Migrations.apply(engine, all);
        engine.run(
                "INSERT INTO dead_letters (tenant_id, dead_letter_id, payload, expires_on)"
                        + " VALUES ('moving', 'a', '{}', '2149-01-01'), ('moving', 'b', '{}', '2149-01-01')",
                Map.of());
        List<String> statements = SqlScript.statements(all.get(2).text());
        engine.run(statements.get(1), Map.of());
        statements.forEach(statement -> engine.run(statement, Map.of()));
        assertThat(engine.rows("SELECT count(), uniqExact(dead_letter_id), min(state) FROM letters FINAL"
                                + " WHERE tenant_id = 'moving'")
                        .values()
                        .getFirst())
                .containsExactly(2L, 2L, "open");
        assertThat(engine.rows("SELECT count() FROM dead_letters").longAt(0, 0)).isZero();
    }

    private void assertRefused(List<Migration> migrations, String words) {
        assertThatThrownBy(() -> Migrations.apply(engine, migrations))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(failure.detail()).contains(words);
                });
    }

    private static EngineClient client(String database) {
        EngineAddress address = Objects.requireNonNull(supervisor).address();
        return new EngineClient(address, address.writer(), database, 2, Duration.ofSeconds(20));
    }
}
