package dev.tidemark.process;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.util.List;
import java.util.Set;

/**
 * Told of every event that is going to be in the store, before it is there. Called in order per partition, by the thread that
 * processes it, so it must be quick and never wait; what it throws is logged and harms nobody else.
 */
public interface AcceptedListener {
    /** One that does not listen. */
    AcceptedListener NONE = new AcceptedListener() {
        @Override
        public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {}

        @Override
        public void missed(int partition, long nextOffset) {}

        @Override
        public void setAside(int partition, Set<TenantId> tenants) {}
    };

    /**
     * A batch has been committed: it will reach the store, whatever happens to this process, unless the engine refuses it.
     *
     * @param fromOffset of the batch; where the last batch ended, unless some were {@link #missed}
     * @param nextOffset the offset after the batch
     * @param events those of the batch that are no duplicates, in the order of the journal; not to be modified
     */
    void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events);

    /**
     * Events before the offset that this was not told of will not be told any more. So it is at the start, and after a failure that
     * left open whether a batch was committed. The next batch begins at the offset.
     */
    void missed(int partition, long nextOffset);

    /** Events of these tenants, of which this was told, will not be in the store, because the engine refuses them. Of any thread. */
    void setAside(int partition, Set<TenantId> tenants);
}
