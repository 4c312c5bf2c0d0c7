package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On how many periods of a range persons were active.
 *
 * @param scope which events make a person active
 * @param periods of the range; the first and last can reach beyond it, but only events inside count
 * @param partial whether the last period is not over yet
 */
public record StickinessQuestion(Scope scope, @Nullable Filter filter, Buckets periods, boolean partial)
        implements Question {
    static final int MAX_PERIODS = 400;

    public StickinessQuestion {
        if (!periods.interval().isOfDays()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be one of day, week, month", "period");
        }
        if (periods.size() > MAX_PERIODS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    periods.size() + " periods are more than " + MAX_PERIODS + "; take a longer one",
                    "period");
        }
    }

    @Override
    public TimeRange range() {
        return periods.range();
    }

    @Override
    public TimeRange touchedRange() {
        return range();
    }

    @Override
    public ZoneId zone() {
        return periods.zone();
    }

    @Override
    public List<Scope> scopes() {
        return List.of(scope);
    }

    @Override
    public String type() {
        return "stickiness";
    }
}
