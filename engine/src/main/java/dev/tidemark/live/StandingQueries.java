package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.live.StandingQuery.Holder;
import dev.tidemark.process.AcceptedListener;
import dev.tidemark.query.Question;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * All answers that are kept right in memory. Who asks the same shares one, which ends with the last who holds it. What they take
 * together is bounded, by tenant and for all; past it the largest are refused. Thread-safe.
 */
final class StandingQueries implements AcceptedListener, Openings.Outcome, AutoCloseable {
    /** After which one that was refused may try again. */
    private static final Duration REFUSED_FOR = Duration.ofMinutes(5);

    /** After so many vain beginnings, each overrun by events, the next waits. */
    private static final int ATTEMPTS_AT_ONCE = 3;

    private static final Duration PAUSE_OF_THE_OVERRUN = Duration.ofSeconds(10);

    private record Key(TenantId tenant, String question) {}

    private final Folding folding;
    private final Progress progress;
    private final TimeSource time;
    private final long mostBytes;
    private final long mostBytesOfTenant;
    private final List<EventFeed> feeds = new ArrayList<>();
    private final Openings openings;
    private final Map<Key, StandingQuery> queries = new HashMap<>();
    /** As of the last review, with what began since. */
    private final Map<TenantId, Long> bytesOfTenants = new HashMap<>();

    private volatile long bytes;

    StandingQueries(
            Folding folding,
            Progress progress,
            TimeSource time,
            LiveSettings settings,
            ExecutorService threads,
            MeterRegistry meters) {
        this.folding = folding;
        this.progress = progress;
        this.time = time;
        this.mostBytes = settings.standingMemory().bytes();
        this.mostBytesOfTenant = settings.standingMemoryOfTenant().bytes();
        for (int partition = 0; partition < progress.partitions(); partition++) {
            feeds.add(new EventFeed(threads, this::startOver));
        }
        this.openings = new Openings(folding, feeds, progress, threads, time, this);
        Gauge.builder("tidemark.live.standing.queries", this, StandingQueries::size)
                .register(meters);
        Gauge.builder("tidemark.live.standing.bytes", () -> bytes).register(meters);
    }

    @Override
    public void accepted(int partition, long fromOffset, long nextOffset, List<StoredEvent> events) {
        feeds.get(partition).accepted(fromOffset, nextOffset, events);
    }

    @Override
    public void missed(int partition, long nextOffset) {
        feeds.get(partition).missed(nextOffset);
    }

    @Override
    public void setAside(int partition, Set<TenantId> tenants) {
        feeds.get(partition).setAside(tenants);
    }

    /** More of a partition has become visible in the store. */
    void stored(int partition, long beforeOffset) {
        feeds.get(partition).stored(beforeOffset);
        openings.stored(partition, beforeOffset);
    }

    boolean isFor(Question question) {
        return folding.isFor(question);
    }

    /** The standing query of a question, which is told the holder; begun if there is none yet. */
    StandingQuery hold(TenantId tenant, Question question, String key, Holder holder) {
        StandingQuery query;
        boolean isNew;
        synchronized (this) {
            Key place = new Key(tenant, key);
            StandingQuery known = queries.get(place);
            isNew = known == null;
            query = known == null ? new StandingQuery(tenant, question, key) : known;
            queries.put(place, query);
            query.holders().add(holder);
        }
        if (isNew) {
            openings.add(query);
        }
        return query;
    }

    /** Takes a hold back. */
    void release(StandingQuery query, Holder holder) {
        synchronized (this) {
            query.holders().remove(holder);
            if (!query.holders().isEmpty()) {
                return;
            }
            queries.remove(new Key(query.tenant(), query.key()), query);
            query.end();
        }
        openings.forget(query);
        feed(query).unsubscribe(query);
    }

