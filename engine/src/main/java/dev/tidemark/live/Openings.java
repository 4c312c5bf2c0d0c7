package dev.tidemark.live;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.live.Folding.Folded;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
import dev.tidemark.store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Begins standing queries, those of one form together and a bounded number of forms at a time, so that a thousand of them do not crowd
 * the engine: subscribes them to the events of their partition, waits where the store lacks what came before, and asks for it. While
 * the engine is busy more of them gather. What fails is tried again, later and later. Thread-safe.
 */
final class Openings {
    private static final Logger LOG = LoggerFactory.getLogger(Openings.class);
    private static final int MOST_TOGETHER = 256;
    private static final int MOST_WAITING = 32;
    private static final int MOST_ASKED = 8;
    private static final int MOST_ASKED_OF_TENANT = 6;
    /** Questions are found out anew each minute, so none that waits has been what it is for longer. */
    private static final Duration RESOLVED_WITHIN = Duration.ofMinutes(1);

    private static final Duration STORE_IS_LATE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** What becomes of a query that was begun. */
    interface Outcome {
        void live(StandingQuery query);

        void tooLarge(StandingQuery query);
    }

    /**
     * Queries of a tenant that have been subscribed from an offset on and begin together.
     *
     * @param asOf before which the store must have everything
     * @param moment at which their questions were what they are
     */
    private record Batch(
            TenantId tenant,
            int partition,
            List<StandingQuery> queries,
            long offset,
            long asOf,
            Instant moment,
            long sinceNanos) {}

    private final Folding folding;
    private final List<EventFeed> feeds;
    private final Progress progress;
    private final ExecutorService threads;
    private final TimeSource time;
    private final Outcome outcome;
    private final OpeningQueue queue = new OpeningQueue();
    private final List<Batch> waiting = new ArrayList<>();
    private final Map<StandingQuery, Long> later = new LinkedHashMap<>();
    /** Those that failed together with others, which they may have been the reason for. */
    private final Set<StandingQuery> alone = new HashSet<>();

