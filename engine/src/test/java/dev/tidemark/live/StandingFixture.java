package dev.tidemark.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.Person;
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
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Streams over a played store and a played processor of one partition, with time that stands still. */
final class StandingFixture implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final TenantId ACME = new TenantId("acme");
    static final TenantId OTHER = new TenantId("other");
    static final Duration PAUSE = Duration.ofMillis(200);
    /** Follows the event types {@code view} and {@code buy} by the minute, everything by the day, and what cannot be kept in memory. */
    static final String OVERVIEW = """
            {'report_name':'Overview','widgets':[
             {'type':'trend','question':{'type':'trend','interval':'minute','range':{'last':'30m'},
              'measures':[{'name':'n','measure':'events','event':'view'}]}},
             {'type':'metric','question':{'type':'metric','range':{'last':'7d'},
              'measures':[{'name':'n','measure':'events'}]}},
             {'type':'metric','question':{'type':'metric','range':{'last':'7d'},
              'measures':[{'name':'n','measure':'events','event':'buy'}],
              'filter':{'property':'os','operator':'eq','value':'iOS'}}}]}""";
    /** A question whose answer is asked again. */
    static final String ASKED = """
            {'report_name':'Asked','widgets':[
             {'type':'metric','question':{'type':'metric','range':{'last':'7d'},
              'measures':[{'name':'n','measure':'users','exact':true}]}}]}""";

    final SettableTime time = new SettableTime("2026-03-01T12:00:10Z");
    final Positions positions = new Positions();
    final SettableProgress progress = new SettableProgress(1);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final PlayedStore store = new PlayedStore();
    final Settings tenants = new Settings();
    final Reports reports;
    final ReportRunner runner;
    final ReportStreams streams;
    private final MetadataDatabase database;
    private final List<StoredEvent> unstored = new ArrayList<>();
    private long next;
    private long accepted;
    private long stored;

    StandingFixture(Path directory, ExecutorService threads) {
        this(directory, threads, ByteSize.mebibytes(8), ByteSize.mebibytes(8));
    }

    StandingFixture(Path directory, ExecutorService threads, ByteSize memory, ByteSize memoryOfTenant) {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        reports = new Reports(
                new SqliteReportStore(database), tenants, CohortDirectory.EMPTY, time, new UuidV7(time, new Random(3)));
        runner = new ReportRunner(
                store,
                new CaffeineResultCache(ByteSize.mebibytes(4), time),
                positions,
                tenants,
                CohortDirectory.EMPTY,
                time,
                CacheSettings.DEFAULTS,
                meters);
        streams = new ReportStreams(
                reports,
                runner,
                store,
                positions,
                progress,
                time,
                new LiveSettings(
                        PAUSE,
                        PAUSE,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        64,
                        1_000,
                        1_000,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1),
                        memory,
                        memoryOfTenant),
                threads,
                meters);
        streams.missed(0, 0);
    }

    Report report(TenantId tenant, String definition) {
        return reports.create(tenant, json(definition));
    }

    Report change(Report report, String definition) {
        return reports.replace(report.tenant(), report.id(), OptionalLong.empty(), json(definition));
    }

    ReadSink watch(Report report) {
        return watch(report, null);
    }

    ReadSink watch(Report report, @Nullable JsonNode locked) {
        ReadSink sink = new ReadSink();
        streams.open(
                new StreamKey(report.tenant(), report.id(), Overrides.NONE, Reach.locked(locked)),
                sink,
                Optional.empty(),
                Optional::empty);
        return sink;
    }

    static JsonNode lockedTo(String country) {
        return json("{'property':'country','operator':'eq','value':'" + country + "'}");
    }

    /** An event of now that has not been processed yet. */
    StoredEvent event(TenantId tenant, String type, String country) {
        return event(tenant, type, country, time.millis());
    }

    StoredEvent event(TenantId tenant, String type, String country, long timestamp) {
        long offset = next++;
        Event event = new Event(
                tenant,
                new EventId("e" + offset),
                false,
                type,
                timestamp,
                time.millis(),
                "u" + offset % 7,
                null,
                null,
                Map.of(ContextField.COUNTRY, country, ContextField.OS, "iOS"),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, offset), Person.of(event), Attributes.NONE);
    }

    /** The processor accepts events, which are in the store later. */
    void accept(StoredEvent... events) {
        accept(List.of(events));
    }

    void accept(List<StoredEvent> events) {
        long from = accepted;
        unstored.addAll(events);
        streams.accepted(0, from, next, events);
        accepted = next;
    }

    /** The processor accepts events and the listener does not hear of it. */
    void acceptUnheard(StoredEvent... events) {
        unstored.addAll(List.of(events));
        accepted = next;
        streams.missed(0, next);
    }

    /** Everything that was accepted becomes visible. */
    void store() {
        List<StoredEvent> events = List.copyOf(unstored);
        unstored.clear();
        stored = accepted;
        store.store(events, stored);
        progress.stored(0, stored);
        Set<TenantId> concerned = new HashSet<>();
        long oldest = Long.MAX_VALUE;
        for (StoredEvent event : events) {
            TenantId tenant = event.event().tenant();
            concerned.add(tenant);
            oldest = Math.min(oldest, event.event().receivedAtMillis());
            positions.advance(
                    tenant,
                    event.address().offset(),
                    event.event().timestampMillis(),
                    event.event().timestampMillis());
        }
        streams.stored(0, stored, oldest, concerned);
    }

    /** What was accepted and is not stored yet never will be. */
    void setAside() {
        Set<TenantId> concerned = new HashSet<>();
        unstored.forEach(event -> concerned.add(event.event().tenant()));
        unstored.clear();
        streams.setAside(0, concerned);
        store();
    }

    void pass(Duration duration) {
        time.advance(duration);
        streams.refresh();
        streams.review();
        streams.refresh();
    }

    /** The widgets as a plain request answers them now. */
    JsonNode fresh(Report report, @Nullable JsonNode locked) {
        return widgets(json(new String(
                runner.run(report, Overrides.NONE, Reach.locked(locked), "test").json(), StandardCharsets.UTF_8)));
    }

    /** The widgets as a reader sees them, without how they are kept. */
    static JsonNode seen(ReadSink sink) {
        return widgets(sink.numbers());
    }

    static List<String> modes(ReadSink sink) {
        List<String> modes = new ArrayList<>();
        sink.report
                .get("widgets")
                .forEach(widget -> modes.add(widget.at("/live/mode").asText()));
        return modes;
    }

    /** How many events a widget shows. */
    static int count(ReadSink sink, int widget) {
        return sink.report.at("/widgets/" + widget + "/data/times").size();
    }

    private static JsonNode widgets(JsonNode report) {
        JsonNode widgets = report.get("widgets").deepCopy();
        widgets.forEach(widget -> ((ObjectNode) widget).remove("live"));
        return widgets;
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        streams.close();
        runner.close();
        database.close();
    }

    /** Settings that a test can change. */
    static final class Settings implements TenantDirectory {
        volatile TenantSettings settings = TenantSettings.DEFAULTS;

        @Override
        public Optional<Credential> authenticate(String presentedKey) {
            return Optional.empty();
        }

        @Override
        public TenantSettings settings(TenantId tenant) {
            return settings;
        }

        @Override
        public Optional<EventSchema> schema(TenantId tenant, String eventType) {
            return Optional.empty();
        }
    }
}
