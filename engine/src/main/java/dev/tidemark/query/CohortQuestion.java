package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One measure of groups of persons over periods. A row is a cohort over the periods of the range, or those who did a start event in
 * a period of the range over the periods since.
 *
 * @param perMember whether each value is divided by the size of its row
 * @param range of a row's start events; of cohorts, of the events measured
 * @param columns all periods that are looked at, from that in which the range starts
 * @param partialFrom the first column that was not over when the question was put
 * @param begun how many columns had begun then
 */
public record CohortQuestion(
        Rows rows,
        Measure.Counted measure,
        boolean perMember,
        @Nullable Filter filter,
        TimeRange range,
        Buckets columns,
        int partialFrom,
        int begun)
        implements Question {
    static final int MAX_COHORTS = 10;
    static final int MAX_PERIODS = 366;
    static final int MAX_CELLS = 20_000;

    /** What the rows are. */
    public sealed interface Rows {}

    /** One for each cohort. */
    public record OfCohorts(List<Cohort> cohorts) implements Rows {
        public OfCohorts {
            cohorts = List.copyOf(cohorts);
            if (cohorts.isEmpty() || cohorts.size() > MAX_COHORTS) {
                throw invalid("cohorts", "there must be 1 to " + MAX_COHORTS + " cohorts");
            }
        }
    }

    /**
     * One for each period of the range.
     *
     * @param firstTime whether only the first start event ever of a person counts; else a person is in each row in whose period it
     *     did the start event
     * @param count how many rows
     * @param periods how many cells a row has, the start period's included
     */
    public record OfStarts(Scope start, boolean firstTime, int count, int periods) implements Rows {
        public OfStarts {
            if (periods < 1 || periods > MAX_PERIODS) {
                throw invalid("periods", "must be between 1 and " + MAX_PERIODS);
            }
        }
    }

    public CohortQuestion {
        int cells = switch (rows) {
            case OfCohorts cohorts -> cohorts.cohorts().size() * columns.size();
            case OfStarts starts -> starts.count() * starts.periods();
        };
        if (cells > MAX_CELLS || columns.size() > 2 * MAX_PERIODS) {
            throw invalid("period", "these are too many periods; take a longer period or a shorter range");
        }
    }

    /** Whether a column was not over when the question was put. */
    boolean isPartial(int column) {
        return column >= partialFrom;
    }

    /** Where the columns start and end. */
    TimeRange columnRange() {
        return TimeRange.ofMillis(columns.edges().getFirst(), columns.edges().getLast());
    }

    /** How large a cohort is depends on whatever its members did, and who did something first on what was before. */
    @Override
    public TimeRange touchedRange() {
        return switch (rows) {
            case OfCohorts _ -> TimeRange.EVER;
            case OfStarts starts -> {
                Instant end = columnRange().end();
                yield starts.firstTime() ? new TimeRange(TimeRange.EVER.start(), end) : columnRange();
            }
        };
    }

    @Override
    public List<Cohort> cohorts() {
        List<Cohort> cohorts = new ArrayList<>(Question.super.cohorts());
        if (rows instanceof OfCohorts of) {
            cohorts.addAll(of.cohorts());
        }
        return cohorts;
    }

    @Override
    public List<Scope> scopes() {
        return switch (rows) {
            case OfCohorts _ -> List.of(measure.scope());
            case OfStarts starts -> List.of(starts.start(), measure.scope());
        };
    }

    @Override
    public ZoneId zone() {
        return columns.zone();
    }

    @Override
    public String type() {
        return "cohort";
    }

    private static TidemarkException invalid(String field, String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
