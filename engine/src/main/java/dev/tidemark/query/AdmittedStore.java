package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Lane;
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
 * ones, and tenants that wait take turns. What a statement is is judged by how many rows it may read, and by how much of the engine its tenant has
 * taken lately while others asked too. The one place that decides who gets to the
 * engine when; inserts are not its matter. Thread-safe.
 */
final class AdmittedStore extends ForwardingStore {
    private static final int SMALL_PRIORITY = 1;
    private static final int MIDDLING_PRIORITY = 2;
    private static final int HEAVY_PRIORITY = 3;
    private static final int ALL_THREADS = 0;

    private final AdmissionSettings settings;
    private final TenantVolumes volumes;
    private final RecentUse use;
    private final Lane<TenantId> small;
    private final Lane<TenantId> middling;
    private final Lane<TenantId> heavy;
    /** For statements that are not small, of tenants that take much. */
    private final Lane<TenantId> much;

    AdmittedStore(EventStore store, AdmissionSettings settings, TimeSource time, MeterRegistry meters) {
        super(store);
        this.settings = settings;
        this.volumes = new TenantVolumes(store, time);
        this.use = new RecentUse(time, settings.active());
        this.small = lane(settings.small(), Lane.shareOf(settings.small()), settings.smallWaiting(), "small", meters);
        this.middling = lane(
                settings.middling(), Lane.shareOf(settings.middling()), settings.smallWaiting(), "middling", meters);
        this.heavy = lane(settings.heavy(), Lane.shareOf(settings.heavy()), settings.heavyWaiting(), "heavy", meters);
        this.much = lane(settings.heavy(), settings.heavy(), settings.smallWaiting(), "much", meters);
    }

    private static Lane<TenantId> lane(int places, int placesOfTenant, int waiting, String name, MeterRegistry meters) {
        Lane<TenantId> lane =
                new Lane<>(places, placesOfTenant, waiting, "too many of your questions wait to be answered");
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
        use.asks(tenant);
        long rows = volumes.rows(tenant, select);
        Lane<TenantId> lane = lane(rows, takesMuch(tenant));
        await(lane, tenant);
        Effort effort = effort(lane, rows, tenant);
        int threads = threads(lane, effort);
        use.begins(tenant, threads);
        try {
            return store.query(tenant, select, effort);
        } finally {
            use.ends(tenant, threads);
            lane.leave(tenant);
        }
    }

    /** Whether a tenant has taken more of the engine lately than leaves room for others, and there are others. */
    private boolean takesMuch(TenantId tenant) {
        return use.cores(tenant) > settings.modestCores() && use.hasOthers(tenant);
    }

    /** Small statements of a tenant that takes much stand with the middling ones; all others of such tenants share half of the cores. */
    private Lane<TenantId> lane(long rows, boolean muchTaken) {
        if (rows < settings.middlingRows()) {
            return muchTaken ? middling : small;
        }
        if (muchTaken) {
            return much;
        }
        return rows < settings.heavyRows() ? middling : heavy;
    }

    /**
     * One that is the only one that is not small may take the whole engine; it gives way to small ones all the same. Several middling ones share the cores, as
     * do the parts of one question. Where other tenants have asked lately, it leaves them a part of the cores; each of a tenant that takes much has one
     * thread then.
     */
    private Effort effort(Lane<TenantId> lane, long rows, TenantId tenant) {
        if (lane == small) {
            return new Effort(ALL_THREADS, SMALL_PRIORITY);
        }
        int priority = rows < settings.heavyRows() ? MIDDLING_PRIORITY : HEAVY_PRIORITY;
        if (lane == much || takesMuch(tenant)) {
            return new Effort(1, priority);
        }
        int large = middling.taken() + heavy.taken() + much.taken();
        if (large == 1) {
            return new Effort(use.hasOthers(tenant) ? settings.threadsAmongOthers() : ALL_THREADS, priority);
        }
        return new Effort(
                lane == middling ? Math.max(1, settings.middling() / large) : settings.sharedThreads(), priority);
    }

    /** How many a statement is taken to keep busy: small ones are too short for more than one. */
    private int threads(Lane<TenantId> lane, Effort effort) {
        if (lane == small) {
            return 1;
        }
        return effort.threads() == ALL_THREADS ? settings.middling() : effort.threads();
    }

    private void await(Lane<TenantId> lane, TenantId tenant) {
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
