package dev.tidemark.process;

import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks the event store. Thread-safe. */
final class StoreHistoricalIds implements HistoricalIds {
    private static final int MAX_IDS = 2_000;

    private final EventStore store;

    StoreHistoricalIds(EventStore store) {
        this.store = store;
    }

    @Override
    public Set<EventId> stored(
            TenantId tenant, long minTimestampMillis, long maxTimestampMillis, Collection<EventId> candidates) {
        Set<EventId> found = new HashSet<>();
        for (List<String> ids : portions(candidates)) {
            Parameters parameters = new Parameters(tenant);
            Select select = Select.from(Table.EVENTS, parameters)
                    .column("event_id", "id")
                    .where("ts >= fromUnixTimestamp64Milli(" + parameters.integer(minTimestampMillis) + ")")
                    .where("ts <= fromUnixTimestamp64Milli(" + parameters.integer(maxTimestampMillis) + ")")
                    .where("event_id IN " + parameters.texts(ids))
                    .groupBy("event_id")
                    .build();
            collect(store.query(tenant, select), found);
        }
        return found;
    }

    @Override
    public Set<EventId> storedDeadLetters(TenantId tenant, Collection<EventId> candidates) {
        Set<EventId> found = new HashSet<>();
        for (List<String> ids : portions(candidates)) {
            Parameters parameters = new Parameters(tenant);
            Select select = Select.from(Table.DEAD_LETTERS, parameters)
                    .column("dead_letter_id", "id")
                    .where("dead_letter_id IN " + parameters.texts(ids))
                    .groupBy("dead_letter_id")
                    .build();
            collect(store.query(tenant, select), found);
        }
        return found;
    }

    private static void collect(Rows rows, Set<EventId> into) {
        for (int row = 0; row < rows.size(); row++) {
            into.add(new EventId(rows.textAt(row, 0)));
        }
    }

    private static List<List<String>> portions(Collection<EventId> ids) {
        List<String> texts = ids.stream().map(EventId::value).toList();
        List<List<String>> portions = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += MAX_IDS) {
            portions.add(texts.subList(from, Math.min(texts.size(), from + MAX_IDS)));
        }
        return portions;
    }
}
