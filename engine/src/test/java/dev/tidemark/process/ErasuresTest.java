package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.NOW;
import static dev.tidemark.process.ProcessorHarness.TENANT;
import static dev.tidemark.process.ProcessorHarness.append;
import static dev.tidemark.process.ProcessorHarness.awaitStored;
import static dev.tidemark.process.ProcessorHarness.event;
import static dev.tidemark.process.ProcessorHarness.identify;
import static dev.tidemark.process.ProcessorHarness.ids;
import static dev.tidemark.process.ProcessorHarness.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.MemoryJournal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ErasuresTest {
    private static final TenantId OTHER = new TenantId("other");

    @TempDir
    Path directory;

    private final ProcessorHarness harness = new ProcessorHarness();
    private final MemoryJournal journal = new MemoryJournal(1);
    private final FakeEventStore store = new FakeEventStore();

    @Test
    void whatIsErasedNeverReachesTheStoreWhoeverReadsTheJournalAgain() {
        append(
                journal,
                event(TENANT, "ada 1", "ada", NOW, NOW),
                event(TENANT, "bob 1", "bob", NOW, NOW),
                event(OTHER, "other ada", "ada", NOW, NOW),
                event(TENANT, "anonymous", null, NOW, NOW),
                event(TENANT, "ada later", "ada", NOW, NOW));
        RocksState state = open();
        state.erase(new Erasure(0, TENANT, 4, Set.of(Person.ofUser("ada"), Person.ofAnonymous("anonymous-1"))));
        state.close();

        try (Processor processor = harness.processor(settings(), journal, store, open(), (_, _, _, _) -> {})) {
            awaitStored(journal, processor);
        }
        assertThat(ids(store)).containsExactly("ada later", "bob 1", "other ada");
    }

    @Test
    void traitsAreForgottenAndGrowAnew() {
        try (Processor processor = harness.processor(settings(), journal, store, open(), (_, _, _, _) -> {})) {
            append(journal, identify(TENANT, "i1", "ada", strings("mail", "a@b.c"), NOW));
            append(journal, identify(TENANT, "i2", "bob", strings("plan", "team"), NOW));
            awaitStored(journal, processor);
            processor.erase(TENANT, processor.endOf(TENANT), Set.of(Person.ofUser("ada")), List.of("ada"));
            append(journal, event(TENANT, "e1", "ada", NOW, NOW), event(TENANT, "e2", "bob", NOW, NOW));
            append(journal, identify(TENANT, "i3", "ada", strings("plan", "solo"), NOW));
            awaitStored(journal, processor);
        }
        assertThat(store.events())
                .filteredOn(row -> row.event().id().value().equals("e1"))
                .allMatch(row -> row.userTraits().isEmpty());
        assertThat(store.events())
                .filteredOn(row -> row.event().id().value().equals("i3"))
                .allMatch(row -> row.userTraits()
                        .strings()
                        .equals(strings("plan", "solo").strings()));
        assertThat(store.events())
                .filteredOn(row -> row.event().id().value().equals("e2"))
                .allMatch(row -> row.userTraits().strings().containsKey("plan"));
    }

    @Test
    void anErasureIsForgottenWithTheJournalThatItIsAbout() {
        RocksState state = open();
        state.erase(new Erasure(0, TENANT, 2, Set.of(1L)));
        state.close();
        append(journal, event("a", NOW), event("b", NOW));
        append(journal, event("c", NOW));
        try (Processor processor = harness.processor(settings(), journal, store, open(), (_, _, _, _) -> {})) {
            awaitStored(journal, processor);
            assertThat(processor.purge(TENANT, 2)).isTrue();
        }
        harness.processor(settings(), journal, store, open(), (_, _, _, _) -> {})
                .close();
        RocksState after = open();
        assertThat(after.erasures()).isEmpty();
        after.close();
    }

    private ProcessSettings settings() {
        return ProcessorHarness.settings(directory, 5);
    }

    private RocksState open() {
        return RocksState.open(directory, TimeSource.system());
    }
}
