package dev.tidemark.live;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.store.Positions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one watched report up to date: computes it anew after something relevant may have arrived or a bucket may have been
 * completed, with pauses in proportion to what it costs. Thread-safe.
 */
final class Refresher {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final int PAUSE_PER_COST = 4;
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final SharedReport shared;
    private final Reports reports;
    private final ReportRunner runner;
    private final Positions positions;
    private final LiveMetrics metrics;
    private final TimeSource time;
    private final long leastPauseNanos;
    private final ReentrantLock computing = new ReentrantLock();
    private volatile long arrivedMillis = Long.MAX_VALUE;
    private volatile long notBeforeNanos;
    private volatile long nextBucketMillis;
    private volatile boolean underWay;

    Refresher(
            SharedReport shared,
            Reports reports,
            ReportRunner runner,
            Positions positions,
            LiveMetrics metrics,
            TimeSource time,
            Duration leastPause) {
        this.shared = shared;
        this.reports = reports;
        this.runner = runner;
        this.positions = positions;
        this.metrics = metrics;
        this.time = time;
        this.leastPauseNanos = leastPause.toNanos();
        this.notBeforeNanos = time.nanos();
    }

    /** Notes that events of the tenant became visible, the oldest of which was received at a time. */
    synchronized void arrived(long receivedAtMillis) {
        arrivedMillis = Math.min(arrivedMillis, receivedAtMillis);
    }

    /** Whether it should run now, which the caller then lets it do, once. */
    synchronized boolean claim() {
        boolean due = time.millis() >= nextBucketMillis
                || (arrivedMillis != Long.MAX_VALUE && time.nanos() - notBeforeNanos >= 0);
        if (underWay || !due) {
            return false;
        }
        underWay = true;
        return true;
    }

    /** After a claim. Never fails. */
    void run() {
        try {
            refresh();
        } catch (TidemarkException failure) {
            if (failure.code() == ErrorCode.NOT_FOUND) {
                shared.end("report_removed");
            } else {
                pause(PAUSE_AFTER_FAILURE.toNanos());
                LOG.atDebug().setCause(failure).log("a watched report was not refreshed");
            }
        } catch (RuntimeException failure) {
            pause(PAUSE_AFTER_FAILURE.toNanos());
            LOG.atError().setCause(failure).log("a watched report was not refreshed");
        } finally {
            underWay = false;
        }
    }

    /** Brings the state up to now, before a reader gets it. Fails as a plain request for the report would. */
    void ensureCurrent() {
        if (shared.state() == null || arrivedMillis != Long.MAX_VALUE || time.millis() >= nextBucketMillis) {
            refresh();
        }
    }

    private void refresh() {
        computing.lock();
        try {
            long arrived = takeArrived();
            boolean done = false;
            try {
                long begun = time.nanos();
                Instant now = time.instant();
                long position = positions.of(shared.key().tenant());
                Report report = reports.find(shared.key().tenant(), shared.key().report());
                Refreshed newer = Refreshed.of(
                        runner.run(
                                report, shared.key().overrides(), shared.key().lockedFilter(), "stream"),
                        report.version(),
                        position);
                nextBucketMillis = now.truncatedTo(ChronoUnit.MINUTES)
                        .plus(1, ChronoUnit.MINUTES)
                        .toEpochMilli();
                boolean changed = shared.advance(newer, arrived == Long.MAX_VALUE ? 0 : arrived);
                done = true;
                long cost = time.nanos() - begun;
                metrics.refreshes().record(cost, TimeUnit.NANOSECONDS);
                if (changed && arrived != Long.MAX_VALUE) {
                    metrics.freshness().record(Math.max(0, time.millis() - arrived), TimeUnit.MILLISECONDS);
                }
                pause(Math.max(leastPauseNanos, Math.min(LONGEST_PAUSE_NANOS, cost * PAUSE_PER_COST)));
            } finally {
                if (!done) {
                    arrived(arrived);
                }
            }
        } finally {
            computing.unlock();
        }
    }

    private synchronized long takeArrived() {
        long taken = arrivedMillis;
        arrivedMillis = Long.MAX_VALUE;
        return taken;
    }

    private synchronized void pause(long nanos) {
        notBeforeNanos = time.nanos() + nanos;
    }
}
