package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events go with their share of both rollups, while others keep coming. */
@Timeout(120)
final class EventRemovalTest {
    private final TenantId tenant =
            new TenantId("removal-" + ProcessHandle.current().pid());
    private final EventStore store = EngineFixture.shared().store();
    private final long now = TimeSource.system().millis() - Duration.ofHours(2).toMillis();

    @Test
    void theRollupsAreThoseOfTheOtherEventsAlsoOfThoseThatComeMeanwhile() throws Exception {
        insert(0);
        AtomicBoolean removed = new AtomicBoolean();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> inserting = others.submit(() -> {
                int number = 1;
                while (!removed.get() || number < 20) {
                    insert(number++);
                }
                return number;
            });
            Parameters parameters = new Parameters(tenant);
            int month = Integer.parseInt(java.time.Instant.ofEpochMilli(now)
                    .toString()
                    .substring(0, 7)
                    .replace("-", ""));
            EngineFixture.shared()
                    .upkeep()
                    .removeEvents(
                            Deletion.from(Table.EVENTS, parameters)
                                    .where("user_id LIKE '%1'")
                                    .where("journal_offset < " + parameters.integer(300)),
                            month);
            removed.set(true);
            assertThat(inserting.get()).isGreaterThanOrEqualTo(20);
        }
        RollupTruth.assertRollupsFitTheEvents(store, tenant, Table.ROLLUP_HOUR, Table.ROLLUP_MINUTE);
    }

    private void insert(int number) {
        store.insert(store.encodeEvents(
                "removal-" + tenant + "-" + number, new SampleEvents(tenant, number).take(300, now, 7_000)));
    }
}
