package dev.tidemark.query;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures over a whole range, each one number.
 *
 * @param compared the range to compare with; null for no comparison
 * @param horizon where measures look besides the range; of the range compared with the other
 * @param sparkline the first measure over the range, last of its measures; null when not asked for
 */
public record MetricQuestion(
        List<Measure> measures,
        @Nullable Filter filter,
        TimeRange range,
        ZoneId zone,
        @Nullable TimeRange compared,
        Horizon horizon,
        Horizon comparedHorizon,
        @Nullable TrendQuestion sparkline)
        implements MeasuredQuestion {

    public MetricQuestion {
        measures = Measures.checked(measures);
    }

    @Override
    public TimeRange touchedRange() {
        TimeRange touched = horizon.touched(measures, range);
        if (compared != null) {
            touched = touched.hull(comparedHorizon.touched(measures, compared));
        }
        return sparkline == null ? touched : touched.hull(sparkline.touchedRange());
    }

    @Override
    public String type() {
        return "metric";
    }
}
