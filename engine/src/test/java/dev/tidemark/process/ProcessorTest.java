package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.HOUR;
import static dev.tidemark.process.ProcessorHarness.NOW;
import static dev.tidemark.process.ProcessorHarness.TENANT;
import static dev.tidemark.process.ProcessorHarness.append;
import static dev.tidemark.process.ProcessorHarness.assigned;
import static dev.tidemark.process.ProcessorHarness.awaitStored;
import static dev.tidemark.process.ProcessorHarness.event;
import static dev.tidemark.process.ProcessorHarness.identify;
import static dev.tidemark.process.ProcessorHarness.ids;
import static dev.tidemark.process.ProcessorHarness.letter;
import static dev.tidemark.process.ProcessorHarness.strings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.MemoryJournal;
import dev.tidemark.store.Block;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProcessorTest {
    @TempDir
    Path directory;

    private final ProcessorHarness harness = new ProcessorHarness();
    private final MemoryJournal journal = new MemoryJournal(1);
    private final FakeEventStore store = new FakeEventStore();
    private Processor processor;

    @BeforeEach
    void start() {
        processor = open(5);
    }

    @AfterEach
    void stop() {
        processor.close();
    }

    @Test
    void storesEveryEventOnceWithItsAddress() {
        for (int number = 0; number < 23; number++) {
            append(journal, event("e" + number, NOW + number));
        }
        awaitStored(journal, processor);
        assertThat(store.events()).hasSize(23);
        assertThat(store.events()).allSatisfy(row -> {
            assertThat(row.event().id().value()).isEqualTo("e" + row.address().offset());
            assertThat(row.address().partition()).isZero();
        });
        assertThat(harness.count("tidemark.events.processed")).isEqualTo(23);
        assertThat(harness.count("tidemark.events.stored")).isEqualTo(23);
        ProcessorStatus status = processor.status().getFirst();
        assertThat(status.lagEvents()).isZero();
        assertThat(status.lagSeconds()).isZero();
    }

    @Test
    void givesAPersonANumberByUserElseByAnonymousIdElseNone() {
        append(
                journal,
                event(TENANT, "1", "same", NOW, NOW),
                event(new TenantId("other"), "2", "same", NOW, NOW),
                event(TENANT, "3", null, NOW, NOW),
                identify(TENANT, "4", null, Attributes.NONE, NOW));
        awaitStored(journal, processor);
        Map<String, Long> persons = store.events().stream()
                .collect(Collectors.toMap(row -> row.event().id().value(), StoredEvent::person));
        assertThat(persons.get("1")).isEqualTo(persons.get("2")).isNotZero();
        assertThat(persons.get("3")).isNotZero().isNotEqualTo(persons.get("1"));
        assertThat(persons.get("4")).isZero();
    }

    @Test
    void leavesOutDuplicatesWithinABatchAcrossBatchesAndAcrossRestarts() {
        append(journal, event("a", NOW), event("a", NOW + 1), event("b", NOW));
        awaitStored(journal, processor);
        append(journal, event("b", NOW + 2), event("c", NOW));
        awaitStored(journal, processor);
        restart();
        append(journal, event("c", NOW + 3), event("a", NOW + 3), event("d", NOW + 3));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a", "b", "c", "d");
        assertThat(harness.count("tidemark.events.duplicate")).isEqualTo(4);
        assertThat(store.events())
                .filteredOn(row -> row.event().id().value().equals("a"))
                .singleElement()
                .satisfies(row -> assertThat(row.address().offset()).isZero());
    }

    @Test
    void neverTakesAnIdThatTheServerMadeForADuplicate() {
        append(journal, assigned(TENANT, "x", NOW), assigned(TENANT, "x", NOW), event("x", NOW));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("x", "x", "x");
    }

    @Test
    void knowsAnIdForTheWholeHorizonAcrossGenerationsAndForgetsItLater() {
        long received = NOW - NOW % (HOUR / 2) + HOUR / 2 - 1;
        append(journal, event("a", received));
        awaitStored(journal, processor);
        append(journal, event("filler", received + HOUR / 2 + 1), event("a", received + HOUR));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a", "filler");
        append(journal, event("later", received + 3 * HOUR));
        awaitStored(journal, processor);
        append(journal, event("a", received + 3 * HOUR));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a", "a", "filler", "later");
    }

    @Test
    void tenantsAndDeadLettersHaveIdsOfTheirOwn() {
        append(
                journal,
                event(TENANT, "a", "u", NOW, NOW),
                event(new TenantId("other"), "a", "u", NOW, NOW),
                letter(TENANT, "a", 1, NOW),
                letter(TENANT, "a", 1, NOW));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a", "a");
        assertThat(store.letters()).hasSize(1);
        assertThat(harness.count("tidemark.dead.letters.stored")).isEqualTo(1);
    }

    @Test
    void importedHistoryAndItsDeadLettersDoNotDoubleHoweverLateTheyComeAgain() {
        long longAgo = NOW - 1000 * HOUR;
        append(journal, event(TENANT, "old", "u", longAgo, NOW), letter(TENANT, "line", 17, NOW));
        awaitStored(journal, processor);
        long days = NOW + 100 * HOUR;
        append(journal, event("forget", days));
        awaitStored(journal, processor);
        restart();
        append(
                journal,
                event(TENANT, "old", "u", longAgo, days),
                event(new TenantId("other"), "old", "u", longAgo, days),
                letter(TENANT, "line", 17, days),
                letter(TENANT, "line 2", 18, days));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("forget", "old", "old");
        assertThat(store.letters()).hasSize(2);
        assertThat(processor.known(TENANT, longAgo, longAgo, List.of(new EventId("old"), new EventId("new"))))
                .containsExactly(new EventId("old"));
    }

    @Test
    void everyEventHasTheTraitsOfItsUserAsOfItself() {
        append(
                journal,
                event(TENANT, "0", "ada", NOW, NOW),
                identify(TENANT, "1", "ada", strings("plan", "free", "city", "Bonn"), NOW),
                event(TENANT, "2", "ada", NOW, NOW),
                event(TENANT, "3", "bob", NOW, NOW),
                identify(TENANT, "4", "ada", strings("plan", "pro"), NOW),
                event(TENANT, "5", "ada", NOW, NOW));
        awaitStored(journal, processor);
        restart();
        append(
                journal,
                event(TENANT, "6", "ada", NOW, NOW),
                event(new TenantId("other"), "7", "ada", NOW, NOW),
                identify(TENANT, "8", "ada", new Attributes(Map.of(), Map.of("plan", 3.0), Map.of()), NOW),
                identify(TENANT, "1", "ada", strings("plan", "a duplicate sets nothing"), NOW),
                event(TENANT, "9", "ada", NOW, NOW));
        awaitStored(journal, processor);
        Map<String, Attributes> traits = store.events().stream()
                .collect(Collectors.toMap(row -> row.event().id().value(), StoredEvent::userTraits));
        assertThat(traits.get("0")).isEqualTo(Attributes.NONE);
        assertThat(traits.get("1")).isEqualTo(strings("plan", "free", "city", "Bonn"));
        assertThat(traits.get("2")).isEqualTo(traits.get("1"));
        assertThat(traits.get("3")).isEqualTo(Attributes.NONE);
        assertThat(traits.get("4")).isEqualTo(strings("plan", "pro", "city", "Bonn"));
        assertThat(traits.get("5")).isEqualTo(traits.get("4"));
        assertThat(traits.get("6")).isEqualTo(traits.get("4"));
        assertThat(traits.get("7")).isEqualTo(Attributes.NONE);
        assertThat(traits.get("9")).isEqualTo(new Attributes(Map.of("city", "Bonn"), Map.of("plan", 3.0), Map.of()));
    }

    @Test
    void noBlockSpansMonths() {
        long may = Instant.parse("2026-05-31T23:59:59.999Z").toEpochMilli();
        append(
                journal,
                event(TENANT, "1", "u", may, may),
                event(TENANT, "2", "u", may + 1, may),
                event(TENANT, "3", "u", may - 40L * 24 * HOUR, may),
                event(TENANT, "4", "u", may + 5, may));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("1", "2", "3", "4");
        assertThat(store.blocks()).extracting(Block::rows).containsExactlyInAnyOrder(1, 1, 2);
        assertThat(store.blocks())
                .extracting(block -> block.token().substring(block.token().length() - 6))
                .containsExactlyInAnyOrder("202604", "202605", "202606");
    }

    @Test
    void waitsForAnEngineThatIsDownAndCatchesUp() {
        store.failing(_ -> {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        });
        for (int number = 0; number < 40; number++) {
            append(journal, event("e" + number, NOW - 5_000));
        }
        ProcessorHarness.await(() -> processor.status().getFirst().cursor() >= 5);
        ProcessorStatus status = processor.status().getFirst();
        assertThat(status.storedThrough()).isZero();
        assertThat(status.lagEvents()).isEqualTo(40);
        assertThat(status.lagSeconds()).isPositive();
        assertThat(harness.positions.of(TENANT)).isEqualTo(-1);
        store.failing(_ -> {});
        awaitStored(journal, processor);
        assertThat(store.events()).hasSize(40);
        assertThat(harness.positions.of(TENANT)).isEqualTo(39);
        assertThat(harness.count("tidemark.process.quarantined.rows")).isZero();
    }

    @Test
    void whatWasNotSentAtTheEndIsSentAtTheNextStart() {
        store.failing(_ -> {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        });
        append(journal, event("a", NOW), event("b", NOW), letter(TENANT, "c", 1, NOW));
        ProcessorHarness.await(() -> processor.status().getFirst().cursor() == 3);
        processor.close();
        store.failing(_ -> {});
        processor = open(5);
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a", "b");
        assertThat(store.letters()).hasSize(1);
        assertThat(harness.positions.of(TENANT)).isEqualTo(1);
    }

    @Test
    void setsABlockAsideThatTheEngineRefusesAndGoesOn() {
        store.failing(block -> {
            if (block.token().contains("-0-0-0-")) {
                throw new TidemarkException(ErrorCode.STORAGE_FAILED, "refused");
            }
        });
        assertThat(processor.hasQuarantined()).isFalse();
        append(journal, event("poison", NOW));
        ProcessorHarness.await(() -> processor.status().getFirst().storedThrough() == 1);
        append(journal, event("fine", NOW));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("fine");
        assertThat(harness.count("tidemark.process.quarantined.rows")).isEqualTo(1);
        store.failing(_ -> {});
        restart();
        append(journal, event("later", NOW));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("fine", "later");
        assertThat(processor.hasQuarantined()).isTrue();
    }

    @Test
    void leavesOutBytesThatAreNoEntry() {
        long _ = journal.append(0, List.of(new byte[] {9, 9, 9})).join();
        append(journal, event("a", NOW));
        awaitStored(journal, processor);
        assertThat(ids(store)).containsExactly("a");
        assertThat(harness.count("tidemark.process.undecodable")).isEqualTo(1);
    }

    @Test
    void tellsWhichIdsItKnows() {
        append(journal, event("a", NOW), letter(TENANT, "l", 1, NOW));
        awaitStored(journal, processor);
        assertThat(processor.known(TENANT, List.of(new EventId("a"), new EventId("b"), new EventId("l"))))
                .containsExactly(new EventId("a"));
        assertThat(processor.known(new TenantId("other"), List.of(new EventId("a"))))
                .isEmpty();
    }

    @Test
    void refusesAJournalThatIsBehindItsState() {
        append(journal, event("a", NOW));
        awaitStored(journal, processor);
        processor.close();
        MemoryJournal another = new MemoryJournal(1);
        assertThatThrownBy(() -> harness.processor(
                        ProcessorHarness.settings(directory, 5), another, store, state(), (_, _, _, _) -> {}))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        processor = open(5);
        assertThat(processor.status().getFirst().cursor()).isEqualTo(1);
    }

    @Test
    void aStateInUseIsSaidToBe() {
        assertThatThrownBy(this::state).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(failure.detail()).contains("in use");
        });
    }

    private void restart() {
        processor.close();
        processor = open(5);
    }

    private Processor open(int maxBatchRows) {
        return harness.processor(
                ProcessorHarness.settings(directory, maxBatchRows), journal, store, state(), (_, _, _, _) -> {});
    }

    private State state() {
        return RocksState.open(directory, TimeSource.system());
    }
}
