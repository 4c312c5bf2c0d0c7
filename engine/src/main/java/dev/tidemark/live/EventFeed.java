package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.Interest;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one partition to the standing queries that they concern, in the order of the journal, on a thread of its own
 * choice. Whoever accepts events never waits for it: where it does not keep up, it drops what waits and has every query begin anew.
 * Thread-safe.
 */
final class EventFeed {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
    /** Some seconds of a busy partition. */
    static final int MOST_WAITING = 100_000;

    private static final long UNKNOWN = -1;

    private final Executor threads;
    private final Consumer<StandingQuery> broken;

    private final Object tap = new Object();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int eventsWaiting;
    private boolean isRunning;
    private boolean isWatched;
    private long next = UNKNOWN;
    private final RecentEvents recent = new RecentEvents();

    private final Object routing = new Object();
    private final Map<TenantId, Watched> tenants = new HashMap<>();

    /**
     * What queries begin with.
     *
     * @param queries those that still want to
     * @param offset from which on they are brought all events
     * @param asOf what the store is to be asked for: all before this offset
     * @param earlier all events from there to the other offset, of all tenants
     */
    record Start(List<StandingQuery> queries, long offset, long asOf, List<StoredEvent> earlier) {}

    /** The standing queries of a tenant, and the highest offset of its events that were brought to them. */
    private record Watched(QueryIndex queries, AtomicLong highest) {}

    /**
     * One that nobody listens to yet.
     *
     * @param broken called for a query that has to begin anew
     */
    EventFeed(Executor threads, Consumer<StandingQuery> broken) {
        this.threads = threads;
        this.broken = broken;
    }

    void accepted(long fromOffset, long nextOffset, List<StoredEvent> events) {
        synchronized (tap) {
            if (!isWatched) {
                next = nextOffset;
                recent.clear(nextOffset);
                return;
            }
            if (events.isEmpty()) {
                if (next != fromOffset) {
                    recent.clear(nextOffset);
                }
                next = nextOffset;
                return;
            }
            if (next != fromOffset && next != UNKNOWN) {
                breakOff(nextOffset);
                return;
            }
            if (eventsWaiting + events.size() > MOST_WAITING && eventsWaiting > 0) {
                LOG.atWarn().addKeyValue("events", eventsWaiting).log("live answers do not keep up and begin anew");
                breakOff(nextOffset);
                return;
            }
            next = nextOffset;
            recent.add(nextOffset, events);
            eventsWaiting += events.size();
            enqueue(() -> bring(events));
        }
    }

    void missed(long nextOffset) {
        synchronized (tap) {
            breakOff(nextOffset);
        }
    }

    /** Queries of these tenants have to begin anew. */
    void setAside(Set<TenantId> concerned) {
        synchronized (tap) {
            recent.clear(next);
            if (isWatched) {
                enqueue(() -> concerned.forEach(this::breakAll));
            }
        }
    }

    /** Events before an offset are in the store. */
    void stored(long beforeOffset) {
        synchronized (tap) {
            recent.drop(beforeOffset);
        }
    }

    /**
     * Brings queries of a tenant all events from one offset on, which they are told. None of them where that cannot be done now.
     *
     * @param stored the offset before which the store has all events
     */
    Start subscribe(TenantId tenant, Map<StandingQuery, Interest> queries, long stored) {
        synchronized (routing) {
            synchronized (tap) {
                Watched watched =
                        tenants.computeIfAbsent(tenant, _ -> new Watched(new QueryIndex(), new AtomicLong(-1)));
                List<StandingQuery> done = new ArrayList<>();
                queries.forEach((query, interest) -> {
                    if (next != UNKNOWN && query.subscribed(next, watched.highest)) {
                        watched.queries.remove(query);
                        watched.queries.add(query, interest);
                        done.add(query);
                    }
                });
                forgetIfEmpty(tenant, watched);
                isWatched |= !done.isEmpty();
                long asOf = Math.min(next, Math.max(recent.from(), stored));
                return new Start(done, next, asOf, recent.since(asOf));
            }
        }
    }

    void unsubscribe(StandingQuery query) {
        synchronized (routing) {
            Watched watched = tenants.get(query.tenant());
            if (watched != null) {
                watched.queries.remove(query);
                forgetIfEmpty(query.tenant(), watched);
            }
            synchronized (tap) {
                isWatched = !tenants.isEmpty();
            }
        }
    }

    /** How many queries get events. */
    int size() {
        synchronized (routing) {
            return tenants.values().stream()
                    .mapToInt(watched -> watched.queries.size())
                    .sum();
        }
    }

    private void forgetIfEmpty(TenantId tenant, Watched watched) {
        if (watched.queries.isEmpty()) {
            tenants.remove(tenant);
        }
    }

    private void breakOff(long nextOffset) {
        next = nextOffset;
        recent.clear(nextOffset);
        waiting.clear();
        eventsWaiting = 0;
        if (isWatched) {
            enqueue(this::breakAll);
        }
    }

    private void enqueue(Runnable step) {
        waiting.add(step);
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException _) {
            isRunning = false;
            waiting.clear();
        }
    }

    private void run() {
        while (true) {
            Runnable step;
            synchronized (tap) {
                step = waiting.poll();
                if (step == null) {
                    isRunning = false;
                    return;
                }
            }
            try {
                step.run();
            } catch (RuntimeException failure) {
                LOG.atError().setCause(failure).log("events could not be added to live answers, which begin anew");
                breakAll();
            }
        }
    }

    private void bring(List<StoredEvent> events) {
        List<StandingQuery> found = new ArrayList<>();
        try {
            bring(events, found);
        } finally {
            found.forEach(StandingQuery::drop);
            synchronized (tap) {
                eventsWaiting = Math.max(0, eventsWaiting - events.size());
            }
        }
    }

    private void bring(List<StoredEvent> events, List<StandingQuery> found) {
        Map<AtomicLong, Long> reached = new HashMap<>();
        synchronized (routing) {
            for (StoredEvent event : events) {
                Watched watched = tenants.get(event.event().tenant());
                if (watched != null) {
                    reached.put(watched.highest, event.address().offset());
                    watched.queries.find(event, query -> {
                        if (query.collect(event)) {
                            found.add(query);
                        }
                    });
                }
            }
        }
        List<StandingQuery> overfull = new ArrayList<>();
        for (StandingQuery query : found) {
            if (query.fold()) {
                overfull.add(query);
            }
        }
        reached.forEach(AtomicLong::set);
        overfull.forEach(broken);
    }

    private void breakAll() {
        List<TenantId> all;
        synchronized (routing) {
            all = List.copyOf(tenants.keySet());
        }
        all.forEach(this::breakAll);
    }

    private void breakAll(TenantId tenant) {
        List<StandingQuery> queries;
        synchronized (routing) {
            Watched watched = tenants.get(tenant);
            queries = watched == null ? List.of() : watched.queries.queries();
        }
        queries.forEach(broken);
    }
}
