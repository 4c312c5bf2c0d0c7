package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every store keeps, whatever engine is behind it. */
public abstract class AbstractEventStoreContract extends AbstractStreamContract {

    @Test
    void anInsertedBlockIsVisibleAtOnce() {
        store().insert(store().encodeEvents("visible-" + tenant, sample(1).take(500, MAY, 1_000)));
        assertThat(count(Table.EVENTS, tenant)).isEqualTo(500);
    }

    @Test
    void theSameTokenTwiceCountsOnceInTheTableAndInBothRollups() {
        Block block = store().encodeEvents("twice-" + tenant, sample(2).take(300, MAY, 7_000));
        store().insert(block);
        store().insert(block);
        assertThat(count(Table.EVENTS, tenant)).isEqualTo(300);
        assertThat(rollup(Table.ROLLUP_MINUTE)).isEqualTo(300);
        assertThat(rollup(Table.ROLLUP_HOUR)).isEqualTo(300);
    }

    @Test
    void equalRowsUnderAnotherTokenCountAgain() {
        List<StoredEvent> events = sample(3).take(10, MAY, 1_000);
        store().insert(store().encodeEvents("one-" + tenant, events));
        store().insert(store().encodeEvents("two-" + tenant, events));
        assertThat(count(Table.EVENTS, tenant)).isEqualTo(20);
        assertThat(rollup(Table.ROLLUP_HOUR)).isEqualTo(20);
    }

    @Test
    void rollupsHoldTheDistinctPersonsAndSessionsOfTheTable() {
        store().insert(store().encodeEvents("distinct-1-" + tenant, sample(4).take(800, MAY, 1_000)));
        store().insert(store().encodeEvents("distinct-2-" + tenant, sample(5).take(800, MAY + 60_000, 1_000)));
        Rows base = ask(Select.from(Table.EVENTS, new Parameters(tenant))
                .column("uniqExactIf(person, person != 0)", "persons")
                .column("uniqExactIf(session_id, session_id != '')", "sessions")
                .build());
        for (Table table : List.of(Table.ROLLUP_MINUTE, Table.ROLLUP_HOUR)) {
            Rows rollup = ask(Select.from(table, new Parameters(tenant))
                    .column("uniqCombined64IfMerge(17)(persons)", "persons")
                    .column("uniqCombined64IfMerge(17)(sessions)", "sessions")
                    .build());
            assertThat(rollup.values()).isEqualTo(base.values());
        }
    }

    @Test
    void oneBlockMayCarryManyTenants() {
        TenantId other = new TenantId(tenant.value() + "-b");
        List<StoredEvent> both = new java.util.ArrayList<>(sample(7).take(4, MAY, 1_000));
        both.addAll(new SampleEvents(other, 7).take(6, MAY, 1_000));
        store().insert(store().encodeEvents("both-" + tenant, both));
        assertThat(count(Table.EVENTS, tenant)).isEqualTo(4);
        assertThat(count(Table.EVENTS, other)).isEqualTo(6);
    }

