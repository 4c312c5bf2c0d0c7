package dev.tidemark.report;

import dev.tidemark.base.TidemarkException;
import org.jspecify.annotations.Nullable;

/** What a reader of a report asks for instead of what its widgets say; null leaves it to them. */
public record Overrides(
        @Nullable String startTime,
        @Nullable String endTime,
        @Nullable String interval) {
    public static final Overrides NONE = new Overrides(null, null, null);

    /** Whether a question could not be read because of the range asked for, which is then wrong for every widget. */
    boolean areAtFault(TidemarkException failure) {
        String field = failure.field().orElse("");
        return (startTime != null && field.equals("start_time")) || (endTime != null && field.equals("end_time"));
    }
}
