package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;

/**
 * By what a trend is split: the values of the property with the most of the first measure, the rest as one, events without the
 * property as one.
 */
public record Breakdown(Property property, int limit) {
    static final int DEFAULT_LIMIT = 10;
    static final int MAX_LIMIT = 200;

    public Breakdown {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be between 1 and " + MAX_LIMIT, "breakdown.limit");
        }
    }
}