    /**
     * Goes over to what the same JSON asks at a later moment, taking along everybody else who holds the query; whoever finds it moved
     * to where it does not want to be gets another.
     *
     * @param before the {@link Question#cacheKey()} at which the holder knows the query
     */
    StandingQuery move(StandingQuery query, String before, Question later, String key, Holder holder) {
        boolean isThere;
        synchronized (this) {
            String now = query.key();
            isThere = now.equals(key);
            Key place = new Key(query.tenant(), key);
            if (!isThere && now.equals(before) && !queries.containsKey(place)) {
                queries.remove(new Key(query.tenant(), now), query);
                queries.put(place, query);
                query.aim(later, key);
                isThere = true;
            }
        }
        if (isThere) {
            if (!query.moveOn()) {
                startOver(query);
            }
            return query;
        }
        StandingQuery other = hold(query.tenant(), later, key, holder);
        release(query, holder);
        return other;
    }

    /** Begins a query anew that asked the store before a moment. */
    void renew(StandingQuery query, Instant moment) {
        if (query.isOlderThan(moment)) {
            startOver(query);
        }
    }

    /** Holds the bounds, and takes up what was put off. */
    void review() {
        Map<TenantId, List<StandingQuery>> byTenant = new HashMap<>();
        synchronized (this) {
            queries.values()
                    .forEach(query -> byTenant.computeIfAbsent(query.tenant(), _ -> new ArrayList<>())
                            .add(query));
        }
        byTenant.values().stream()
                .flatMap(List::stream)
                .filter(query -> query.isRefused() && !openings.expects(query))
                .forEach(this::setAside);
        List<StandingQuery> kept = new ArrayList<>();
        byTenant.values().forEach(own -> kept.addAll(within(mostBytesOfTenant, own)));
        Map<TenantId, Long> sums = new HashMap<>();
        within(mostBytes, kept).forEach(query -> sums.merge(query.tenant(), query.bytes(), Long::sum));
        synchronized (this) {
            bytesOfTenants.clear();
            bytesOfTenants.putAll(sums);
            bytes = sums.values().stream().mapToLong(Long::longValue).sum();
        }
        openings.review();
    }

    @Override
    public void live(StandingQuery query) {
        long own = query.bytes();
        boolean fits;
        synchronized (this) {
            long ofTenant = bytesOfTenants.getOrDefault(query.tenant(), 0L) + own;
            fits = own + bytes <= mostBytes && ofTenant <= mostBytesOfTenant;
            if (fits) {
                bytes += own;
                bytesOfTenants.put(query.tenant(), ofTenant);
            }
        }
        if (!fits) {
            tooLarge(query);
        }
    }

    @Override
    public void tooLarge(StandingQuery query) {
        query.refuse();
        setAside(query);
    }

    /** How many there are. */
    synchronized int size() {
        return queries.size();
    }

    /** How many of them get events. */
    int subscribed() {
        return feeds.stream().mapToInt(EventFeed::size).sum();
    }

    @Override
    public void close() {
        openings.close();
        List<StandingQuery> all;
        synchronized (this) {
            all = List.copyOf(queries.values());
            queries.clear();
        }
        all.forEach(query -> {
            query.end();
            feed(query).unsubscribe(query);
        });
    }

    /** Refuses the largest until the others are within a bound; returns those. */
    private List<StandingQuery> within(long bound, List<StandingQuery> candidates) {
        long sum = candidates.stream().mapToLong(StandingQuery::bytes).sum();
        if (sum <= bound) {
            return candidates;
        }
        List<StandingQuery> bySize = new ArrayList<>(candidates);
        bySize.sort(Comparator.comparingLong(StandingQuery::bytes));
        while (sum > bound && !bySize.isEmpty()) {
            StandingQuery largest = bySize.removeLast();
            sum -= largest.bytes();
            tooLarge(largest);
        }
        return bySize;
    }

    private void setAside(StandingQuery query) {
        feed(query).unsubscribe(query);
        openings.addLater(query, REFUSED_FOR);
    }

    private void startOver(StandingQuery query) {
        feed(query).unsubscribe(query);
        query.startOver(time.nanos());
        if (query.hasEnded()) {
            return;
        }
        if (query.attempts() < ATTEMPTS_AT_ONCE) {
            openings.add(query);
        } else {
            query.isLate();
            openings.addLater(query, PAUSE_OF_THE_OVERRUN);
        }
    }

    private EventFeed feed(StandingQuery query) {
        return feeds.get(progress.partitionOf(query.tenant()));
    }
}
