package dev.tidemark.collect;

import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import java.util.Collection;
import java.util.Set;

/** Tells which event ids were stored before, however long ago. Advisory: an id that is on its way may be missing. May block. Thread-safe. */
@FunctionalInterface
public interface KnownIds {
    /** Of ids whose events have times in the closed range of Unix milliseconds. Fails like the store when that cannot be asked. */
    Set<EventId> known(TenantId tenant, long minTimestampMillis, long maxTimestampMillis, Collection<EventId> ids);
}
