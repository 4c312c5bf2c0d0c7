package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures by the values of one to three properties, sorted, one page of it.
 *
 * @param horizon where trailing measures look
 * @param limit rows of the page
 * @param offset rows before the page
 */
public record TableQuestion(
        List<Measure> measures,
        @Nullable Filter filter,
        TimeRange range,
        ZoneId zone,
        Horizon horizon,
        List<Property> breakdowns,
        Sort sort,
        int limit,
        int offset)
        implements MeasuredQuestion {
    static final int MAX_BREAKDOWNS = 3;
    static final int MAX_LIMIT = 1_000;
    static final int MAX_OFFSET = 100_000;

    /**
     * By which column rows are sorted: a measure, else a breakdown. Absent values come last; equal rows are in the order of
     * their breakdown values.
     *
     * @param index of the measure or breakdown in the question
     */
    public record Sort(boolean byMeasure, int index, boolean descending) {}

    public TableQuestion {
        measures = Measures.checked(measures);
        Measures.refuse(measures, Measure.ActiveNow.class, "is a number of this moment, for a metric only");
        breakdowns = List.copyOf(breakdowns);
        if (breakdowns.isEmpty() || breakdowns.size() > MAX_BREAKDOWNS) {
            throw invalid("breakdowns", "there must be 1 to " + MAX_BREAKDOWNS + " breakdowns");
        }
        if (new HashSet<>(breakdowns).size() < breakdowns.size()) {
            throw invalid("breakdowns", "a property can be given once only");
        }
        if (sort.index() < 0 || sort.index() >= (sort.byMeasure() ? measures.size() : breakdowns.size())) {
            throw invalid("sort", "there is no such column");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw invalid("limit", "must be between 1 and " + MAX_LIMIT);
        }
        if (offset < 0 || offset > MAX_OFFSET) {
            throw invalid("offset", "must be between 0 and " + MAX_OFFSET);
        }
    }

    @Override
    public TimeRange touchedRange() {
        return horizon.touched(measures, range);
    }

    @Override
    public String type() {
        return "table";
    }

    private static TidemarkException invalid(String field, String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
