package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many of those who did something come back to do something.
 *
 * @param start what puts a person into a cohort
 * @param returning what counts as coming back, at the person's start or later
 * @param firstTime whether only the first start of a person's whole history counts; else the first in each period of the range
 * @param orAfter whether coming back after a period counts for it too
 * @param breakdown by a property of the start that counts
 */
public record RetentionQuestion(
        Scope start,
        Scope returning,
        @Nullable Filter filter,
        RetentionPeriods periods,
        boolean firstTime,
        boolean orAfter,
        @Nullable Breakdown breakdown)
        implements Question {
    private static final int MAX_CELLS = 50_000;

    public RetentionQuestion {
        long grids = breakdown == null ? 1 : breakdown.limit() + 3;
        long cells = grids * periods.cohorts().size() * periods.count();
        if (cells > MAX_CELLS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    cells + " cells are more than " + MAX_CELLS
                            + "; ask for fewer periods, longer ones, a shorter range or a smaller breakdown limit",
                    "periods");
        }
    }

    @Override
    public TimeRange range() {
        return periods.cohorts().range();
    }

    /** From the beginning of time where the history matters, and without end where any later return does. */
    @Override
    public TimeRange touchedRange() {
        Instant end = Instant.ofEpochMilli(periods.endMillis());
        return new TimeRange(
                firstTime ? TimeRange.FIRST : range().start(),
                orAfter || end.isAfter(TimeRange.LAST) ? TimeRange.LAST : end);
    }

    @Override
    public ZoneId zone() {
        return periods.cohorts().zone();
    }

    @Override
    public List<Scope> scopes() {
        return List.of(start, returning);
    }

    @Override
    public String type() {
        return "retention";
    }
}
