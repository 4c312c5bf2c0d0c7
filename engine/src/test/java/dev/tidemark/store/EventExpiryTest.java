package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows leave the store after the day that their tenant's retention set, and only then. */
@Timeout(60)
final class EventExpiryTest {
    private final TenantId tenant =
            new TenantId("expiry-" + ProcessHandle.current().pid());

    @Test
    void mergesDropWhatHasExpiredAndKeepTheRest() {
        EventStore store = EngineFixture.shared().store();
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        long noon = today.minusDays(1).atTime(12, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
        SampleEvents sample = new SampleEvents(tenant, 1);
        store.insert(store.encodeEvents("expired-" + tenant, expiring(sample.take(30, noon, 10), (int)
                today.minusDays(2).toEpochDay())));
        store.insert(store.encodeEvents("tomorrow-" + tenant, expiring(sample.take(20, noon + 3_600_000, 10), (int)
                today.plusDays(1).toEpochDay())));
        store.insert(store.encodeEvents("never-" + tenant, sample.take(10, noon + 7_200_000, 10)));

        try (EngineClient engine = client()) {
            for (String table : List.of("events", "rollup_minute", "rollup_hour")) {
                engine.run("OPTIMIZE TABLE " + table + " FINAL", Map.of());
            }
        }

        assertThat(sum(store, Table.EVENTS, "count()")).isEqualTo(30);
        assertThat(sum(store, Table.ROLLUP_MINUTE, "sum(events)")).isEqualTo(30);
        assertThat(sum(store, Table.ROLLUP_HOUR, "sum(events)")).isEqualTo(30);
    }

    private static List<StoredEvent> expiring(List<StoredEvent> events, int epochDay) {
        return events.stream()
                .map(row -> new StoredEvent(on(row.event(), epochDay), row.address(), row.person(), row.userTraits()))
                .toList();
    }

    private static Event on(Event event, int epochDay) {
        return new Event(
                event.tenant(),
                event.id(),
                event.idAssigned(),
                event.type(),
                event.timestampMillis(),
                event.receivedAtMillis(),
                event.userId(),
                event.anonymousId(),
                event.sessionId(),
                event.context(),
                event.properties(),
                event.traits(),
                event.setsTraits(),
                epochDay);
    }

    private long sum(EventStore store, Table table, String expression) {
        return store.query(
                        tenant,
                        Select.from(table, new Parameters(tenant))
                                .column(expression, "n")
                                .build())
                .longAt(0, 0);
    }

    private static EngineClient client() {
        EngineAddress address = EngineFixture.shared().address();
        return new EngineClient(address, address.writer(), address.database(), 1, Duration.ofSeconds(30));
    }
}
