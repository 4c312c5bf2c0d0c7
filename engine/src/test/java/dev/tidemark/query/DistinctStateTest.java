package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctStateTest {
    private static final Instant DAY = Instant.parse("2025-03-01T00:00:00Z");

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 300, 4_095, 4_096, 4_097, 5_000, 40_000})
    void goesOnFromTheEnginesStateAndAgreesWithIt(int size) {
        SplittableRandom random = new SplittableRandom(size);
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            events.add(event(i, random));
        }
        fixture.insert(events.subList(0, size / 2 + 1));
        Rows early = ask();
        fixture.insert(events.subList(size / 2 + 1, size));
        Rows late = ask();

        DistinctState persons = DistinctState.read(early.textAt(0, 0));
        DistinctState sessions = DistinctState.read(early.textAt(0, 1));
        assertThat(persons.count()).hasValue(early.longAt(0, 2));
        assertThat(sessions.count()).hasValue(early.longAt(0, 3));
        DistinctState personsLater = new DistinctState();
        DistinctState sessionsLater = new DistinctState();
        for (StoredEvent event : events.subList(size / 2 + 1, size)) {
            personsLater.add(event.person());
            sessionsLater.add(String.valueOf(event.event().sessionId()));
        }
        persons.addAll(personsLater);
        sessions.addAll(sessionsLater);
        assertThat(persons.count()).hasValue(late.longAt(0, 2));
        assertThat(sessions.count()).hasValue(late.longAt(0, 3));
        assertThat(DistinctState.read(late.textAt(0, 0)).count()).hasValue(late.longAt(0, 2));
    }

    @Test
    void hashesTextsAsTheEngineDoes() {
        SplittableRandom random = new SplittableRandom(7);
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            events.add(event(i, random));
        }
        fixture.insert(events);
        Rows rows = fixture.store.query(
                tenant,
                Select.from(Table.EVENTS, new Parameters(tenant))
                        .column("session_id", "s")
                        .column("cityHash64(session_id)", "h")
                        .column("length(session_id)", "l")
                        .build());
        for (int row = 0; row < rows.size(); row++) {
            assertThat(DistinctHash.of(rows.textAt(row, 0)))
                    .as("of %d bytes", rows.longAt(row, 2))
                    .isEqualTo(rows.longAt(row, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 150_000, 400_000})
    void saysNothingWhereOnlyTheEngineKnows(int size) {
        DistinctState state = new DistinctState();
        SplittableRandom random = new SplittableRandom(size);
        for (int i = 0; i < size; i++) {
            state.add(random.nextLong());
        }
        if (size < 177_700) {
            assertThat(state.count().orElseThrow()).isBetween(size * 99L / 100, size * 101L / 100);
        } else {
            assertThat(state.count()).isEmpty();
        }
    }

    private Rows ask() {
        return fixture.store.query(
                tenant,
                Select.from(Table.EVENTS, new Parameters(tenant))
                        .column("hex(uniqCombined64State(17)(person))", "persons")
                        .column("hex(uniqCombined64State(17)(session_id))", "sessions")
                        .column("uniqCombined64(17)(person)", "p")
                        .column("uniqCombined64(17)(session_id)", "s")
                        .build());
    }

    private StoredEvent event(int index, SplittableRandom random) {
        String session = "sitzung-ü" + "x".repeat(random.nextInt(120)) + index;
        Event event = new Event(
                tenant,
                new EventId("e" + index),
                false,
                "view",
                DAY.toEpochMilli() + index,
                DAY.toEpochMilli() + index,
                "u",
                null,
                index < 16 ? session.substring(0, Math.min(session.length(), index + 1)) + index % 10 : session,
                Map.of(),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, index), random.nextLong(), Attributes.NONE);
    }
}
