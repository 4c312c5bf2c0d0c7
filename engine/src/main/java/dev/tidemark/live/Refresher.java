package dev.tidemark.live;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportReading;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.store.Positions;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one watched report up to date: sends what changed of its widgets, with pauses, and finds out again what they ask when the
 * report, what it depends on, or the minute has changed. Thread-safe.
 */
final class Refresher implements StandingQuery.Holder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final long PAUSE_AFTER_FAILURE_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * What all watched reports have in common.
     *
     * @param places how many may ask the store at a time, so that those who begin in memory get there too
     */
    record Sources(
            Reports reports,
            ReportRunner runner,
            StandingQueries standing,
            Positions positions,
            ExecutorService threads,
            TimeSource time,
            LiveSettings settings,
            LiveMetrics metrics,
            Pace pace,
            Semaphore places) {}

    private final SharedReport shared;
    private final Sources sources;
    private final TimeSource time;
    private final ReentrantLock computing = new ReentrantLock();
    private @Nullable Panels panels;
    private boolean isClosed;

    private Receipts folded = Receipts.NONE;
    private Receipts stored = Receipts.NONE;
    private boolean isStored;
    private boolean isChanged = true;
    private boolean isUnderWay;
    private long notBeforeNanos;
    private long resolvedUntilMillis;
    private long nextAskNanos = Long.MAX_VALUE;
    private volatile boolean isStanding;

    Refresher(SharedReport shared, Sources sources) {
        this.shared = shared;
        this.sources = sources;
        this.time = sources.time;
        this.notBeforeNanos = time.nanos();
    }

    @Override
    public synchronized void changed(long oldestReceivedAtMillis, long newestReceivedAtMillis) {
        isChanged = true;
        folded = folded.and(new Receipts(oldestReceivedAtMillis, newestReceivedAtMillis));
    }

    /** Notes that events of the tenant became visible in the store, the oldest of which was received at a time. */
    void stored(long oldestReceivedAtMillis) {
        if (isStanding) {
            return;
        }
        synchronized (this) {
            isChanged = true;
            isStored = true;
            stored = stored.and(new Receipts(oldestReceivedAtMillis, time.millis()));
        }
    }

    /** Looks whether it is still of what a reader would get now. */
    void check() {
        try {
            Report report =
                    sources.reports.find(shared.key().tenant(), shared.key().report());
            ReportReading reading = reading(report);
            if (!computing.tryLock()) {
                return;
            }
            try {
                Panels known = panels;
                if (known == null) {
                    return;
                }
                known.renew();
                if (!known.isOf(report, reading)) {
                    note();
                }
            } finally {
                computing.unlock();
            }
        } catch (TidemarkException failure) {
            LOG.atDebug().setCause(failure).log("a watched report cannot be found");
            note();
        }
    }

    /** Whether it should run now, which the caller then lets it do, once. */
    synchronized boolean claim() {
        long now = time.nanos();
        boolean due = time.millis() >= resolvedUntilMillis
                || (isChanged && now - notBeforeNanos >= 0)
                || (nextAskNanos != Long.MAX_VALUE && now - nextAskNanos >= 0);
        if (isUnderWay || !due) {
            return false;
        }
        isUnderWay = true;
        return true;
    }

    /** After a claim. Never fails. */
    void run() {
        try {
            refresh();
        } catch (TidemarkException failure) {
            if (failure.code() == ErrorCode.NOT_FOUND) {
                shared.end("report_removed");
            } else if (failure.code() == ErrorCode.FORBIDDEN || failure.code() == ErrorCode.INVALID_FIELD) {
                shared.end("not_allowed");
            } else {
                failed();
                LOG.atDebug().setCause(failure).log("a watched report was not refreshed");
            }
        } catch (RuntimeException failure) {
            failed();
            LOG.atError().setCause(failure).log("a watched report was not refreshed");
        } finally {
            synchronized (this) {
                isUnderWay = false;
            }
        }
    }

    /** Brings the state up to now, before its first reader gets it. Fails as a plain request for the report would. */
    void ensureCurrent() {
        if (shared.picture() == null || (!shared.isWatched() && isBehind())) {
            refresh();
        }
    }

    /** Whether none of its numbers depend on how far the store is. */
    boolean isStanding() {
        return isStanding;
    }

    /** Lets its standing queries go. */
    @Override
    public void close() {
        computing.lock();
        try {
            isClosed = true;
            if (panels != null) {
                panels.close();
                panels = null;
            }
        } finally {
            computing.unlock();
        }
    }

    private void refresh() {
        computing.lock();
        try {
            if (!isClosed) {
                send();
            }
        } finally {
            computing.unlock();
        }
    }

    private void send() {
        long begun = time.nanos();
        Receipts fromMemory;
        Receipts fromStore;
        boolean hasArrived;
        synchronized (this) {
            fromMemory = folded;
            fromStore = stored;
            hasArrived = isStored;
            folded = Receipts.NONE;
            stored = Receipts.NONE;
            isChanged = false;
            isStored = false;
        }
        Panels current = panels();
        if (hasArrived) {
            current.arrived(fromStore);
        }
        current.askDue(sources.threads, this::note);
        Panels.Shot shot = current.shot();
        Receipts receipts = fromMemory.and(shot.receipts());
        boolean changed = shared.advance(shot.picture(), receipts);
        long cost = time.nanos() - begun;
        sources.metrics.refreshes().record(cost, TimeUnit.NANOSECONDS);
        if (changed) {
            sources.metrics.sent(time.millis(), fromMemory, shot.receipts());
        }
        sources.pace.spend(cost, changed ? shared.readers() : 0);
        isStanding = current.areStanding();
        long nextAsk = current.nextAskNanos();
        synchronized (this) {
            notBeforeNanos = time.nanos() + sources.pace.pauseNanos();
            resolvedUntilMillis = current.resolvedUntil().toEpochMilli();
            nextAskNanos = nextAsk;
        }
    }

    /** The widgets as they are to be now; others than before when the report or what it depends on has changed. */
    private Panels panels() {
        Report report = sources.reports.find(shared.key().tenant(), shared.key().report());
        ReportReading reading = reading(report);
        Panels known = panels;
        if (known != null && known.isOf(report, reading)) {
            known.resolve(time.instant());
            return known;
        }
        Panels fresh = new Panels(report, reading, sources, this);
        try {
            fresh.resolve(time.instant());
            fresh.fill(sources.settings.startWait());
        } catch (RuntimeException | Error failure) {
            fresh.close();
            throw failure;
        }
        panels = fresh;
        if (known != null) {
            known.close();
        }
        return fresh;
    }

    private ReportReading reading(Report report) {
        return sources.runner.reading(
                report, shared.key().overrides(), shared.key().reach());
    }

    private synchronized boolean isBehind() {
        return isChanged || time.millis() >= resolvedUntilMillis;
    }

    private synchronized void note() {
        isChanged = true;
    }

    private synchronized void failed() {
        isChanged = true;
        notBeforeNanos = time.nanos() + PAUSE_AFTER_FAILURE_NANOS;
        resolvedUntilMillis = time.millis() + PAUSE_AFTER_FAILURE_NANOS / 1_000_000;
    }
}
