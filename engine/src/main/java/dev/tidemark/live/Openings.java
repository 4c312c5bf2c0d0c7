package dev.tidemark.live;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.live.Folding.Folded;
import dev.tidemark.query.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins standing queries, a bounded number at a time, in the order in which they came, so that a thousand of them do not crowd the
 * engine: subscribes each to the events of its partition, waits until the store has what came before, and asks for it. What fails is
 * tried again, later and later. Thread-safe.
 */
final class Openings {
    private static final Logger LOG = LoggerFactory.getLogger(Openings.class);
    private static final int MOST_SUBSCRIBED = 64;
    private static final int MOST_ASKED = 8;
    private static final Duration STORE_IS_LATE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** What becomes of a query that was begun. */
    interface Outcome {
        void live(StandingQuery query);

        void tooLarge(StandingQuery query);
    }

    /** A query that has been subscribed from an offset on and waits for the store to have everything before. */
    private record Waiting(StandingQuery query, int partition, long offset, long sinceNanos) {}

    private final Folding folding;
    private final List<EventFeed> feeds;
    private final Progress progress;
    private final ExecutorService threads;
    private final TimeSource time;
    private final Outcome outcome;
    private final Semaphore asking = new Semaphore(MOST_ASKED);
    private final LinkedHashSet<StandingQuery> queue = new LinkedHashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<StandingQuery, Long> later = new LinkedHashMap<>();
    private int underWay;
    private boolean closed;

    Openings(
            Folding folding,
            List<EventFeed> feeds,
            Progress progress,
            ExecutorService threads,
            TimeSource time,
            Outcome outcome) {
        this.folding = folding;
        this.feeds = feeds;
        this.progress = progress;
        this.threads = threads;
        this.time = time;
        this.outcome = outcome;
    }

    /** Begins a query as soon as it is its turn. */
    void add(StandingQuery query) {
        synchronized (this) {
            later.remove(query);
            queue.add(query);
        }
        advance();
    }

    /** Begins a query after a pause. */
    synchronized void addLater(StandingQuery query, Duration pause) {
        later.put(query, time.nanos() + pause.toNanos());
    }

    /** Whether it will begin a query without being told again. */
    synchronized boolean expects(StandingQuery query) {
        return later.containsKey(query) || queue.contains(query);
    }

    synchronized void forget(StandingQuery query) {
        queue.remove(query);
        later.remove(query);
    }

    /** More of a partition has become visible. */
    void stored(int partition, long beforeOffset) {
        List<Waiting> ready = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting one = each.next();
                if (one.partition == partition && one.offset <= beforeOffset) {
                    ready.add(one);
                    each.remove();
                }
            }
        }
        ready.forEach(this::ask);
    }

    /** Takes up what was put off, and gives up for now what the store is too late for. */
    void review() {
        List<Waiting> late = new ArrayList<>();
        synchronized (this) {
            long now = time.nanos();
            for (Iterator<Map.Entry<StandingQuery, Long>> each =
                            later.entrySet().iterator();
                    each.hasNext(); ) {
                Map.Entry<StandingQuery, Long> entry = each.next();
                if (now - entry.getValue() >= 0) {
                    queue.add(entry.getKey());
                    each.remove();
                }
            }
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting one = each.next();
                if (now - one.sinceNanos >= STORE_IS_LATE.toNanos()) {
                    late.add(one);
                    each.remove();
                }
            }
        }
        for (Waiting one : late) {
            putOff(one.query, one.offset);
            over();
        }
        advance();
    }

    synchronized void close() {
        closed = true;
        queue.clear();
        later.clear();
        waiting.clear();
    }

    private void advance() {
        while (true) {
            StandingQuery query;
            synchronized (this) {
                if (closed || queue.isEmpty() || underWay >= MOST_SUBSCRIBED) {
                    return;
                }
                query = queue.removeFirst();
                underWay++;
            }
            subscribe(query);
        }
    }

    private void subscribe(StandingQuery query) {
        int partition = progress.partitionOf(query.tenant());
        if (!feeds.get(partition).subscribe(query, folding.interest(query.question()))) {
            if (!query.hasEnded() && !query.isLive()) {
                addLater(query, FIRST_PAUSE);
            }
            over();
            return;
        }
        Waiting subscribed = new Waiting(query, partition, query.from(), time.nanos());
        synchronized (this) {
            if (subscribed.offset > progress.storedThrough(partition)) {
                waiting.add(subscribed);
                return;
            }
        }
        ask(subscribed);
    }

    private void ask(Waiting subscribed) {
        try {
            threads.execute(() -> {
                try {
                    asking.acquire();
                    try {
                        begin(subscribed.query, subscribed.offset);
                    } finally {
                        asking.release();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } finally {
                    over();
                    advance();
                }
            });
        } catch (RejectedExecutionException _) {
            over();
        }
    }

    private void begin(StandingQuery query, long offset) {
        if (!query.isOpening(offset)) {
            return;
        }
        Question question = query.question();
        Instant now = time.instant();
        try {
            Optional<Folded> folded = folding.begin(query.tenant(), question, offset);
            if (folded.isEmpty()) {
                if (query.isOpening(offset)) {
                    outcome.tooLarge(query);
                }
            } else if (query.begin(folded.get(), question, offset, now)) {
                outcome.live(query);
            } else if (query.isWaiting()) {
                add(query);
            }
        } catch (TidemarkException failure) {
            boolean usual = failure.code() == ErrorCode.ENGINE_UNAVAILABLE
                    || failure.code() == ErrorCode.OVERLOADED
                    || failure.code() == ErrorCode.SHUTTING_DOWN;
            LOG.atLevel(usual ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
                    .setCause(failure)
                    .log("a standing query did not begin and is tried again");
            putOff(query, offset);
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("a standing query did not begin and is tried again");
            putOff(query, offset);
        }
    }

    private void putOff(StandingQuery query, long offset) {
        if (!query.isOpening(offset)) {
            return;
        }
        feeds.get(progress.partitionOf(query.tenant())).unsubscribe(query);
        query.startOver(time.nanos());
        query.isLate();
        int doublings = Math.min(10, Math.max(0, query.attempts() - 1));
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        addLater(query, pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }

    private synchronized void over() {
        underWay--;
    }
}
