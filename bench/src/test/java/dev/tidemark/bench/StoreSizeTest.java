package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreSizeTest {
    private static final String EVENTS = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String SYSTEM = "fff00000-0000-4000-8000-000000000002";

    @TempDir
    private Path engine;

    private void table(String database, String name, String uuid) throws Exception {
        Path definition = engine.resolve("metadata").resolve(database).resolve(name + ".sql");
        Files.createDirectories(definition.getParent());
        Files.writeString(definition, "ATTACH TABLE _ UUID '" + uuid + "'\n(\n    `x` UInt8\n)\n");
        Files.createDirectories(directory(uuid));
    }

    private Path directory(String uuid) {
        return engine.resolve("store").resolve(uuid.substring(0, 3)).resolve(uuid);
    }

    private void part(String uuid, String name, int bytes) throws Exception {
        Path part = Files.createDirectories(directory(uuid).resolve(name));
        Files.write(part.resolve("data.bin"), new byte[bytes]);
    }

    @Test
    void countsActivePartsOfTheServersOwnTables() throws Exception {
        table("tidemark", "events", EVENTS);
        table("system", "query_log", SYSTEM);
        part(EVENTS, "202601_1_3_1", 100);
        part(EVENTS, "202601_4_4_0", 20);
        part(EVENTS, "202602_1_3_0", 3);
        part(EVENTS, "detached", 5000);
        part(EVENTS, "tmp_insert_202601_9_9_0", 7000);
        part(SYSTEM, "202601_1_1_0", 900);
        assertThat(StoreSize.of(engine).bytes()).isEqualTo(123);
    }

    @Test
    void leavesOutPartsThatAMergeOrAMutationReplaced() throws Exception {
        table("tidemark", "events", EVENTS);
        part(EVENTS, "all_1_1_0", 10);
        part(EVENTS, "all_2_2_0", 10);
        part(EVENTS, "all_1_2_1", 15);
        part(EVENTS, "all_1_2_1_7", 14);
        StoreSize size = StoreSize.of(engine);
        assertThat(size.bytes()).isEqualTo(14);
        assertThat(size.parts()).containsExactly(directory(EVENTS).resolve("all_1_2_1_7"));
    }

    @Test
    void isEmptyBeforeAnythingWasInserted() throws Exception {
        table("tidemark", "events", EVENTS);
        assertThat(StoreSize.of(engine).bytes()).isZero();
    }
}
