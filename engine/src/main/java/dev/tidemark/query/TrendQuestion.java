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
 * @param horizon where trailing measures look; of the buckets compared with the other
 * @param partialFrom the first bucket that is not over yet; the number of buckets when all are
 */
public record TrendQuestion(
        List<Measure> measures,
        @Nullable Filter filter,
        Buckets buckets,
        @Nullable Breakdown breakdown,
        @Nullable Buckets compared,
        Horizon horizon,
        Horizon comparedHorizon,
        int partialFrom)
        implements MeasuredQuestion {
    static final int MAX_POINTS = 50_000;

    public TrendQuestion {
        measures = Measures.checked(measures);
        Measures.refuse(measures, Measure.ActiveNow.class, "is a number of this moment, for a metric only");
        if (!buckets.interval().isOfDays() && measures.stream().anyMatch(Measure.Trailing.class::isInstance)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "measures of trailing days need the interval day, week or month",
                    "interval");
        }
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
        TimeRange touched = horizon.touched(measures, range());
        return compared == null ? touched : touched.hull(comparedHorizon.touched(measures, compared.range()));
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
