package dev.tidemark.query;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Positions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What buckets of trends hold, kept until an event touches them, so that a refresh computes only what has changed. A value is
 * right while no event with a time in its span became visible after the position that was read before its statement; whether
 * its bucket is over does not matter. In memory, bounded, a quarter at most for one tenant. Thread-safe.
 */
public final class KeptBuckets {
    private static final int MOST_SPANS_OF_A_SHAPE = 1_024;
    private static final int BYTES_OF_A_SPAN = 160;
    private static final int BYTES_OF_A_LINE = 64;
    private static final int BYTES_OF_A_NUMBER = 24;

    private final Positions positions;
    private final TenantCache<Map<Span, Kept>> shapes;
    private final TenantCache<Ranked> rankings;
    private final Map<TenantId, Integer> generations = new ConcurrentHashMap<>();

    /** Empty ones, which take at most so much memory. */
    public KeptBuckets(Positions positions, ByteSize maxSize, TimeSource clock) {
        this.positions = positions;
        ByteSize half = new ByteSize(Math.max(1, maxSize.bytes() / 2));
        this.shapes = new TenantCache<>(half, KeptBuckets::bytes, clock);
        this.rankings = new TenantCache<>(half, KeptBuckets::bytes, clock);
    }

    /** A half-open span of event time, in Unix milliseconds. */
    record Span(long from, long to) {}

    /**
     * The values of the measures of one bucket by line.
     *
     * @param position of the tenant when the bucket was asked for
     */
    record Kept(long position, Map<Integer, List<@Nullable Double>> lines) {}

    /**
     * Events by value of a property in a span.
     *
     * @param values null when there are too many to keep
     */
    record Ranked(long position, Span span, @Nullable Map<String, Counted> values) {}

    /** How often a value occurs, with its hash. */
    record Counted(long hash, double count) {}

    /** To be read before the statement whose result is kept. */
    long position(TenantId tenant) {
        return positions.of(tenant);
    }

    /** The name of a shape; another one once the tenant's buckets were forgotten, so that what is under way stays without effect. */
    String named(TenantId tenant, String shape) {
        return generations.getOrDefault(tenant, 0) + shape;
    }

    /** Forgets everything of a tenant. */
    public void forget(TenantId tenant) {
        generations.merge(tenant, 1, Integer::sum);
        shapes.forget(tenant);
        rankings.forget(tenant);
    }

    /** What is kept of buckets of a shape, right or not. */
    Map<Span, Kept> find(TenantId tenant, String shape) {
        return shapes.find(tenant, shape).orElse(Map.of());
    }

    boolean isRight(TenantId tenant, Span span, long position) {
        return positions.lastTouch(tenant, span.from, span.to) <= position;
    }

    /**
     * Keeps buckets of a shape.
     *
     * @param used all buckets of an answer, of which some may be kept already
     */
    void keep(TenantId tenant, String shape, Map<Span, Kept> used) {
        Map<Span, Kept> all = new LinkedHashMap<>(find(tenant, shape));
        used.forEach((span, kept) -> {
            all.remove(span);
            all.put(span, kept);
        });
        int most = Math.max(MOST_SPANS_OF_A_SHAPE, used.size());
        Iterator<Span> oldest = all.keySet().iterator();
        while (all.size() > most) {
            oldest.next();
            oldest.remove();
        }
        shapes.put(tenant, shape, all);
    }

    /** What is kept of the ranking of a span; null for nothing that is right. */
    @Nullable
    Ranked findRanking(TenantId tenant, String shape, Span span) {
        Ranked ranked = rankings.find(tenant, shape).orElse(null);
        return ranked != null && ranked.span.equals(span) && isRight(tenant, span, ranked.position) ? ranked : null;
    }

    /** Whether a ranking is kept, right or not. */
    boolean hasRanking(TenantId tenant, String shape) {
        return rankings.find(tenant, shape).isPresent();
    }

    void keepRanking(TenantId tenant, String shape, Ranked ranked) {
        rankings.put(tenant, shape, ranked);
    }

    private static int bytes(Map<Span, Kept> buckets) {
        int bytes = 0;
        for (Kept kept : buckets.values()) {
            bytes += BYTES_OF_A_SPAN;
            for (List<@Nullable Double> numbers : kept.lines.values()) {
                bytes += BYTES_OF_A_LINE + numbers.size() * BYTES_OF_A_NUMBER;
            }
        }
        return bytes;
    }

    private static int bytes(Ranked ranked) {
        int bytes = BYTES_OF_A_SPAN;
        if (ranked.values != null) {
            for (String value : ranked.values.keySet()) {
                bytes += BYTES_OF_A_SPAN + 2 * value.length();
            }
        }
        return bytes;
    }
}