    private final Map<TenantId, Integer> asked = new HashMap<>();
    private int allAsked;
    private long solitary;
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
        enqueue(query);
        advance();
    }

    private void enqueue(StandingQuery query) {
        String form = folding.form(query.question());
        synchronized (this) {
            later.remove(query);
            if (!closed) {
                queue.add(query, alone.contains(query) ? "alone " + solitary++ : form, time.instant());
            }
        }
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
        alone.remove(query);
    }

    /** More of a partition has become visible. */
    void stored(int partition, long beforeOffset) {
        List<Batch> ready = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Batch> each = waiting.iterator(); each.hasNext(); ) {
                Batch one = each.next();
                if (one.partition == partition && one.asOf <= beforeOffset) {
                    ready.add(one);
                    each.remove();
                    taken(one.tenant);
                }
            }
        }
        ready.forEach(this::ask);
    }

    /** Takes up what was put off, and gives up for now what the store is too late for. */
    void review() {
        List<StandingQuery> due = new ArrayList<>();
        List<Batch> late = new ArrayList<>();
        synchronized (this) {
            long now = time.nanos();
            later.forEach((query, at) -> {
                if (now - at >= 0) {
                    due.add(query);
                }
            });
            for (Iterator<Batch> each = waiting.iterator(); each.hasNext(); ) {
                Batch one = each.next();
                if (now - one.sinceNanos >= STORE_IS_LATE.toNanos()) {
                    late.add(one);
                    each.remove();
                }
            }
        }
        due.forEach(this::enqueue);
        late.forEach(this::putOff);
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
            OpeningQueue.Taken taken;
            synchronized (this) {
                if (closed || allAsked >= MOST_ASKED || waiting.size() >= MOST_WAITING) {
                    return;
                }
                taken = queue.take(tenant -> asked.getOrDefault(tenant, 0) < MOST_ASKED_OF_TENANT, MOST_TOGETHER);
                if (taken.queries().isEmpty()) {
                    return;
                }
                taken(taken.queries().getFirst().tenant());
            }
            begin(taken.queries(), taken.since().minus(RESOLVED_WITHIN));
        }
    }

    private void begin(List<StandingQuery> taken, Instant moment) {
        TenantId tenant = taken.getFirst().tenant();
        int partition = progress.partitionOf(tenant);
        Map<StandingQuery, Interest> interests = new LinkedHashMap<>();
        taken.forEach(query -> interests.put(query, folding.interest(query.question())));
        long stored = progress.storedThrough(partition);
        EventFeed.Start start = feeds.get(partition).subscribe(tenant, interests, stored);
        for (StandingQuery query : taken) {
            if (!start.queries().contains(query) && !query.hasEnded() && !query.isLive()) {
                addLater(query, FIRST_PAUSE);
            }
        }
        if (start.queries().isEmpty()) {
            left(tenant);
            return;
        }
        putBy(tenant, start, interests);
        Batch batch = new Batch(tenant, partition, start.queries(), start.offset(), start.asOf(), moment, time.nanos());
        synchronized (this) {
            if (batch.asOf > progress.storedThrough(partition)) {
                waiting.add(batch);
                left(tenant);
                return;
            }
        }
        ask(batch);
    }

    /** Gives queries what the store is not asked for and will not be brought to them. */
    private static void putBy(TenantId tenant, EventFeed.Start start, Map<StandingQuery, Interest> interests) {
        if (start.earlier().isEmpty()) {
            return;
        }
        QueryIndex index = new QueryIndex();
        start.queries().forEach(query -> {
            Interest interest = interests.get(query);
            if (interest != null) {
                index.add(query, interest);
            }
        });
        for (StoredEvent event : start.earlier()) {
            if (event.event().tenant().equals(tenant)) {
                index.find(event, query -> query.putBy(start.offset(), event));
            }
        }
    }

    private void ask(Batch batch) {
        try {
            threads.execute(() -> {
                try {
                    settle(batch);
                } finally {
                    left(batch.tenant);
                    advance();
                }
            });
        } catch (RejectedExecutionException _) {
            left(batch.tenant);
        }
    }

    private void settle(Batch batch) {
        List<StandingQuery> queries = batch.queries.stream()
                .filter(query -> query.isOpening(batch.offset))
                .toList();
        if (queries.isEmpty()) {
            return;
        }
        List<Question> questions = queries.stream().map(StandingQuery::question).toList();
        Instant now = time.instant();
        List<Optional<Folded>> folded;
        try {
            folded = folding.begin(batch.tenant, questions, batch.asOf, batch.moment);
        } catch (RuntimeException failure) {
            failed(batch, failure);
            return;
        }
        for (int i = 0; i < queries.size(); i++) {
            StandingQuery query = queries.get(i);
            if (folded.get(i).isEmpty()) {
                if (query.isOpening(batch.offset)) {
                    outcome.tooLarge(query);
                }
            } else if (query.begin(folded.get(i).get(), questions.get(i), batch.offset, now)) {
                begun(query);
            } else if (query.isWaiting()) {
                enqueue(query);
            }
        }
    }

    private void begun(StandingQuery query) {
        synchronized (this) {
            alone.remove(query);
        }
        outcome.live(query);
    }

    private void failed(Batch batch, RuntimeException failure) {
        ErrorCode code = failure instanceof TidemarkException known ? known.code() : ErrorCode.INTERNAL;
        boolean usual =
                code == ErrorCode.ENGINE_UNAVAILABLE || code == ErrorCode.OVERLOADED || code == ErrorCode.SHUTTING_DOWN;
        LOG.atLevel(usual ? Level.DEBUG : code == ErrorCode.INTERNAL ? Level.ERROR : Level.WARN)
                .setCause(failure)
                .addKeyValue("queries", batch.queries.size())
                .log("standing queries did not begin and are tried again");
        if (!usual && batch.queries.size() > 1) {
            synchronized (this) {
                alone.addAll(batch.queries);
            }
        }
        putOff(batch);
    }

    private void putOff(Batch batch) {
        for (StandingQuery query : batch.queries) {
            if (query.isOpening(batch.offset)) {
                feeds.get(batch.partition).unsubscribe(query);
                query.startOver(time.nanos());
                query.isLate();
                int doublings = Math.min(10, Math.max(0, query.attempts() - 1));
                Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
                addLater(query, pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
            }
        }
    }

    private synchronized void taken(TenantId tenant) {
        allAsked++;
        asked.merge(tenant, 1, Integer::sum);
    }

    private synchronized void left(TenantId tenant) {
        allAsked--;
        asked.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
    }
}
