package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportReading;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.WidgetAnswer;
import dev.tidemark.store.Positions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The widgets of one reading of a report, while it is watched. Not thread-safe. */
final class Panels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Panels.class);
    private static final String CORRELATION = "stream";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Report report;
    private final ReportReading reading;
    private final ReportRunner runner;
    private final Positions positions;
    private final TimeSource time;
    private final Semaphore places;
    private final List<Panel> panels;

    /** A picture, and when the events were received that came into it by way of the store. */
    record Shot(Picture picture, Receipts receipts) {}

    /** Those of a report for the readers of a reading. */
    Panels(Report report, ReportReading reading, Refresher.Sources sources, StandingQuery.Holder holder) {
        this.report = report;
        this.reading = reading;
        this.runner = sources.runner();
        this.positions = sources.positions();
        this.time = sources.time();
        this.places = sources.places();
        this.panels = report.widgets().stream()
                .map(widget -> new Panel(
                        reading,
                        widget,
                        sources.standing(),
                        runner,
                        holder,
                        sources.settings().refreshEvery()))
                .toList();
    }

    /** Whether this is of what a reader would get now. */
    boolean isOf(Report other, ReportReading otherReading) {
        return report == other && reading.equals(otherReading);
    }

    ReportReading reading() {
        return reading;
    }

    /** Finds out what the widgets ask now. */
    void resolve(Instant now) {
        panels.forEach(panel -> panel.resolve(now));
    }

    /** The first moment at which a widget may ask something else; far away for a report without widgets. */
    Instant resolvedUntil() {
        return panels.stream()
                .map(Panel::resolvedUntil)
                .min(Instant::compareTo)
                .orElse(Instant.ofEpochMilli(Long.MAX_VALUE));
    }

    /**
     * Sees to it that every widget has something to show: asks the store for those that cannot be kept in memory, waits for the others
     * to begin, and asks the store for those too that do not. Blocks. Fails as a plain request for the report would.
     */
    void fill(Duration patience) {
        ask(panels.stream().filter(panel -> panel.query().isEmpty()).toList());
        CompletableFuture<?>[] beginnings = panels.stream()
                .flatMap(panel -> panel.query().stream())
                .map(StandingQuery::settled)
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(beginnings).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            LOG.atDebug().log("the first picture of a report does not wait for answers in memory any longer");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.atError().setCause(e).log("answers in memory did not begin");
        }
        askForTheLate();
    }

    /** Asks the store for those that have not begun, unless they do while it waits for its turn. */
    private void askForTheLate() {
        while (true) {
            long now = time.nanos();
            List<Panel> late = panels.stream()
                    .filter(panel -> panel.query().isPresent() && !panel.isStanding(now))
                    .toList();
            if (late.isEmpty()) {
                return;
            }
            try {
                if (places.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    askInTurn(late);
                    return;
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void ask(List<Panel> some) {
        if (!some.isEmpty()) {
            places.acquireUninterruptibly();
            askInTurn(some);
        }
    }

    /** Gives its place back. */
    private void askInTurn(List<Panel> some) {
        long begun = time.nanos();
        List<Panel> due = List.of();
        long position = positions.of(reading.tenant());
        List<WidgetAnswer> answers = List.of();
        try {
            due = some.stream().filter(panel -> panel.asked().claim(begun)).toList();
            if (!due.isEmpty()) {
                answers =
                        runner.answers(reading, due.stream().map(Panel::widget).toList(), CORRELATION);
            }
        } finally {
            places.release();
        }
        Duration cost = Duration.ofNanos(time.nanos() - begun);
        for (int index = 0; index < answers.size(); index++) {
            due.get(index).asked().answered(answers.get(index), position, cost);
        }
    }

    /** Asks the store for the widgets that are due, on other threads; calls the action when an answer has come. */
    void askDue(ExecutorService threads, Runnable whenAnswered) {
        long now = time.nanos();
        for (Panel panel : panels) {
            panel.asked().takeNews();
            if (!panel.isStanding(now) && panel.asked().claim(now)) {
                threads.execute(() -> {
                    ask(panel);
                    whenAnswered.run();
                });
            }
        }
    }

    private void ask(Panel panel) {
        long begun = time.nanos();
        places.acquireUninterruptibly();
        long position = positions.of(reading.tenant());
        WidgetAnswer answer = null;
        try {
            answer = runner.answers(reading, List.of(panel.widget()), CORRELATION)
                    .getFirst();
        } catch (TidemarkException failure) {
            LOG.atDebug().setCause(failure).log("a watched widget was not refreshed");
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("a watched widget was not refreshed");
        } finally {
            places.release();
        }
        panel.asked().answered(answer, position, Duration.ofNanos(time.nanos() - begun));
    }

    /** Notes that events came to the store. */
    void arrived(Receipts receipts) {
        long now = time.nanos();
        for (Panel panel : panels) {
            if (!panel.isStanding(now)) {
                panel.asked().arrived(receipts);
            }
        }
    }

    /** When the store is to be asked next; {@code Long.MAX_VALUE} for not at all. */
    long nextAskNanos() {
        long now = time.nanos();
        long next = Long.MAX_VALUE;
        for (Panel panel : panels) {
            if (!panel.isStanding(now)) {
                long due = panel.asked().dueNanos(now);
                next = due != Long.MAX_VALUE && (next == Long.MAX_VALUE || due - next < 0) ? due : next;
            }
        }
        return next;
    }

    /** Whether all numbers are kept in memory. */
    boolean areStanding() {
        long now = time.nanos();
        return panels.stream().allMatch(panel -> panel.isStanding(now));
    }

    /** Begins anew what is older than the last invalidation. */
    void renew() {
        Instant moment = runner.forgottenSince(reading);
        if (moment.isAfter(Instant.MIN)) {
            panels.forEach(panel -> panel.renew(moment));
        }
    }

    Shot shot() {
        Instant now = time.instant();
        long nanos = time.nanos();
        List<ObjectNode> widgets = new ArrayList<>(panels.size());
        Instant since = now;
        boolean stale = false;
        long position = Long.MAX_VALUE;
        Receipts receipts = Receipts.NONE;
        for (Panel panel : panels) {
            Panel.Look look = panel.look(now, nanos);
            widgets.add(look.json());
            since = look.since().isBefore(since) ? look.since() : since;
            stale |= look.stale();
            position = Math.min(position, look.position());
            receipts = receipts.and(look.receipts());
        }
        long known = panels.isEmpty() ? positions.of(reading.tenant()) : position;
        return new Shot(new Picture(report, reading, since, stale, widgets, known), receipts);
    }

    @Override
    public void close() {
        panels.forEach(Panel::close);
    }
}
