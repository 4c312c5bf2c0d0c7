package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How measures develop over time.
 *
 * @param compared the buckets to compare with, aligned from the first; null for no comparison
 * @param partialFrom the first bucket that is not over yet; the number of buckets when all are
 */
public record TrendQuestion(
        List<Measure> measures,
        @Nullable Filter filter,
        Buckets buckets,
        @Nullable Breakdown breakdown,
        @Nullable Buckets compared,
        int partialFrom)
        implements MeasuredQuestion {
    static final int MAX_POINTS = 50_000;

    public TrendQuestion {
        measures = Measures.checked(measures);
        long lines =
                (long) measures.size() * (breakdown == null ? 1 : breakdown.limit() + 2) * (compared == null ? 1 : 2);
        if (lines * buckets.size() > MAX_POINTS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    lines + " lines of " + buckets.size() + " buckets are more than " + MAX_POINTS
                            + " points; take a longer interval or a smaller breakdown limit",
                    "interval");
        }
    }

    /** Whether what a bucket holds depends on nothing but the events in it. */
    boolean hasIndependentBuckets() {
        return (filter == null || filter.isOfOneEvent()) && measures.stream().allMatch(Measure::isOfOneBucket);
    }

    @Override
    public TimeRange range() {
        return buckets.range();
    }

    @Override
    public TimeRange touchedRange() {
        return compared == null ? range() : range().hull(compared.range());
    }

    @Override
    public ZoneId zone() {
        return buckets.zone();
    }

    @Override
    public String type() {
        return "trend";
    }
}