    @Test
    void everyColumnOfAnEventComesBack() {
        Map<ContextField, String> context = new HashMap<>();
        for (ContextField field : ContextField.values()) {
            context.put(field, field.column() + " 'ü' \\ \n");
        }
        Attributes properties = new Attributes(
                Map.of("a.b", "x\ty", "empty", "", "schlüssel", "[1,2]"),
                Map.of("n", -0.25, "m", 1e18),
                Map.of("t", true, "f", false));
        Attributes traits = new Attributes(Map.of("plan", "team"), Map.of("seats", 3.0), Map.of("beta", true));
        Event event = new Event(
                tenant,
                new EventId("id-1"),
                false,
                "odd type 'x'",
                MAY + 123,
                MAY + 456,
                "user 1",
                "anon 1",
                "session 1",
                context,
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES - 1);
        StoredEvent bare = new StoredEvent(
                new Event(
                        tenant,
                        new EventId("id-2"),
                        false,
                        "bare",
                        MAY + 124,
                        MAY + 124,
                        null,
                        null,
                        null,
                        Map.of(),
                        Attributes.NONE,
                        Attributes.NONE,
                        false,
                        Event.NEVER_EXPIRES),
                new JournalAddress(65_535, Long.MAX_VALUE),
                0L,
                Attributes.NONE);
        store().insert(store().encodeEvents(
                        "columns-" + tenant,
                        List.of(new StoredEvent(event, new JournalAddress(3, 77), -5L, traits), bare)));

        Select.Builder select = Select.from(Table.EVENTS, new Parameters(tenant))
                .column("event_id", "id")
                .column("event_type", "type")
                .column("toUnixTimestamp64Milli(ts)", "at")
                .column("toUnixTimestamp64Milli(received_at)", "received")
                .column("user_id", "u")
                .column("anonymous_id", "a")
                .column("person", "p")
                .column("session_id", "s")
                .column("journal_partition", "jp")
                .column("journal_offset", "jo")
                .column("toUInt16(expires_on)", "expires")
                .column("toJSONString(mapSort(props_str))", "ps")
                .column("toJSONString(mapSort(props_num))", "pn")
                .column("toJSONString(mapSort(props_bool))", "pb")
                .column("toJSONString(user_str)", "us")
                .column("toJSONString(user_num)", "un")
                .column("toJSONString(user_bool)", "ub");
        for (ContextField field : ContextField.values()) {
            select.column(field.column(), "c_" + field.column());
        }
        Rows rows = ask(select.orderBy("ts").build());
        assertThat(rows.values().getFirst().subList(0, 17))
                .containsExactly(
                        "id-1",
                        "odd type 'x'",
                        MAY + 123,
                        MAY + 456,
                        "user 1",
                        "anon 1",
                        -5L,
                        "session 1",
                        3L,
                        77L,
                        (long) Event.NEVER_EXPIRES - 1,
                        "{\"a.b\":\"x\\ty\",\"empty\":\"\",\"schlüssel\":\"[1,2]\"}",
                        "{\"m\":1000000000000000000,\"n\":-0.25}",
                        "{\"f\":false,\"t\":true}",
                        "{\"plan\":\"team\"}",
                        "{\"seats\":3}",
                        "{\"beta\":true}");
        int column = 17;
        for (ContextField field : ContextField.values()) {
            assertThat(rows.textAt(0, column)).isEqualTo(context.get(field));
            assertThat(rows.textAt(1, column)).isEmpty();
            column++;
        }
        assertThat(rows.values().get(1).subList(0, 17))
                .containsExactly(
                        "id-2",
                        "bare",
                        MAY + 124,
                        MAY + 124,
                        "",
                        "",
                        0L,
                        "",
                        65_535L,
                        Long.MAX_VALUE,
                        (long) Event.NEVER_EXPIRES,
                        "{}",
                        "{}",
                        "{}",
                        "{}",
                        "{}",
                        "{}");
    }

    @Test
    void deadLettersComeBackWhole() {
        StoredDeadLetter letter = sample(10).deadLetter("letter-1", MAY);
        store().insert(store().encodeDeadLetters("letters-" + tenant, List.of(letter)));
        Rows rows = ask(Select.from(Table.DEAD_LETTERS, new Parameters(tenant))
                .column("dead_letter_id", "id")
                .column("reason", "why")
                .column("field", "f")
                .column("message", "m")
                .column("event_type", "t")
                .column("payload", "p")
                .column("source", "s")
                .column("line", "l")
                .build());
        assertThat(rows.values().getFirst())
                .containsExactly(
                        "letter-1",
                        "schema_violation",
                        "properties.amount",
                        "must be a number",
                        "purchase",
                        letter.deadLetter().payload(),
                        "import:access.log",
                        42L);
    }

