package dev.tidemark.app;

import dev.tidemark.base.TenantId;
import dev.tidemark.live.ReportStreams;
import dev.tidemark.process.AcceptedListener;
import dev.tidemark.process.StoredListener;
import dev.tidemark.store.StoredEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings what the processor says to the streams, which are made after it. Thread-safe. */
final class LiveEvents implements AcceptedListener, StoredListener {
    private volatile @Nullable ReportStreams streams;

    /** From now on. The processor has not been started yet. */
    void bring(ReportStreams to) {
        streams = to;
    }

    @Override
    public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {
        ReportStreams to = streams;
        if (to != null) {
            to.accepted(partition, fromOffset, nextOffset, events);
        }
    }

    @Override
    public void missed(int partition, long nextOffset) {
        ReportStreams to = streams;
        if (to != null) {
            to.missed(partition, nextOffset);
        }
    }

    @Override
    public void setAside(int partition, Set<TenantId> tenants) {
        ReportStreams to = streams;
        if (to != null) {
            to.setAside(partition, tenants);
        }
    }

    @Override
    public void stored(int partition, long beforeOffset, long oldestReceivedAtMillis, Set<TenantId> tenants) {
        ReportStreams to = streams;
        if (to != null) {
            to.stored(partition, beforeOffset, oldestReceivedAtMillis, tenants);
        }
    }
}
