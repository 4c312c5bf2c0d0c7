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
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int MOST_TRIES_ALONE = 3;

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("max_query_size", Integer.toString(16 << 20)),
            Map.entry("max_ast_elements", "1000000"),
            Map.entry("max_expanded_ast_elements", "1000000"),
            Map.entry("max_insert_threads", "1"),
            Map.entry("max_threads", "1"),
            Map.entry("max_block_size", "65536"),
            Map.entry("min_insert_block_size_bytes", "0"),
            // A statement that is sent again adds only the blocks that its first try did not; it makes the same blocks,
            // since one thread does.
            Map.entry("deduplicate_insert_select", "enable_even_for_bad_queries"),
            Map.entry("deduplicate_blocks_in_dependent_materialized_views", "1"),
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

    /** @param progress is told from several threads */
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

    /**
     * Some statements at a time, because the engine works through one of them mostly on one core. When merges leave it too little memory for
     * as many, those that it refuses are sent again, half as many at a time, once it has merged.
     */
    private void insert(List<SyntheticEvents.Insert> inserts) throws IOException, InterruptedException {
        long memory = engineMemory();
        Blocks blocks = LARGE.atATime(memory) == MOST_AT_A_TIME ? LARGE : SMALL;
        AtomicLong done = new AtomicLong();
        int atATime = blocks.atATime(memory);
        int triesAlone = 0;
        List<SyntheticEvents.Insert> left = inserts;
        while (!left.isEmpty()) {
            List<SyntheticEvents.Insert> refused = insert(left, atATime, blocks, done);
            if (!refused.isEmpty()) {
                triesAlone = atATime > 1 || refused.size() < left.size() ? 0 : triesAlone + 1;
                if (triesAlone == MOST_TRIES_ALONE) {
                    throw new IOException("the engine has too little memory for the events, one statement at a time");
                }
                atATime = Math.max(1, atATime / 2);
                progress.accept("the engine is short of memory; statements at a time from now on: " + atATime);
                awaitMerges();
            }
            left = refused;
        }
    }

    /** The statements that the engine had too little memory for, with those that were not begun after the first of them. */
    private List<SyntheticEvents.Insert> insert(
            List<SyntheticEvents.Insert> inserts, int atATime, Blocks blocks, AtomicLong done)
            throws IOException, InterruptedException {
        AtomicBoolean shortOfMemory = new AtomicBoolean();
        List<SyntheticEvents.Insert> refused = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atATime)) {
            List<Future<Boolean>> underWay = new ArrayList<>();
            for (SyntheticEvents.Insert insert : inserts) {
                underWay.add(threads.submit(() -> !shortOfMemory.get() && fits(insert, blocks, done, shortOfMemory)));
            }
            for (int i = 0; i < underWay.size(); i++) {
                if (!underWay.get(i).get()) {
                    refused.add(inserts.get(i));
                }
            }
        } catch (ExecutionException failed) {
            throw new IOException("the events could not be loaded: " + failed.getCause(), failed);
        }
        return refused;
    }

    private boolean fits(SyntheticEvents.Insert insert, Blocks blocks, AtomicLong done, AtomicBoolean shortOfMemory)
            throws IOException, InterruptedException {
        Map<String, String> settings = new TreeMap<>(blocks.settings());
        settings.put("insert_deduplication_token", insert.token());
        try {
            engine.run(insert.sql(), settings);
        } catch (EngineRefusal refusal) {
            if (refusal.code() != EngineRefusal.OUT_OF_MEMORY) {
                throw refusal;
            }
            shortOfMemory.set(true);
            return false;
        }
        progress.accept(String.format("loaded %,d events of a part", done.addAndGet(insert.events())));
        return true;
    }

    private long engineMemory() throws IOException, InterruptedException {
        return Long.parseLong(engine.run(
                "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'", Map.of()));
    }

    /** Waits until the engine has merged what it wants to merge for the moment. */
    private void awaitMerges() throws IOException, InterruptedException {
        long deadline = time.nanos() + SETTLE_LIMIT.toNanos();
        int quiet = 0;
        while (quiet < QUIET_POLLS && time.nanos() < deadline) {
            boolean merging =
                    !engine.run("SELECT count() FROM system.merges", Map.of()).equals("0");
            quiet = merging ? 0 : quiet + 1;
            time.sleep(POLL);
        }
    }

    private void settle() throws IOException, InterruptedException {
        awaitMerges();
        progress.accept("parts after merges: "
                + engine.run(
                        "SELECT arrayStringConcat(groupArray(concat(table, ' ', toString(parts), ' (', size, ')')), ', ') FROM"
                                + " (SELECT table, count() AS parts, formatReadableSize(sum(bytes_on_disk)) AS size FROM system.parts"
                                + " WHERE active AND database = 'tidemark' GROUP BY table ORDER BY table)",
                        Map.of()));
    }
}
