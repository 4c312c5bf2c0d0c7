package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Effort;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The store as tenants ask it: small statements pass; middling ones run on a core each and heavy ones a few at a time, both give way to smaller
 * ones, and tenants that wait take turns. What a statement is is judged by how many rows it may read. The one place that decides who gets to the
 * engine when; inserts are not its matter. Thread-safe.
 */
final class AdmittedStore extends ForwardingStore {
    private static final int SMALL_PRIORITY = 1;
    private static final int MIDDLING_PRIORITY = 2;
    private static final int HEAVY_PRIORITY = 3;
    private static final int ALL_THREADS = 0;

    private final AdmissionSettings settings;
    private final TenantVolumes volumes;
    private final Lane small;
    private final Lane middling;
    private final Lane heavy;

    AdmittedStore(EventStore store, AdmissionSettings settings, TimeSource time, MeterRegistry meters) {
        super(store);
        this.settings = settings;
        this.volumes = new TenantVolumes(store, time);
        this.small = lane(settings.small(), settings.smallWaiting(), "small", meters);
        this.middling = lane(settings.middling(), settings.smallWaiting(), "middling", meters);
        this.heavy = lane(settings.heavy(), settings.heavyWaiting(), "heavy", meters);
    }

    private static Lane lane(int places, int waiting, String name, MeterRegistry meters) {
        Lane lane = new Lane(places, AdmissionSettings.shareOfTenant(places), waiting);
        Gauge.builder("tidemark.query.running", lane, Lane::taken)
                .tag("weight", name)
                .register(meters);
        Gauge.builder("tidemark.query.waiting", lane, Lane::waiting)
                .tag("weight", name)
                .register(meters);
        return lane;
    }

    /** Fails with {@code OVERLOADED} too when the tenant has too many statements waiting, or one waits too long. */
    @Override
    public Rows query(TenantId tenant, Select select) {
        long rows = volumes.rows(tenant, select);
        Lane lane = rows >= settings.heavyRows() ? heavy : rows >= settings.middlingRows() ? middling : small;
        await(lane, tenant);
        try {
            return store.query(tenant, select, effort(lane));
        } finally {
            lane.leave(tenant);
        }
    }

    /**
     * One that is the only one that is not small may take the whole engine; it gives way to small ones all the same. Several middling ones share the cores, as
     * do the parts of one question.
     */
    private Effort effort(Lane lane) {
        if (lane == small) {
            return new Effort(ALL_THREADS, SMALL_PRIORITY);
        }
        int large = middling.taken() + heavy.taken();
        boolean alone = large == 1;
        return lane == middling
                ? new Effort(alone ? ALL_THREADS : Math.max(1, settings.middling() / large), MIDDLING_PRIORITY)
                : new Effort(alone ? ALL_THREADS : settings.sharedThreads(), HEAVY_PRIORITY);
    }

    private void await(Lane lane, TenantId tenant) {
        CompletableFuture<Void> turn = lane.enter(tenant);
        try {
            turn.get(settings.longestWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            lane.giveUp(tenant, turn);
            throw new TidemarkException(ErrorCode.OVERLOADED, "too many questions are being answered");
        } catch (InterruptedException _) {
            lane.giveUp(tenant, turn);
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        } catch (ExecutionException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a turn failed", e);
        }
    }
}
