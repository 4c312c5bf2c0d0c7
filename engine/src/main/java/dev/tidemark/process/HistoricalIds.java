package dev.tidemark.process;

import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import java.util.Collection;
import java.util.Set;

/**
 * Which ids the store already holds. Tells the duplicates among imported history, which may come again long after the
 * horizon of the de-duplication. Blocks; fails like {@link dev.tidemark.store.EventStore#query}.
 */
interface HistoricalIds {
    /** Of events with a time in the closed range. */
    Set<EventId> stored(
            TenantId tenant, long minTimestampMillis, long maxTimestampMillis, Collection<EventId> candidates);

    /** Of dead letters. */
    Set<EventId> storedDeadLetters(TenantId tenant, Collection<EventId> candidates);
}
