package dev.tidemark.collect;

import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import java.util.Collection;
import java.util.Set;

/** Tells which event ids were processed before. Advisory: an id that is on its way may be missing. May block. Thread-safe. */
@FunctionalInterface
public interface KnownIds {
    Set<EventId> known(TenantId tenant, Collection<EventId> ids);
}
