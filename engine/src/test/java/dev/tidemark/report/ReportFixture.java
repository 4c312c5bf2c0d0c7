package dev.tidemark.report;

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
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import dev.tidemark.query.KnownCohorts;
import dev.tidemark.query.Question;
import dev.tidemark.query.SavedCohort;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reports over a store that is played by the test. */
final class ReportFixture implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final TenantId ACME = new TenantId("acme");
    static final String TREND = """
            {"type":"trend","measures":[{"name":"views","measure":"events"}],"interval":"day","range":{"last":"7d"}}""";
    static final String PAST = """
            {"type":"metric","measures":[{"name":"views","measure":"users"}],
             "range":{"start_time":"2026-01-01","end_time":"2026-01-31"}}""";

    final SettableTime time = new SettableTime("2026-03-01T12:00:10Z");
    final Positions positions = new Positions();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<Question> asked = new CopyOnWriteArrayList<>();
    final Reports reports;
    final ReportRunner runner;
    volatile boolean responsive = true;
    final List<TenantId> forgotten = new CopyOnWriteArrayList<>();
    volatile WidgetAnswers answers = (_, _) -> JSON.createObjectNode().put("value", asked());
    final SettableCohorts cohorts = new SettableCohorts();
    private final MetadataDatabase database;

    ReportFixture(Path directory) {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        TenantDirectory tenants = new AllDefaults();
        reports = new Reports(
                new SqliteReportStore(database), tenants, _ -> cohorts, time, new UuidV7(time, new Random(3)));
        runner = new ReportRunner(
                new Played(),
                new CaffeineResultCache(ByteSize.mebibytes(4), time),
                positions,
                tenants,
                _ -> cohorts,
                time,
                new CacheSettings(
                        CacheSettings.DEFAULTS.openLifetime(),
                        CacheSettings.DEFAULTS.closedLifetime(),
                        Duration.ofMillis(20)),
                meters);
    }

    private final class Played implements WidgetAnswers {
        @Override
        public ObjectNode answer(TenantId tenant, Question question) {
            asked.add(question);
            return answers.answer(tenant, question);
        }

        @Override
        public boolean isResponsive() {
            return responsive;
        }

        @Override
        public void forget(TenantId tenant) {
            forgotten.add(tenant);
        }
    }

    int asked() {
        return asked.size();
    }

    Report report(String... questions) {
        ObjectNode definition = JSON.createObjectNode().put("report_name", "Overview");
        for (String question : questions) {
            JsonNode node = json(question);
            ObjectNode widget = definition.withArray("widgets").addObject();
            widget.put("type", node.get("type").asText());
            widget.set("question", node);
        }
        return reports.create(ACME, definition);
    }

    JsonNode run(Report report) {
        return json(answer(report));
    }

    ReportAnswer answer(Report report) {
        return runner.run(report, Overrides.NONE, Reach.FREE, "test");
    }

    /** Makes an event of a moment visible in the store, at an offset. */
    void stored(long offset, String moment) {
        long millis = Instant.parse(moment).toEpochMilli();
        positions.advance(ACME, offset, millis, millis);
    }

    static JsonNode json(ReportAnswer answer) {
        return json(new String(answer.json(), StandardCharsets.UTF_8));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
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

    /** Every id is of a cohort, all of them of the same version. */
    static final class SettableCohorts implements KnownCohorts {
        private volatile int version = 1;

        void change() {
            version++;
        }

        @Override
        public Optional<SavedCohort> find(String id) {
            JsonNode definition = JSON.createObjectNode()
                    .set("did", json("{\"range\":{\"start_time\":\"2025-06-01\",\"end_time\":\"2025-06-30\"}}"));
            return Optional.of(new SavedCohort(id, id, version, new SavedCohort.Dynamic(definition)));
        }

        @Override
        public long revision() {
            return version;
        }
    }
}
