package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.NOW;
import static dev.tidemark.process.ProcessorHarness.TENANT;
import static dev.tidemark.process.ProcessorHarness.append;
import static dev.tidemark.process.ProcessorHarness.await;
import static dev.tidemark.process.ProcessorHarness.awaitStored;
import static dev.tidemark.process.ProcessorHarness.event;
import static dev.tidemark.process.ProcessorHarness.identify;
import static dev.tidemark.process.ProcessorHarness.letter;
import static dev.tidemark.process.ProcessorHarness.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.MemoryJournal;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AcceptedEventsTest {
    @TempDir
    Path directory;

    private final ProcessorHarness harness = new ProcessorHarness();
    private final MemoryJournal journal = new MemoryJournal(1);
    private final FakeEventStore store = new FakeEventStore();
    private final Told told = new Told();
    private Processor processor;

    @BeforeEach
    void start() {
        processor = open(told);
    }

    @AfterEach
    void stop() {
        processor.close();
    }

    @Test
    void aListenerHearsOfEachEventOnceInOrderAsTheStoreGetsIt() {
        append(
                journal,
                event("a", NOW),
                identify(TENANT, "b", "user-1", strings("plan", "pro"), NOW),
                event("a", NOW),
                letter(TENANT, "l", 1, NOW),
                event("c", NOW + 40L * 24 * ProcessorHarness.HOUR),
                event("d", NOW));
        append(journal, event("d", NOW), event("e", NOW));
        awaitStored(journal, processor);
        assertThat(told.words()).first().isEqualTo("missed before 0");
        assertThat(told.ids()).containsExactly("a", "b", "c", "d", "e");
        assertThat(told.events).containsExactlyInAnyOrderElementsOf(store.events());
        assertThat(told.through).isEqualTo(8);
    }

    @Test
    void aListenerHearsBeforeTheStoreDoesAndAlsoWhileTheStoreIsDown() {
        store.failing(_ -> {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        });
        append(journal, event("a", NOW));
        await(() -> told.ids().contains("a"));
        assertThat(processor.storedThrough(0)).isZero();
        assertThat(processor.unprocessedSeconds(0)).isZero();
        assertThat(processor.status(0).lagEvents()).isEqualTo(1);
        store.failing(_ -> {});
        awaitStored(journal, processor);
        assertThat(told.ids()).containsExactly("a");
    }

    @Test
    void processingGoesOnForAWhileWithoutTheStoreAndCatchesUp() {
        store.failing(_ -> {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        });
        for (int batch = 1; batch <= 6; batch++) {
            append(journal, event("e" + batch, NOW));
            int told = batch;
            await(() -> this.told.ids().size() == told);
        }
        assertThat(processor.storedThrough(0)).isZero();
        store.failing(_ -> {});
        awaitStored(journal, processor);
        assertThat(ProcessorHarness.ids(store)).containsExactly("e1", "e2", "e3", "e4", "e5", "e6");
    }

    @Test
    void whatWasCommittedBeforeTheStartIsNotToldButThatItWasMissed() {
        store.failing(_ -> {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        });
        append(journal, event("a", NOW), event("b", NOW));
        await(() -> processor.status(0).cursor() == 2);
        processor.close();
        store.failing(_ -> {});
        Told later = new Told();
        processor = open(later);
        append(journal, event("c", NOW));
        awaitStored(journal, processor);
        assertThat(later.words()).first().isEqualTo("missed before 2");
        assertThat(later.ids()).containsExactly("c");
    }

    @Test
    void aListenerHearsWhoseEventsWereSetAside() {
        store.failing(block -> {
            if (block.token().contains("-0-0-1-")) {
                throw new TidemarkException(ErrorCode.STORAGE_FAILED, "refused");
            }
        });
        append(journal, event("poison", NOW), event(new TenantId("other"), "poison", "u", NOW, NOW));
        await(() -> processor.storedThrough(0) == 2);
        append(journal, event("fine", NOW));
        awaitStored(journal, processor);
        assertThat(told.words()).contains("set aside acme, other");
        assertThat(told.ids()).containsExactly("poison", "poison", "fine");
        assertThat(store.events()).hasSize(1);
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        processor.close();
        processor = open(new AcceptedListener() {
            @Override
            public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {
                throw new IllegalStateException("not ready");
            }

            @Override
            public void missed(int partition, long nextOffset) {
                throw new IllegalStateException("not ready");
            }

            @Override
            public void setAside(int partition, Set<TenantId> tenants) {
                throw new IllegalStateException("not ready");
            }
        });
        append(journal, event("a", NOW), event("b", NOW));
        awaitStored(journal, processor);
        assertThat(store.events()).hasSize(2);
    }

    @Test
    void eventsAndGapsTogetherCoverTheJournalWhateverFails() {
        processor.close();
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MemoryJournal own = new MemoryJournal(1);
            Told heard = new Told();
            FakeEventStore target = new FakeEventStore();
            try (Processor tested = harness.processor(
                    ProcessorHarness.settings(directory, 1 + random.nextInt(6)),
                    own,
                    target,
                    new Fate(seed, Integer.MAX_VALUE, 0.2).over(new MemoryState()),
                    (_, _, _, _) -> {},
                    heard)) {
                for (int number = 0; number < 60; number++) {
                    append(own, event("e" + random.nextInt(40), NOW + number));
                }
                awaitStored(own, tested);
            }
            assertThat(heard.breaks()).as("seed %d", seed).isZero();
            assertThat(heard.events)
                    .as("seed %d", seed)
                    .allSatisfy(event -> assertThat(target.events()).contains(event));
            assertThat(target.events())
                    .as("seed %d", seed)
                    .allSatisfy(event -> assertThat(heard.events.contains(event)
                                    || event.address().offset() < heard.lastGap())
                            .isTrue());
        }
    }

    private Processor open(AcceptedListener listener) {
        return harness.processor(
                ProcessorHarness.settings(directory, 5),
                journal,
                store,
                RocksState.open(directory, TimeSource.system()),
                (_, _, _, _) -> {},
                listener);
    }

    /** What a listener was told. */
    private static final class Told implements AcceptedListener {
        final List<StoredEvent> events = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private long through = -1;
        private long gap = -1;
        private int broken;

        @Override
        public synchronized void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> batch) {
            if (fromOffset != through) {
                broken++;
            }
            through = nextOffset;
            events.addAll(batch);
        }

        @Override
        public synchronized void missed(int partition, long nextOffset) {
            words.add("missed before " + nextOffset);
            through = nextOffset;
            gap = nextOffset;
        }

        @Override
        public synchronized void setAside(int partition, Set<TenantId> tenants) {
            words.add("set aside "
                    + String.join(
                            ", ", tenants.stream().map(TenantId::value).sorted().toList()));
        }

        synchronized List<String> words() {
            return List.copyOf(words);
        }

        synchronized List<String> ids() {
            return events.stream().map(event -> event.event().id().value()).toList();
        }

        synchronized int breaks() {
            return broken;
        }

        synchronized long lastGap() {
            return gap;
        }
    }
}
