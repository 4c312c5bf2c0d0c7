package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.HOUR;
import static dev.tidemark.process.ProcessorHarness.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.FaultyJournal;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalRecord;
import dev.tidemark.journal.MemoryJournal;
import dev.tidemark.store.Block;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random entries, processed by a row of processors that each die at a random effect, then by one that lives; the store must
 * hold exactly what a naive walk through the journal gives. What became visible is checked at each announcement.
 */
@Timeout(300)
class CrashSimulationTest {
    private static final int PARTITIONS = 2;
    private static final EntryCodec CODEC = new EntryCodec();

    @TempDir
    Path directory;

    @Test
    void losesAndDoublesNothingOverHundredsOfSeeds() {
        for (long seed = 1; seed <= 300; seed++) {
            MemoryState state = new MemoryState();
            simulate(seed, () -> state);
        }
    }

    @Test
    void losesAndDoublesNothingWithItsStateOnDisk() {
        for (long seed = 1_001; seed <= 1_012; seed++) {
            Path ofSeed = directory.resolve("seed-" + seed);
            simulate(seed, () -> RocksState.open(ofSeed, TimeSource.system()));
        }
    }

    private void simulate(long seed, Supplier<State> states) {
        Random random = new Random(seed);
        MemoryJournal journal = new MemoryJournal(PARTITIONS);
        FakeEventStore store = new FakeEventStore();
        int lives = 1 + random.nextInt(5);
        for (int life = 0; life <= lives; life++) {
            appendSome(random, journal);
            boolean last = life == lives;
            Fate fate = new Fate(random.nextLong(), last ? Integer.MAX_VALUE : random.nextInt(40), 0.15);
            live(seed, random.nextLong(), journal, store, states.get(), fate);
        }
        compare(seed, journal, store);
        try (State state = states.get()) {
            compareTallies(seed, journal, store, state);
        }
    }

    private void live(long seed, long journalSeed, Journal journal, FakeEventStore store, State state, Fate fate) {
        Positions positions = new Positions();
        Map<Integer, Long> announced = new HashMap<>();
        List<String> violations = new ArrayList<>();
        StoredListener listener = (partition, before, _, tenants) -> {
            synchronized (violations) {
                Long earlier = announced.put(partition, before);
                if (earlier != null && earlier >= before) {
                    violations.add("went back from " + earlier + " to " + before);
                }
                violations.addAll(invisible(journal, store, partition, before));
                for (TenantId tenant : tenants) {
                    if (positions.of(tenant) >= before) {
                        violations.add("position " + positions.of(tenant) + " is ahead of " + before);
                    }
                }
            }
        };
        Processor processor = new Processor(
                ProcessorHarness.settings(directory, 7),
                new FaultyJournal(journal, journalSeed, 0.05),
                new MortalStore(store, fate),
                store,
                fate.over(state),
                positions,
                listener,
                AcceptedListener.NONE,
                TimeSource.system(),
                new SimpleMeterRegistry());
        processor.start();
        try {
            ProcessorHarness.await(() -> fate.isDead()
                    || processor.status().stream()
                            .allMatch(status -> status.storedThrough() == journal.endOffset(status.partition())));
        } finally {
            processor.close(Duration.ofMillis(1));
        }
        synchronized (violations) {
            assertThat(violations).as("seed %d", seed).isEmpty();
        }
    }

    /** What the oracle expects before an offset and the store does not hold. */
    private static List<String> invisible(Journal journal, FakeEventStore store, int partition, long before) {
        Set<Long> visible = new HashSet<>();
        for (StoredEvent row : store.events()) {
            if (row.address().partition() == partition) {
                visible.add(row.address().offset());
            }
        }
        List<String> missing = new ArrayList<>();
        for (Map.Entry<Long, String> row : oracle(journal, partition).entrySet()) {
            if (row.getKey() < before && row.getValue().startsWith("event") && !visible.contains(row.getKey())) {
                missing.add("offset " + row.getKey() + " is announced and not visible");
            }
        }
        return missing;
    }

