package dev.tidemark.query;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures over a whole range, each one number.
 *
 * @param compared the range to compare with; null for no comparison
 */
public record MetricQuestion(
        List<Measure> measures,
        @Nullable Filter filter,
        TimeRange range,
        ZoneId zone,
        @Nullable TimeRange compared) implements MeasuredQuestion {

    public MetricQuestion {
        measures = Measures.checked(measures);
    }

    @Override
    public TimeRange touchedRange() {
        return compared == null ? range : range.hull(compared);
    }

    @Override
    public String type() {
        return "metric";
    }
}
