package dev.tidemark.report;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reader of a report asks for instead of what its widgets say; null leaves it to them. */
public record Overrides(
        @Nullable String startTime,
        @Nullable String endTime,
        @Nullable String interval) {
    public static final Overrides NONE = new Overrides(null, null, null);
    private static final int MAX_PARAMETER_LENGTH = 64;
    private static final List<String> INTERVALS = List.of("minute", "hour", "day", "week", "month", "auto");

    /** From the query parameters {@code start_time}, {@code end_time} and {@code interval}. Fails with {@code INVALID_FIELD}. */
    public static Overrides of(Call call) {
        return new Overrides(parameter(call, "start_time"), parameter(call, "end_time"), interval(call));
    }

    /** Whether a question could not be read because of the range asked for, which is then wrong for every widget. */
    boolean areAtFault(TidemarkException failure) {
        String field = failure.field().orElse("");
        return (startTime != null && field.equals("start_time")) || (endTime != null && field.equals("end_time"));
    }

    private static @Nullable String interval(Call call) {
        String word = parameter(call, "interval");
        if (word != null && !INTERVALS.contains(word)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be one of " + String.join(", ", INTERVALS), "interval");
        }
        return word;
    }

    private static @Nullable String parameter(Call call, String name) {
        String value = call.query().get(name);
        if (value != null && (value.isBlank() || value.length() > MAX_PARAMETER_LENGTH)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must have 1 to " + MAX_PARAMETER_LENGTH + " characters", name);
        }
        return value;
    }
}
