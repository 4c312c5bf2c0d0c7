package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.NOW;
import static dev.tidemark.process.ProcessorHarness.append;
import static dev.tidemark.process.ProcessorHarness.awaitStored;
import static dev.tidemark.process.ProcessorHarness.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.MemoryJournal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QuarantineTest {
    @TempDir
    Path directory;

    private final ProcessorHarness harness = new ProcessorHarness();
    private final MemoryJournal journal = new MemoryJournal(1);
    private final FakeEventStore store = new FakeEventStore();

    @Test
    void whatIsReleasedIsSentAtTheNextStartAndCountsOnce() {
        store.failing(block -> {
            if (block.token().contains("-0-0-0-")) {
                throw new TidemarkException(ErrorCode.STORAGE_FAILED, "refused");
            }
        });
        try (Processor processor = open()) {
            append(journal, event("poison", NOW));
            awaitStored(journal, processor);
            append(journal, event("fine", NOW));
            awaitStored(journal, processor);
            assertThatThrownBy(() -> Quarantine.open(directory, TimeSource.system()))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        }
        store.failing(_ -> {});
        try (Quarantine quarantine = Quarantine.open(directory, TimeSource.system())) {
            Quarantine.Entry entry = quarantine.entries().getFirst();
            assertThat(entry.rows()).isEqualTo(1);
            assertThat(entry.tenants()).containsExactly("acme");
            assertThat(quarantine.release("nothing of this name")).isFalse();
            assertThat(quarantine.release(entry.token())).isTrue();
            assertThat(quarantine.entries()).isEmpty();
        }
        for (int start = 0; start < 2; start++) {
            try (Processor processor = open()) {
                append(journal, event("later " + start, NOW));
                awaitStored(journal, processor);
                assertThat(processor.hasQuarantined()).isFalse();
            }
        }
        assertThat(ProcessorHarness.ids(store)).isEqualTo(List.of("fine", "later 0", "later 1", "poison"));
    }

    private Processor open() {
        return harness.processor(
                ProcessorHarness.settings(directory, 5),
                journal,
                store,
                RocksState.open(directory, TimeSource.system()),
                (_, _, _, _) -> {});
    }
}
