package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import java.util.List;

/** What a tenant's rollups say, and what its events say if they are counted one by one. */
public final class RollupTruth {
    private RollupTruth() {}

    /**
     * Every event type and bucket has the events, persons and sessions that are in the events; and there are some.
     *
     * @param rollups that keep events as old as the tenant's
     */
    public static void assertRollupsFitTheEvents(EventStore store, TenantId tenant, Table... rollups) {
        for (Table rollup : rollups) {
            String bucket = rollup == Table.ROLLUP_HOUR ? "toStartOfHour" : "toStartOfMinute";
            assertThat(sums(store, tenant, rollup))
                    .as(rollup.sqlName())
                    .isNotEmpty()
                    .isEqualTo(counts(store, tenant, bucket));
        }
    }

    private static List<?> sums(EventStore store, TenantId tenant, Table rollup) {
        return rows(
                store,
                tenant,
                Select.from(rollup, new Parameters(tenant))
                        .column("toString(event_type)", "t")
                        .column("toUnixTimestamp(bucket)", "b")
                        .column("sum(events)", "n")
                        .column("uniqCombined64IfMerge(17)(persons)", "p")
                        .column("uniqCombined64IfMerge(17)(sessions)", "s"));
    }

    private static List<?> counts(EventStore store, TenantId tenant, String bucket) {
        return rows(
                store,
                tenant,
                Select.from(Table.EVENTS, new Parameters(tenant))
                        .column("toString(event_type)", "t")
                        .column("toUnixTimestamp(" + bucket + "(toDateTime(ts, 'UTC')))", "b")
                        .column("count()", "n")
                        .column("uniqExactIf(person, person != 0)", "p")
                        .column("uniqExactIf(session_id, session_id != '')", "s"));
    }

    private static List<?> rows(EventStore store, TenantId tenant, Select.Builder select) {
        return store.query(
                        tenant,
                        select.groupBy("t")
                                .groupBy("b")
                                .orderBy("t")
                                .orderBy("b")
                                .build())
                .values();
    }
}
