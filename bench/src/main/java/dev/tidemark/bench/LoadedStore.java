package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Fills the engine's tables with synthetic events, or finds those of an earlier run, and notes beside the data what is in it. */
final class LoadedStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EVENTS_OF_AN_INSERT = 5_000_000;
    private static final int MOST_AT_A_TIME = 4;
    /** Of an insert in large blocks, from which the engine makes fewer parts and has a third less to do, merges included. */
    private static final Blocks LARGE = new Blocks(1 << 20, 1_280L << 20);

    private static final Blocks SMALL = new Blocks(1 << 17, 768L << 20);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(30);
    private static final int QUIET_POLLS = 6;

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("max_query_size", Integer.toString(16 << 20)),
            Map.entry("max_ast_elements", "1000000"),
            Map.entry("max_expanded_ast_elements", "1000000"),
            Map.entry("max_insert_threads", "1"),
            Map.entry("max_threads", "1"),
            Map.entry("max_block_size", "65536"),
            Map.entry("min_insert_block_size_bytes", "0"),
            Map.entry("insert_deduplicate", "0"),
            Map.entry("max_execution_time", "0"),
            Map.entry("use_uncompressed_cache", "0"));

    /**
     * The sorted blocks that events are inserted in.
     *
     * @param bytes of memory that an insert takes, with what the rollups make of it
     */
    private record Blocks(int rows, long bytes) {
        Map<String, String> settings() {
            Map<String, String> settings = new TreeMap<>(SETTINGS);
            settings.put("min_insert_block_size_rows", Integer.toString(rows));
            return settings;
        }

        int atATime(long memory) {
            return (int) Math.clamp(memory / bytes, 1, MOST_AT_A_TIME);
        }
    }

    private final EngineHttp engine;
    private final Path note;
    private final TimeSource time;
    private final Consumer<String> progress;

    LoadedStore(EngineHttp engine, Path note, TimeSource time, Consumer<String> progress) {
        this.engine = engine;
        this.note = note;
        this.time = time;
        this.progress = progress;
    }

    /** Makes sure that the events are there; they end now, or where those that are there end. */
    SyntheticEvents ensure(long events, int tenants, long seed) throws IOException, InterruptedException {
        if (Files.exists(note)) {
            JsonNode known = JSON.readTree(Files.readString(note));
            if (known.path("events").asLong() != events
                    || known.path("tenants").asInt() != tenants
                    || known.path("seed").asLong() != seed) {
                throw new IOException("the directory holds other events: " + known);
            }
            progress.accept("found the events of an earlier run");
            return new SyntheticEvents(
                    events, tenants, seed, Instant.parse(known.path("until").asText()));
        }
        SyntheticEvents made = new SyntheticEvents(events, tenants, seed, time.instant());
        long begun = time.nanos();
        List<SyntheticEvents.Insert> inserts = made.inserts(EVENTS_OF_AN_INSERT);
        engine.run("DETACH TABLE rollup_minute_view SYNC", Map.of());
        try {
            insert(inserts.stream().filter(SyntheticEvents.Insert::old).toList());
        } finally {
            engine.run("ATTACH TABLE rollup_minute_view", Map.of());
        }
        insert(inserts.stream().filter(insert -> !insert.old()).toList());
        double seconds = (time.nanos() - begun) / 1e9;
        progress.accept(
                String.format("loaded %,d events in %.1f s (%,.0f events/s)", events, seconds, events / seconds));
        settle();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("events", events)
                .put("tenants", tenants)
                .put("seed", seed)
                .put("until", made.until().toString());
        Files.writeString(note, facts.toString());
        return made;
    }

    /** Some statements at a time, because the engine works through one of them mostly on one core. */
    private void insert(List<SyntheticEvents.Insert> inserts) throws IOException, InterruptedException {
        AtomicLong done = new AtomicLong();
        long memory = engineMemory();
        Blocks blocks = LARGE.atATime(memory) == MOST_AT_A_TIME ? LARGE : SMALL;
        Map<String, String> settings = blocks.settings();
        try (ExecutorService threads = Executors.newFixedThreadPool(blocks.atATime(memory))) {
            List<Future<?>> underWay = new ArrayList<>();
            for (SyntheticEvents.Insert insert : inserts) {
                underWay.add(threads.submit(() -> {
                    engine.run(insert.sql(), settings);
                    progress.accept(String.format("loaded %,d events of a part", done.addAndGet(insert.events())));
                    return null;
                }));
            }
            for (Future<?> each : underWay) {
                each.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("the events could not be loaded: " + failed.getCause(), failed);
        }
    }

    private long engineMemory() throws IOException, InterruptedException {
        return Long.parseLong(engine.run(
                "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'", Map.of()));
    }

    /** Waits until the engine has merged what it wants to merge for the moment. */
    private void settle() throws IOException, InterruptedException {
        long deadline = time.nanos() + SETTLE_LIMIT.toNanos();
        int quiet = 0;
        while (quiet < QUIET_POLLS && time.nanos() < deadline) {
            boolean merging =
                    !engine.run("SELECT count() FROM system.merges", Map.of()).equals("0");
            quiet = merging ? 0 : quiet + 1;
            time.sleep(POLL);
        }
        progress.accept("parts after merges: "
                + engine.run(
                        "SELECT arrayStringConcat(groupArray(concat(table, ' ', toString(parts), ' (', size, ')')), ', ') FROM"
                                + " (SELECT table, count() AS parts, formatReadableSize(sum(bytes_on_disk)) AS size FROM system.parts"
                                + " WHERE active AND database = 'tidemark' GROUP BY table ORDER BY table)",
                        Map.of()));
    }
}
