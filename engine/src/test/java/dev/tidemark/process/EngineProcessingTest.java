package dev.tidemark.process;

import static dev.tidemark.process.ProcessorHarness.HOUR;
import static dev.tidemark.process.ProcessorHarness.NOW;
import static dev.tidemark.process.ProcessorHarness.append;
import static dev.tidemark.process.ProcessorHarness.awaitStored;
import static dev.tidemark.process.ProcessorHarness.event;
import static dev.tidemark.process.ProcessorHarness.letter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.JournalSettings;
import dev.tidemark.journal.RocksJournal;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Positions;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a journal on disk into the real engine. */
@Timeout(180)
class EngineProcessingTest {
    private static final TenantId TENANT = new TenantId("process-engine");
    private static final TenantId OTHER = new TenantId("process-other");

    @TempDir
    Path directory;

    private final EventStore store = EngineFixture.shared().store();
    private final Positions positions = new Positions();

    @Test
    void historyThatIsImportedAgainDaysLaterChangesNothing() {
        long longAgo = NOW - 90_000 * HOUR;
        run((journal, processor) -> {
            for (int number = 0; number < 50; number++) {
                append(journal, event(TENANT, "line-" + number, "u", longAgo + number * 7 * HOUR, NOW));
            }
            append(journal, letter(TENANT, "line-50", 50, NOW));
            append(journal, event(TENANT, "now", "u", NOW, NOW));
            awaitStored(journal, processor);
            assertThat(positions.of(TENANT)).isEqualTo(51);
        });
        assertThat(count(TENANT, Table.EVENTS)).isEqualTo(51);
        long later = NOW + 1_000 * HOUR;
        run((journal, processor) -> {
            append(journal, event(TENANT, "another day", "u", later, later));
            awaitStored(journal, processor);
            for (int number = 0; number < 55; number++) {
                append(journal, event(TENANT, "line-" + number, "u", longAgo + number * 7 * HOUR, later));
            }
            append(journal, letter(TENANT, "line-50", 50, later), letter(TENANT, "line-51", 51, later));
            append(journal, event(OTHER, "line-1", "u", longAgo + 7 * HOUR, later));
            awaitStored(journal, processor);
            assertThat(processor.known(
                            TENANT,
                            longAgo,
                            longAgo + 1_000 * HOUR,
                            List.of(new EventId("line-54"), new EventId("line-3"), new EventId("line-99"))))
                    .containsExactlyInAnyOrder(new EventId("line-54"), new EventId("line-3"));
        });
        assertThat(count(TENANT, Table.EVENTS)).isEqualTo(57);
        assertThat(count(TENANT, Table.DEAD_LETTERS)).isEqualTo(2);
        assertThat(count(OTHER, Table.EVENTS)).isEqualTo(1);
    }

    private interface Use {
        void of(RocksJournal journal, Processor processor);
    }

    private void run(Use use) {
        JournalSettings settings = new JournalSettings(
                directory.resolve("journal"), 1, ByteSize.mebibytes(100), new ByteSize(0), ByteSize.mebibytes(16));
        try (RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry());
                Processor processor = new Processor(
                        ProcessorHarness.settings(directory.resolve("process"), 20),
                        journal,
                        store,
                        positions,
                        (_, _, _, _) -> {},
                        AcceptedListener.NONE,
                        TimeSource.system(),
                        new SimpleMeterRegistry())) {
            processor.start();
            use.of(journal, processor);
        }
    }

    private long count(TenantId tenant, Table table) {
        Rows rows = store.query(
                tenant,
                Select.from(table, new Parameters(tenant))
                        .column("count()", "n")
                        .build());
        return rows.longAt(0, 0);
    }
}