    @Test
    void encodingIsTheSameForEqualEventsWhateverTheOrderOfTheirMaps() {
        Map<String, String> forwards = new LinkedHashMap<>();
        Map<String, String> backwards = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            forwards.put("key" + i, "value" + i);
            backwards.put("key" + (39 - i), "value" + (39 - i));
        }
        Block first = store().encodeEvents(
                        "same", List.of(withProperties(forwards), withProperties(new TreeMap<>(forwards))));
        Block second = store().encodeEvents("same", List.of(withProperties(backwards), withProperties(forwards)));
        assertThat(Arrays.equals(first.payload(), second.payload())).isTrue();
        assertThat(first.rows()).isEqualTo(2);
    }

    @Test
    void aBlockOfTwoMonthsIsRefused() {
        List<StoredEvent> events =
                sample(11).take(2, Instant.parse("2105-05-31T23:59:59.999Z").toEpochMilli(), 1);
        assertThatThrownBy(() -> store().encodeEvents("months", events))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("2105-05")
                .hasMessageContaining("2105-06");
    }

    @Test
    void aBlockOfManyThousandRowsIsOnePart() {
        store().insert(store().encodeEvents("large-" + tenant, sample(12).take(30_000, MAY, 50)));
        Rows rows = ask(Select.from(Table.EVENTS, new Parameters(tenant))
                .column("uniqExact(_part)", "parts")
                .column("count()", "n")
                .build());
        assertThat(rows.values().getFirst()).containsExactly(1L, 30_000L);
    }

    @Test
    void aBrokenBlockIsRefusedAndLeavesNothing() {
        Block broken = new Block("broken-" + tenant, Table.EVENTS, 1, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> store().insert(broken))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
        assertThat(count(Table.EVENTS, tenant)).isZero();
    }

    @Test
    void profilesKeepTheLatestTraitsOfAUser() {
        store().insert(store().encodeEvents("profile-" + tenant, List.of(identify(1, "free"), identify(2, "team"))));
        Rows rows = ask(Select.from(Table.PROFILES, new Parameters(tenant))
                .column("argMax(user_str['plan'], position)", "plan")
                .column("any(user_id)", "u")
                .build());
        assertThat(rows.values().getFirst()).containsExactly("team", "user-1");
    }

    @Test
    void aListOfPersonsIsOfItsTenantAndHasEachPersonOnce() {
        TenantId other = new TenantId(tenant.value() + "-other");
        store().insert(store().encodeCohortMembers("m1-" + tenant, tenant, "list", List.of(1L, -1L, Long.MIN_VALUE)));
        store().insert(store().encodeCohortMembers("m2-" + tenant, tenant, "list", List.of(1L, 5L)));
        store().insert(store().encodeCohortMembers("m3-" + tenant, tenant, "another", List.of(9L)));
        store().insert(store().encodeCohortMembers("m4-" + tenant, other, "list", List.of(7L)));
        assertThat(members(tenant, "list")).containsExactlyInAnyOrder(1L, -1L, Long.MIN_VALUE, 5L);
        assertThat(members(tenant, "another")).containsExactly(9L);
        assertThat(members(other, "list")).containsExactly(7L);
    }

    @Test
    void aListTakesThePersonsOfAStatementUpToALimit() {
        store().insert(store().encodeEvents("taken-" + tenant, sample(14).take(200, MAY, 1_000)));
        Parameters parameters = new Parameters(tenant);
        Select persons = Select.from(Table.EVENTS, parameters)
                .column("person", "person")
                .where("person != 0")
                .where("event_type != " + parameters.text("it's"))
                .groupBy("person")
                .build();
        long all = ask(persons).size();
        store().addCohortMembers(tenant, "all", persons, 1_000);
        store().addCohortMembers(tenant, "some", persons, 2);
        assertThat(all).isGreaterThan(2);
        assertThat(members(tenant, "all"))
                .hasSize((int) all)
                .containsExactlyInAnyOrderElementsOf(ask(persons).values().stream()
                        .map(row -> (Long) row.getFirst())
                        .toList());
        assertThat(members(tenant, "some")).hasSize(2);
        assertThatThrownBy(() -> store().addCohortMembers(new TenantId("another"), "all", persons, 10))
                .isInstanceOf(TidemarkException.class);
    }

    @Test
    void aRemovedListIsEmptyAndNoOtherIs() {
        TenantId other = new TenantId(tenant.value() + "-other");
        store().insert(store().encodeCohortMembers("r1-" + tenant, tenant, "gone", List.of(1L, 2L)));
        store().insert(store().encodeCohortMembers("r2-" + tenant, tenant, "kept", List.of(3L)));
        store().insert(store().encodeCohortMembers("r3-" + tenant, other, "gone", List.of(4L)));
        store().removeCohortMembers(tenant, "gone");
        store().removeCohortMembers(tenant, "gone");
        store().removeCohortMembers(tenant, "never");
        assertThat(members(tenant, "gone")).isEmpty();
        assertThat(members(tenant, "kept")).containsExactly(3L);
        assertThat(members(other, "gone")).containsExactly(4L);
    }

    @Test
    void anAnsweringEngineIsHealthy() {
        assertThat(store().healthy()).isTrue();
    }

    private List<Long> members(TenantId of, String list) {
        Parameters parameters = new Parameters(of);
        Select select = Select.from(Table.COHORT_MEMBERS, parameters)
                .column("DISTINCT person", "person")
                .where("list_id = " + parameters.text(list))
                .build();
        return store().query(of, select).values().stream()
                .map(row -> (Long) row.getFirst())
                .toList();
    }

    private StoredEvent withProperties(Map<String, String> texts) {
        Event event = new Event(
                tenant,
                new EventId("x"),
                false,
                "page_view",
                MAY,
                MAY,
                null,
                null,
                null,
                Map.of(),
                new Attributes(texts, Map.of(), Map.of()),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, 0), 0, Attributes.NONE);
    }

    private StoredEvent identify(long offset, String plan) {
        Attributes traits = new Attributes(Map.of("plan", plan), Map.of(), Map.of());
        Event event = new Event(
                tenant,
                new EventId("identify-" + offset),
                false,
                "identify",
                MAY,
                MAY,
                "user-1",
                null,
                null,
                Map.of(),
                Attributes.NONE,
                traits,
                true,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, offset), 1, traits);
    }

    private long rollup(Table table) {
        return ask(Select.from(table, new Parameters(tenant))
                        .column("sum(events)", "n")
                        .build())
                .longAt(0, 0);
    }
}
