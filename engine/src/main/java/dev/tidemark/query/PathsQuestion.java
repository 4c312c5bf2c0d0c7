package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people do after, or before, an event of a session.
 *
 * @param anchor the event, the first of its session of the kind, or the last where what is before it is asked for
 * @param range where the anchor lies
 * @param steps how many events a path has
 * @param limit how many paths, and how many events of each step by their names
 * @param by what an event is called
 * @param collapse whether an event that is called as the one before it counts as the same
 */
public record PathsQuestion(
        Scope anchor,
        @Nullable Filter filter,
        TimeRange range,
        ZoneId zone,
        boolean before,
        int steps,
        int limit,
        Property by,
        boolean collapse)
        implements Question {
    static final int MAX_STEPS = 10;
    static final int MAX_LIMIT = 50;

    public PathsQuestion {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be between 1 and " + MAX_STEPS, "steps");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be between 1 and " + MAX_LIMIT, "limit");
        }
    }

    /** A session with its anchor in the range can begin and end this far from it. */
    @Override
    public TimeRange touchedRange() {
        Instant start = range.start().minus(SessionLimits.LONGEST);
        Instant end = range.end().plus(SessionLimits.LONGEST);
        return new TimeRange(
                start.isBefore(TimeRange.FIRST) ? TimeRange.FIRST : start,
                end.isAfter(TimeRange.LAST) ? TimeRange.LAST : end);
    }

    @Override
    public List<Scope> scopes() {
        return List.of(anchor);
    }

    @Override
    public String type() {
        return "paths";
    }
}
