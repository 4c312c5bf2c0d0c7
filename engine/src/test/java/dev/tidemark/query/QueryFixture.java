package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** The real engine with query engines upon it, one that may use rollups and one that may not. */
final class QueryFixture {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    final EventStore store = EngineFixture.shared().store();
    final QueryEngine engine = new QueryEngine(store, Planner.of(() -> NOW), new SimpleMeterRegistry());
    final QueryEngine ofEvents = new QueryEngine(store, Planner.ofEventsOnly(), new SimpleMeterRegistry());

    /** A tenant that no other test has. */
    static TenantId newTenant() {
        return new TenantId("t-" + UUID.randomUUID());
    }

    /** Stores events, a block for each month. */
    void insert(List<StoredEvent> events) {
        Map<YearMonth, List<StoredEvent>> months = events.stream()
                .collect(Collectors.groupingBy(
                        event -> YearMonth.from(
                                Instant.ofEpochMilli(event.event().timestampMillis())
                                        .atOffset(ZoneOffset.UTC)),
                        TreeMap::new,
                        Collectors.toList()));
        months.values()
                .forEach(month ->
                        store.insert(store.encodeEvents(UUID.randomUUID().toString(), month)));
    }

    static QuestionContext context() {
        return QuestionContext.plain(NOW, ZoneOffset.UTC, DayOfWeek.MONDAY);
    }

    static Question question(String json) {
        return QuestionReader.read(json(json), context());
    }

    static MeasuredQuestion measured(String json) {
        return (MeasuredQuestion) question(json);
    }

    Answer ask(TenantId tenant, String json) {
        return engine.answer(tenant, question(json));
    }

    /** JSON, with single quotes read as double ones. */
    static JsonNode json(String text) {
        return parsed(text.replace('\'', '"'));
    }

    static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
