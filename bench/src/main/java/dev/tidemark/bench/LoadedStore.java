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
    private static final long BYTES_OF_AN_INSERT = 512L << 20;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(30);
    private static final int QUIET_POLLS = 6;

    /** Sorted blocks of a size of which a few at a time, with what the rollups make of them, fit into the engine's default memory. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("max_query_size", Integer.toString(16 << 20)),
            Map.entry("max_ast_elements", "1000000"),
            Map.entry("max_expanded_ast_elements", "1000000"),
            Map.entry("max_insert_threads", "1"),
            Map.entry("max_threads", "1"),
            Map.entry("max_block_size", "65536"),
            Map.entry("min_insert_block_size_rows", "131072"),
            Map.entry("min_insert_block_size_bytes", "0"),
            Map.entry("insert_deduplicate", "0"),
            Map.entry("max_execution_time", "0"),
            Map.entry("use_uncompressed_cache", "0"));

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
        try (ExecutorService threads = Executors.newFixedThreadPool(atATime())) {
            List<Future<?>> underWay = new ArrayList<>();
            for (SyntheticEvents.Insert insert : inserts) {
                underWay.add(threads.submit(() -> {
                    engine.run(insert.sql(), SETTINGS);
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

    /** As many as fit into the engine's memory. */
    private int atATime() throws IOException, InterruptedException {
        String memory =
                engine.run("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'", Map.of());
        return (int) Math.clamp(Long.parseLong(memory) / BYTES_OF_AN_INSERT, 1, MOST_AT_A_TIME);
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