    private static void compare(long seed, Journal journal, FakeEventStore store) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Map<Long, String> stored = new TreeMap<>();
            List<String> doubled = new ArrayList<>();
            for (StoredEvent row : store.events()) {
                if (row.address().partition() == partition) {
                    String text = text(row.event(), row.userTraits());
                    if (stored.put(row.address().offset(), text) != null) {
                        doubled.add(text);
                    }
                }
            }
            int of = partition;
            store.letters().stream()
                    .filter(row -> row.address().partition() == of)
                    .forEach(row -> {
                        String text = text(row.deadLetter());
                        if (stored.put(row.address().offset(), text) != null) {
                            doubled.add(text);
                        }
                    });
            assertThat(doubled).as("doubled with seed %d", seed).isEmpty();
            assertThat(stored).as("stored with seed %d", seed).isEqualTo(oracle(journal, partition));
        }
    }

    /** What was counted is what is stored, whatever happened on the way. */
    private static void compareTallies(long seed, Journal journal, FakeEventStore store, State state) {
        Map<String, Long> expected = new TreeMap<>();
        for (StoredEvent row : store.events()) {
            LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(row.event().receivedAtMillis(), 86_400_000L));
            expected.merge(row.event().tenant() + " " + day, 1L, Long::sum);
        }
        Map<String, Long> counted = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Tallies tallies = new Tallies(partition, state, journal.endOffset(partition));
            for (int tenant = 0; tenant < 2; tenant++) {
                TenantId id = new TenantId("t" + partition + "-" + tenant);
                tallies.ofDays(id, LocalDate.EPOCH).forEach((day, total) -> counted.put(id + " " + day, total));
            }
        }
        assertThat(counted).as("counted with seed %d", seed).isEqualTo(expected);
    }

    /** What must be stored of a partition, by offset. */
    private static Map<Long, String> oracle(Journal journal, int partition) {
        Map<Long, String> rows = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        Map<String, Attributes> traits = new HashMap<>();
        for (JournalRecord record : journal.read(partition, 0, Integer.MAX_VALUE)) {
            switch (CODEC.decode(record.bytes())) {
                case Event event -> {
                    if (!event.idAssigned() && !seen.add("e" + event.tenant() + "/" + event.id())) {
                        continue;
                    }
                    String user = event.tenant() + "/" + event.userId();
                    Attributes known = traits.getOrDefault(user, Attributes.NONE);
                    if (event.setsTraits()) {
                        Map<String, String> merged = new HashMap<>(known.strings());
                        merged.putAll(event.traits().strings());
                        known = new Attributes(merged, Map.of(), Map.of());
                        traits.put(user, known);
                    }
                    rows.put(record.offset(), text(event, known));
                }
                case DeadLetter letter -> {
                    if (seen.add("d" + letter.tenant() + "/" + letter.id())) {
                        rows.put(record.offset(), text(letter));
                    }
                }
            }
        }
        return rows;
    }

    private static String text(Event event, Attributes traits) {
        return "event " + event.tenant() + " " + event.id() + " " + event.timestampMillis() + " " + event.userId() + " "
                + new TreeMap<>(traits.strings());
    }

    private static String text(DeadLetter letter) {
        return "letter " + letter.tenant() + " " + letter.id();
    }

    private static void appendSome(Random random, Journal journal) {
        int appends = 5 + random.nextInt(15);
        for (int append = 0; append < appends; append++) {
            int partition = random.nextInt(PARTITIONS);
            List<byte[]> entries = new ArrayList<>();
            for (int entry = random.nextInt(4); entry >= 0; entry--) {
                entries.add(CODEC.encode(entry(random, partition)));
            }
            long _ = journal.append(partition, entries).join();
        }
    }

    private static JournalEntry entry(Random random, int partition) {
        TenantId tenant = new TenantId("t" + partition + "-" + random.nextInt(2));
        String id = "id-" + random.nextInt(60);
        long received = NOW + random.nextInt(60_000);
        String user = "user-" + random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 ->
                ProcessorHarness.identify(
                        tenant,
                        id,
                        user,
                        ProcessorHarness.strings("k" + random.nextInt(3), "v" + random.nextInt(100)),
                        received);
            case 1 -> ProcessorHarness.letter(tenant, id, random.nextInt(2), received);
            case 2 -> ProcessorHarness.assigned(tenant, id, received);
            // The time of an id is that of its first event, as in a file that is imported again.
            case 3, 4 -> {
                String old = "old-" + random.nextInt(20);
                yield ProcessorHarness.event(
                        tenant, old, user, NOW - (2 + Math.floorMod(old.hashCode(), 2_000)) * HOUR, received);
            }
            default -> ProcessorHarness.event(tenant, id, user, received - random.nextInt(3_000_000), received);
        };
    }

    /** The store as one life sees it. */
    private record MortalStore(FakeEventStore store, Fate fate) implements EventStore {
        @Override
        public Block encodeEvents(String token, List<StoredEvent> events) {
            return store.encodeEvents(token, events);
        }

        @Override
        public Block encodeDeadLetters(String token, List<StoredDeadLetter> letters) {
            return store.encodeDeadLetters(token, letters);
        }

        @Override
        public Block encodeCohortMembers(String token, TenantId tenant, String list, List<Long> persons) {
            return store.encodeCohortMembers(token, tenant, list, persons);
        }

        @Override
        public void addCohortMembers(TenantId tenant, String list, Select persons, long atMost) {
            store.addCohortMembers(tenant, list, persons, atMost);
        }

        @Override
        public void removeCohortMembers(TenantId tenant, String list) {
            store.removeCohortMembers(tenant, list);
        }

        @Override
        public void insert(Block block) {
            fate.insert(() -> store.insert(block));
        }

        @Override
        public Rows query(TenantId tenant, Select select) {
            return store.query(tenant, select);
        }

        @Override
        public void stream(TenantId tenant, Select select, RowSink sink) {
            store.stream(tenant, select, sink);
        }

        @Override
        public void parquet(TenantId tenant, Select select, OutputStream target) {
            store.parquet(tenant, select, target);
        }

        @Override
        public boolean healthy() {
            return !fate.isDead();
        }

        @Override
        public void close() {}
    }
}
