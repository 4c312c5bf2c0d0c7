package dev.tidemark.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.report.CacheSettings;
import dev.tidemark.report.CaffeineResultCache;
import dev.tidemark.report.Overrides;
import dev.tidemark.report.Reach;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.report.SqliteReportStore;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Streams over a store that holds one number, in one thread and with time that stands still. */
final class LiveFixture implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final TenantId ACME = new TenantId("acme");
    static final LiveSettings SETTINGS = new LiveSettings(
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            4,
            8,
            6,
            Duration.ofSeconds(5),
            Duration.ofMillis(1),
            ByteSize.mebibytes(1),
            ByteSize.mebibytes(1));

    final SettableTime time = new SettableTime("2026-03-01T12:00:10Z");
    final Positions positions = new Positions();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final AtomicLong value = new AtomicLong();
    final AtomicInteger asked = new AtomicInteger();
    final Reports reports;
    final ReportStreams streams;
    final SettableProgress progress = new SettableProgress(1);
    private long offset;
    private final MetadataDatabase database;
    private final ReportRunner runner;

    LiveFixture(Path directory) {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        TenantDirectory tenants = new AllDefaults();
        reports = new Reports(
                new SqliteReportStore(database), tenants, CohortDirectory.EMPTY, time, new UuidV7(time, new Random(3)));
        runner = new ReportRunner(
                (_, _) -> {
                    asked.incrementAndGet();
                    return JSON.createObjectNode().put("value", value.get());
                },
                new CaffeineResultCache(ByteSize.mebibytes(4), time),
                positions,
                tenants,
                CohortDirectory.EMPTY,
                time,
                CacheSettings.DEFAULTS,
                meters);
        streams = new ReportStreams(
                reports, runner, new NoFolding(), positions, progress, time, SETTINGS, new InThisThread(), meters);
    }

    Report report() {
        return reports.create(ACME, definition("Overview"));
    }

    Report rename(Report report, String name) {
        return reports.replace(ACME, report.id(), OptionalLong.empty(), definition(name));
    }

    private static JsonNode definition(String name) {
        return json("{'report_name':'" + name + "','widgets':[{'type':'metric','question':{'type':'metric',"
                + "'measures':[{'name':'n','measure':'events'}],'range':{'last':'7d'}}}]}");
    }

    ReadSink watch(Report report) {
        return watch(report, "");
    }

    ReadSink watch(Report report, String lastSeen) {
        ReadSink sink = new ReadSink();
        watch(report, null, sink, lastSeen, Optional::empty);
        return sink;
    }

    void watch(
            Report report,
            @Nullable JsonNode locked,
            ReadSink sink,
            String lastSeen,
            Supplier<Optional<String>> revoked) {
        streams.open(
                new StreamKey(ACME, report.id(), Overrides.NONE, Reach.locked(locked)),
                sink,
                Optional.of(lastSeen).filter(id -> !id.isEmpty()),
                revoked);
    }

    /** An event reaches the store now. */
    void store(long newValue) {
        value.set(newValue);
        positions.advance(ACME, ++offset, time.millis(), time.millis());
        streams.stored(0, offset + 1, time.millis(), Set.of(ACME));
    }

    void pass(Duration duration) {
        time.advance(duration);
        streams.refresh();
        streams.review();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static long value(ReadSink sink) {
        return sink.report.at("/widgets/0/data/value").asLong(-1);
    }

    @Override
    public void close() {
        streams.close();
        runner.close();
        database.close();
    }

    private static final class AllDefaults implements TenantDirectory {
        @Override
        public Optional<Credential> authenticate(String presentedKey) {
            return Optional.empty();
        }

        @Override
        public TenantSettings settings(TenantId tenant) {
            return TenantSettings.DEFAULTS;
        }

        @Override
        public Optional<EventSchema> schema(TenantId tenant, String eventType) {
            return Optional.empty();
        }
    }
}
