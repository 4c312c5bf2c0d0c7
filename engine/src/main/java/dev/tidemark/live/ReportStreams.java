package dev.tidemark.live;

import dev.tidemark.account.quota.ViewerAllowance;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.EventSink;
import dev.tidemark.http.StreamEvent;
import dev.tidemark.process.AcceptedListener;
import dev.tidemark.process.StoredListener;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All reports that are being watched. Readers who ask the same of the same report share one stream, which ends some time after the
 * last has left. Thread-safe.
 */
public final class ReportStreams implements StoredListener, AcceptedListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportStreams.class);
    /** How many reports may ask the store at a time. */
    private static final int MOST_ASKED = 4;

    private record Watched(SharedReport shared, Refresher refresher) {}

    /** When it makes sense for a reader to try again who was one too many. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final StandingQueries standing;
    private final Refresher.Sources sources;
    private final Pace pace;
    private final Progress progress;
    private final TimeSource time;
    private final LiveSettings settings;
    private volatile ViewerAllowance allowance = ViewerAllowance.UNLIMITED;
    private final LiveMetrics metrics;
    private final ExecutorService threads;
    private final Map<StreamKey, Watched> watched = new ConcurrentHashMap<>();
    private final Map<TenantId, Set<StreamKey>> ofTenant = new ConcurrentHashMap<>();
    private final Map<TenantId, Integer> streamsOfTenant = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong made = new AtomicLong();
    private final AtomicBoolean isReviewing = new AtomicBoolean();
    private final Ticker ticker;
    private volatile boolean closed;

    /**
     * Streams of reports, which move once {@link #start} is called.
     *
     * @param folding what keeps answers right in memory
     */
    public ReportStreams(
            Reports reports,
            ReportRunner runner,
            Folding folding,
            Positions positions,
            Progress progress,
            TimeSource time,
            LiveSettings settings,
            MeterRegistry meters) {
        this(
                reports,
                runner,
                folding,
                positions,
                progress,
                time,
                settings,
                Executors.newVirtualThreadPerTaskExecutor(),
                meters);
    }

    ReportStreams(
            Reports reports,
            ReportRunner runner,
            Folding folding,
            Positions positions,
            Progress progress,
            TimeSource time,
            LiveSettings settings,
            ExecutorService threads,
            MeterRegistry meters) {
        this.progress = progress;
        this.time = time;
        this.settings = settings;
        this.threads = threads;
        this.metrics = LiveMetrics.in(meters);
        this.standing = new StandingQueries(folding, progress, time, settings, threads, meters);
        this.pace = new Pace(time, settings, Runtime.getRuntime().availableProcessors());
        this.sources = new Refresher.Sources(
                reports,
                runner,
                standing,
                positions,
                threads,
                time,
                settings,
                metrics,
                pace,
                new Semaphore(MOST_ASKED));
        this.ticker = new Ticker(this, time, settings.heartBeat());
        Gauge.builder("tidemark.live.streams", streams, AtomicInteger::get).register(meters);
        Gauge.builder("tidemark.live.reports", watched, Map::size).register(meters);
    }

    /** Names who says how many streams each tenant may have, within the bounds of the settings. Before the first stream. */
    public void allowedBy(ViewerAllowance who) {
        allowance = who;
    }

    /** Begins to refresh what is watched. Once. */
    public void start() {
        ticker.start();
    }

    @Override
    public void stored(int partition, long beforeOffset, long oldestReceivedAtMillis, Set<TenantId> tenants) {
        standing.stored(partition, beforeOffset);
        for (TenantId tenant : tenants) {
            for (StreamKey key : ofTenant.getOrDefault(tenant, Set.of())) {
                Watched each = watched.get(key);
                if (each != null) {
                    each.refresher.stored(oldestReceivedAtMillis);
                }
            }
        }
    }

    @Override
    public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {
        standing.accepted(partition, fromOffset, nextOffset, events);
    }

    @Override
    public void missed(int partition, long nextOffset) {
        standing.missed(partition, nextOffset);
    }

    @Override
    public void setAside(int partition, Set<TenantId> tenants) {
        standing.setAside(partition, tenants);
    }

    /**
     * Lets a reader watch. Blocks for the first state. Fails as a plain request for the report would, and with {@code
     * RATE_LIMITED} or {@code OVERLOADED} when there are too many streams, of the tenant or of all.
     *
     * @param lastSeen the id of the last event that the reader has
     * @param revoked why the reader may no longer watch; asked again and again, must not block
     */
    void open(StreamKey key, EventSink sink, Optional<String> lastSeen, Supplier<Optional<String>> revoked) {
        enter(key.tenant());
        Viewer viewer = new Viewer(sink, revoked);
        try {
            SharedReport shared = join(key, viewer, lastSeen);
            metrics.opened().increment();
            sink.onReady(() -> shared.catchUp(viewer));
            sink.onClose(() -> {
                shared.leave(viewer, time.millis());
                exit(key.tenant());
            });
        } catch (RuntimeException | Error failure) {
            exit(key.tenant());
            throw failure;
        }
    }

    private SharedReport join(StreamKey key, Viewer viewer, Optional<String> lastSeen) {
        while (!closed) {
            Watched each = watched.computeIfAbsent(key, this::watch);
            try {
                each.refresher.ensureCurrent();
            } catch (TidemarkException failure) {
                if (each.shared.picture() == null && each.shared.endIfForgotten(Long.MAX_VALUE)) {
                    remove(each);
                }
                throw failure;
            }
            if (each.shared.join(viewer, lastSeen)) {
                return each.shared;
            }
            remove(each);
        }
        throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
    }

    private Watched watch(StreamKey key) {
        SharedReport shared = new SharedReport(
                key,
                Long.toString(time.millis(), 36) + "-" + made.incrementAndGet(),
                settings.keptChanges(),
                time.millis());
        ofTenant.compute(key.tenant(), (_, keys) -> {
            Set<StreamKey> all = keys == null ? ConcurrentHashMap.newKeySet() : keys;
            all.add(key);
            return all;
        });
        return new Watched(shared, new Refresher(shared, sources));
    }

    /** Starts the refreshes that are due. */
    void refresh() {
        for (Watched each : watched.values()) {
            if (each.shared.isWatched() && each.refresher.claim()) {
                threads.execute(each.refresher::run);
            }
        }
    }

    /** Reviews on another thread, unless that is still under way. */
    void reviewSoon() {
        if (isReviewing.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    review();
                } catch (RuntimeException failure) {
                    LOG.atError().setCause(failure).log("a review of the streams failed");
                } finally {
                    isReviewing.set(false);
                }
            });
        }
    }

    /**
     * Ends streams whose readers may no longer watch, forgets reports that nobody watches, tells of delays, looks for changes of what
     * is watched and holds the bounds of memory.
     */
    void review() {
        standing.review();
        pace.review();
        long forgotten = time.millis() - settings.linger().toMillis();
        Lags lags = new Lags(progress);
        for (Watched each : watched.values()) {
            for (Viewer viewer : each.shared.viewers()) {
                viewer.revoked().ifPresent(reason -> viewer.sink().end(Frames.end(reason)));
            }
            if (each.shared.endIfForgotten(forgotten)) {
                remove(each);
            } else {
                each.refresher.check();
                double lag = lags.seconds(each.shared.key().tenant(), each.refresher.isStanding());
                each.shared.late(lag < settings.lateAfter().toMillis() / 1000.0 ? 0 : (long) lag);
            }
        }
    }

    /** Shows every reader who got nothing for a while that its stream lives. */
    void beat() {
        StreamEvent beat = Frames.heartBeat();
        for (Watched each : watched.values()) {
            each.shared.viewers().forEach(viewer -> viewer.beat(beat));
        }
    }

    /** How many readers there are now. */
    public int streams() {
        return streams.get();
    }

    /** How many readers of a tenant there are now. */
    public int streams(TenantId tenant) {
        return streamsOfTenant.getOrDefault(tenant, 0);
    }

    /** How many reports are watched or were until a moment ago. */
    public int reports() {
        return watched.size();
    }

    /** How many answers are kept right in memory. */
    public int standingQueries() {
        return standing.size();
    }

    StandingQueries standing() {
        return standing;
    }

    /** Ends all streams. */
    @Override
    public void close() {
        closed = true;
        ticker.close();
        List<Watched> all = List.copyOf(watched.values());
        all.forEach(each -> each.shared.end("shutting_down"));
        watched.clear();
        ofTenant.clear();
        standing.close();
        threads.close();
        all.forEach(each -> each.refresher.close());
    }

    private void remove(Watched gone) {
        watched.computeIfPresent(gone.shared.key(), (key, each) -> {
            if (each != gone) {
                return each;
            }
            ofTenant.computeIfPresent(key.tenant(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
            return null;
        });
        try {
            threads.execute(gone.refresher::close);
        } catch (RejectedExecutionException _) {
            gone.refresher.close();
        }
    }

    private void enter(TenantId tenant) {
        int mine = streamsOfTenant.merge(tenant, 1, Integer::sum);
        int all = streams.incrementAndGet();
        try {
            allowance.require(tenant, mine);
        } catch (TidemarkException refused) {
            exit(tenant);
            metrics.refused().increment();
            throw refused;
        }
        if (mine <= settings.mostStreamsOfTenant() && all <= settings.mostStreams()) {
            return;
        }
        exit(tenant);
        metrics.refused().increment();
        throw mine > settings.mostStreamsOfTenant()
                ? tooManyOfTenant()
                : new TidemarkException(
                        ErrorCode.OVERLOADED,
                        "as many streams are open as this server holds: read the report by plain requests, and try again in a while");
    }

    /** As for a limit of the tenant's plan, which is lower. */
    private TidemarkException tooManyOfTenant() {
        return new TidemarkException(
                ErrorCode.RATE_LIMITED,
                "as many people are watching as this server lets a tenant have: read the report by plain requests until"
                        + " somebody leaves, or have the operator raise live.most-streams-of-tenant",
                new Exceeded(
                        "streams_of_tenant",
                        settings.mostStreamsOfTenant(),
                        time.instant().plus(RETRY),
                        RETRY,
                        Map.of()));
    }

    private void exit(TenantId tenant) {
        streams.decrementAndGet();
        streamsOfTenant.computeIfPresent(tenant, (_, mine) -> mine <= 1 ? null : mine - 1);
    }
}
