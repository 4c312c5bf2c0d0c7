package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrendCellsTest {
    private static final String RANGE = "'range':{'start_time':'2025-03-01','end_time':'2025-03-03'}";
    private static final int MANY = 21_000;

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();

    private StoredEvent event(int number, String time, String path, String user) {
        long millis = Instant.parse(time).toEpochMilli();
        Event event = new Event(
                tenant,
                new EventId("e" + number),
                false,
                "view",
                millis,
                millis,
                user,
                null,
                null,
                Map.of(ContextField.PAGE_PATH, path),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, number), user.hashCode(), Attributes.NONE);
    }

    private QueryEngine.Explained explain(QueryEngine engine, String question) {
        return engine.explain(tenant, QueryFixture.question(question));
    }

    @Test
    void oneStatementFindsTheRankingAndTheLines() {
        fixture.insert(List.of(
                event(1, "2025-03-01T10:00:00Z", "/b", "u"),
                event(2, "2025-03-01T11:00:00Z", "/b", "v"),
                event(3, "2025-03-02T10:00:00Z", "/a", "u"),
                event(4, "2025-03-03T10:00:00Z", "/c", "u"),
                event(5, "2025-03-03T10:00:00Z", "/c", "u")));
        QueryEngine.Explained found = explain(
                fixture.engine,
                "{'type':'trend','interval':'day','measures':[{'measure':'users'}],"
                        + "'breakdown':{'property':'page_path','limit':2}," + RANGE + "}");
        assertThat(found.explanation().get("statements")).hasSize(1);
        assertThat(found.result().toJson().get("lines").findValuesAsText("breakdown"))
                .containsExactly("/b", "/a", "$other");
        assertThat(found.result().toJson().get("totals").findValuesAsText("value"))
                .containsExactly("2", "1", "1");
    }

    @Test
    void countsInTwoScansWhatHasTooManyValuesAndDays() {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            events.add(event(i, "2025-03-02T10:00:00Z", "/p/" + i, "u"));
        }
        events.add(event(MANY, "2025-03-03T10:00:00Z", "/p/77", "u"));
        fixture.insert(events);
        QueryEngine keeping = new QueryEngine(
                fixture.store,
                new KeptBuckets(new Positions(), ByteSize.mebibytes(8), TimeSource.system()),
                TimeSource.system(),
                new SimpleMeterRegistry());
        for (QueryEngine engine : List.of(fixture.engine, keeping)) {
            QueryEngine.Explained found = explain(
                    engine,
                    "{'type':'trend','interval':'day','measures':[{'measure':'events'}],"
                            + "'breakdown':{'property':'page_path','limit':1}," + RANGE + "}");
            assertThat(found.explanation().get("statements").size()).isGreaterThan(2);
            assertThat(found.result().toJson().get("lines").findValuesAsText("breakdown"))
                    .containsExactly("/p/77", "$other");
            assertThat(found.result().toJson().get("lines").findValuesAsText("value"))
                    .containsExactly("0", "1", "1", "0", Integer.toString(MANY - 1), "0");
        }
    }
}
