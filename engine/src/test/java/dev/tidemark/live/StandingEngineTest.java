package dev.tidemark.live;

import static dev.tidemark.live.StandingFixture.lockedTo;
import static dev.tidemark.live.StandingFixture.modes;
import static dev.tidemark.live.StandingFixture.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.JournalSettings;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.journal.RocksJournal;
import dev.tidemark.process.AcceptedListener;
import dev.tidemark.process.ProcessSettings;
import dev.tidemark.process.Processor;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.report.CacheSettings;
import dev.tidemark.report.CaffeineResultCache;
import dev.tidemark.report.EngineAnswers;
import dev.tidemark.report.Overrides;
import dev.tidemark.report.Reach;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.report.SqliteReportStore;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a journal on disk through processing to readers, beside the real engine. */
@Timeout(300)
class StandingEngineTest {
    private static final String REPORT = """
            {'report_name':'All kinds','widgets':[
             {'type':'trend','question':{'type':'trend','interval':'minute','range':{'last':'30m'},
              'measures':[{'name':'n','measure':'events','event':'view'},{'name':'u','measure':'users'}]}},
             {'type':'trend','question':{'type':'trend','interval':'day','range':{'last':'7d'},
              'measures':[{'name':'n','measure':'events'}],'breakdown':{'property':'country','limit':2}}},
             {'type':'metric','question':{'type':'metric','range':{'last':'24h'},'compare':'previous_period',
              'measures':[{'name':'sum','measure':'sum','property':'properties.amount','event':'buy'}]}},
             {'type':'metric','question':{'type':'metric',
              'measures':[{'name':'now','measure':'active_users_now','minutes':5}]}},
             {'type':'table','question':{'type':'table','range':{'last':'7d'},'breakdowns':['country'],
              'measures':[{'name':'n','measure':'events'},{'name':'u','measure':'users'}]}},
             {'type':'funnel','question':{'type':'funnel','range':{'last':'7d'},'window':'1h',
              'steps':[{'event':'view'},{'event':'buy'}]}},
             {'type':'retention','question':{'type':'retention','range':{'last':'7d'},'period':'day',
              'start':{'event':'view'},'return':{'event':'buy'}}}]}""";
    private static final List<String> COUNTRIES = List.of("DE", "FR", "BR");
    private static final List<String> TYPES = List.of("view", "buy", "stay");
    private static final EntryCodec CODEC = new EntryCodec();
    /** About half of what the batches of all rounds take. */
    private static final Duration MIDNIGHT_IS_IN = Duration.ofSeconds(150);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /**
     * The engine forgets minutes of long ago by its own clock, so this is near that; midnight comes while it is watched, however few
     * passes it takes until numbers settle.
     */
    private final Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);

    private final SettableTime time =
            new SettableTime(midnight.minus(MIDNIGHT_IS_IN).toString());
    private final Positions positions = new Positions();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Partitioner partitioner = new Partitioner(2);
    private final List<TenantId> tenants =
            List.of(new TenantId("t-" + UUID.randomUUID()), new TenantId("t-" + UUID.randomUUID()));
    private int made;

    private record Open(
            ReadSink sink, Report report, @Nullable JsonNode locked) {}

    @Test
    void whatReadersSeeIsWhatAFreshRequestAnswersWhateverCameInWhateverOrder() throws InterruptedException {
        long seed = 8;
        SplittableRandom random = new SplittableRandom(seed);
        EventStore store = EngineFixture.shared().store();
        JournalSettings settings = new JournalSettings(
                directory.resolve("journal"), 2, ByteSize.mebibytes(100), new ByteSize(0), ByteSize.mebibytes(16));
        StandingFixture.Settings directoryOfTenants = new StandingFixture.Settings();
        try (MetadataDatabase database = MetadataDatabase.open(directory.resolve("tidemark.db"));
                RocksJournal journal = RocksJournal.open(settings, meters)) {
            Reports reports = new Reports(
                    new SqliteReportStore(database),
                    directoryOfTenants,
                    CohortDirectory.EMPTY,
                    time,
                    new UuidV7(time, new Random(seed)));
            QueryEngine engine = new QueryEngine(store, time, meters);
            Late late = new Late();
            try (ReportRunner runner = new ReportRunner(
                            new EngineAnswers(engine, () -> true),
                            new CaffeineResultCache(ByteSize.mebibytes(4), time),
                            positions,
                            directoryOfTenants,
                            CohortDirectory.EMPTY,
                            time,
                            CacheSettings.DEFAULTS,
                            meters);
                    Processor processor = new Processor(
                            ProcessSettings.defaults(directory.resolve("process")),
                            journal,
                            store,
                            positions,
                            (partition, before, oldest, concerned) ->
                                    late.streams().stored(partition, before, oldest, concerned),
                            late,
                            TimeSource.system(),
                            meters);
                    ReportStreams streams = new ReportStreams(
                            reports,
                            runner,
                            new EngineFolding(engine),
                            positions,
                            new Of(processor, partitioner),
                            time,
                            LiveSettings.DEFAULTS,
                            Executors.newVirtualThreadPerTaskExecutor(),
                            meters)) {
                late.streams = streams;
                processor.start();
                List<Open> open = new ArrayList<>();
                feed(journal, random, 300);
                for (TenantId tenant : tenants) {
                    Report report = reports.create(tenant, StandingFixture.json(REPORT));
                    open.add(watch(streams, report, null));
                    open.add(watch(streams, report, lockedTo("DE")));
                }
                for (int round = 0; round < 6; round++) {
                    for (int batch = 0; batch < 25; batch++) {
                        feed(journal, random, 1 + random.nextInt(40));
                        pass(streams, Duration.ofMillis(random.nextInt(4_000)));
                        LockSupport.parkNanos(20_000_000);
                    }
                    await(() -> {
                        pass(streams, Duration.ZERO);
                        return processor.status().stream().allMatch(each -> each.lagEvents() == 0);
                    });
                    settle(
                            streams,
                            () -> open.stream()
                                    .allMatch(each -> areKept(each.sink)
                                            && seen(each.sink).equals(fresh(runner, each))));
                    assertThat(open).allSatisfy(each -> {
                        assertThat(JsonPatch.between(fresh(runner, each), seen(each.sink)))
                                .as("seed %d after %d events", seed, made)
                                .isEmpty();
                        assertThat(modes(each.sink).subList(0, 6)).containsOnly("standing");
                        assertThat(modes(each.sink).get(6)).isEqualTo("refresh");
                        assertThat(each.sink.events).contains("delta");
                    });
                }
                assertThat(time.instant()).isAfter(midnight);
            }
        }
    }

    private void feed(RocksJournal journal, SplittableRandom random, int count) {
        for (int i = 0; i < count; i++) {
            TenantId tenant = tenants.get(random.nextInt(2));
            boolean again = made > 0 && random.nextInt(10) == 0;
            int number = again ? random.nextInt(made) : made++;
            Event event = event(tenant, number, new SplittableRandom(number));
            long _ = journal.append(partitioner.of(tenant), List.of(CODEC.encode(event)))
                    .join();
        }
    }

    /** The same but for its tenant and receipt whenever it is made. */
    private Event event(TenantId tenant, int number, SplittableRandom random) {
        long ago = switch (random.nextInt(6)) {
            case 0 -> random.nextLong(Duration.ofMinutes(40).toMillis());
            case 1 -> random.nextLong(Duration.ofDays(9).toMillis());
            case 2 -> -random.nextLong(Duration.ofMinutes(2).toMillis());
            default -> random.nextLong(3_000);
        };
        return new Event(
                tenant,
                new EventId("e" + number),
                false,
                TYPES.get(random.nextInt(3)),
                time.millis() - ago,
                time.millis(),
                random.nextInt(5) == 0 ? null : "u" + random.nextInt(60),
                "a" + random.nextInt(30),
                null,
                Map.of(ContextField.COUNTRY, COUNTRIES.get(random.nextInt(3))),
                new Attributes(Map.of(), Map.of("amount", (double) random.nextInt(90)), Map.of()),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
    }

    private static Open watch(ReportStreams streams, Report report, @Nullable JsonNode locked) {
        ReadSink sink = new ReadSink();
        streams.open(
                new StreamKey(report.tenant(), report.id(), Overrides.NONE, Reach.locked(locked)),
                sink,
                Optional.empty(),
                Optional::empty);
        return new Open(sink, report, locked);
    }

    private static JsonNode fresh(ReportRunner runner, Open open) {
        return StandingFixture.json(new String(
                        runner.run(open.report, Overrides.NONE, Reach.locked(open.locked), "test")
                                .json(),
                        StandardCharsets.UTF_8))
                .get("widgets");
    }

    private void pass(ReportStreams streams, Duration duration) {
        time.advance(duration);
        streams.refresh();
        streams.review();
    }

    /** The clock of the test runs past pauses and bounds that a busy machine has not come to the end of, so all may begin again. */
    private static boolean areKept(ReadSink sink) {
        return modes(sink).subList(0, 6).stream().allMatch("standing"::equals);
    }

    private void settle(ReportStreams streams, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            pass(streams, Duration.ofMillis(700));
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** How far a processor is. */
    private record Of(Processor processor, Partitioner partitioner) implements Progress {
        @Override
        public int partitions() {
            return processor.partitions();
        }

        @Override
        public int partitionOf(TenantId tenant) {
            return partitioner.of(tenant);
        }

        @Override
        public long storedThrough(int partition) {
            return processor.storedThrough(partition);
        }

        @Override
        public double unprocessedSeconds(int partition) {
            return 0;
        }

        @Override
        public double unstoredSeconds(int partition) {
            return 0;
        }
    }

    /** Brings what the processor says to the streams, which are made after it. */
    private static final class Late implements AcceptedListener {
        private volatile @Nullable ReportStreams streams;

        ReportStreams streams() {
            ReportStreams known = streams;
            if (known == null) {
                throw new IllegalStateException("the processor was started too early");
            }
            return known;
        }

        @Override
        public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {
            streams().accepted(partition, fromOffset, nextOffset, events);
        }

        @Override
        public void missed(int partition, long nextOffset) {
            streams().missed(partition, nextOffset);
        }

        @Override
        public void setAside(int partition, Set<TenantId> tenants) {
            streams().setAside(partition, tenants);
        }
    }
}
