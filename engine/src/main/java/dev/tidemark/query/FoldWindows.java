package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which ranges a question for measures is about, family by family, and by what it is broken down. */
final class FoldWindows {
    private FoldWindows() {}

    /** The range of the measures of a family. */
    static FoldWindow of(MeasuredQuestion question, Family family) {
        return switch (family) {
            case EVENTS ->
                question instanceof TrendQuestion trend
                        ? FoldWindow.of(trend.buckets())
                        : FoldWindow.of(question.range());
            case NOW -> ofNow(question, horizon(question).requiredWindow());
            case TRAILING, SESSIONS -> throw notFolded();
        };
    }

    /** The range that it is compared with; null for none. */
    static @Nullable FoldWindow compared(MeasuredQuestion question, Family family) {
        return switch (question) {
            case TrendQuestion trend -> trend.compared() == null ? null : FoldWindow.of(trend.compared());
            case MetricQuestion metric -> {
                TimeRange compared = metric.compared();
                yield compared == null
                        ? null
                        : family == Family.NOW
                                ? ofNow(question, metric.comparedHorizon().requiredWindow())
                                : FoldWindow.of(compared);
            }
            case TableQuestion _ -> null;
        };
    }

    static FoldCut cut(MeasuredQuestion question, Family family, Instant now) {
        FoldWindow window = of(question, family);
        FoldWindow compared = compared(question, family);
        Buckets buckets = question instanceof TrendQuestion trend ? trend.buckets() : null;
        return family == Family.NOW
                ? FoldCut.bySecond(window, compared)
                : FoldCut.of(window, compared, buckets, question.zone(), now);
    }

    static List<Property> keys(MeasuredQuestion question) {
        return switch (question) {
            case TrendQuestion trend ->
                trend.breakdown() == null
                        ? List.of()
                        : List.of(trend.breakdown().property());
            case MetricQuestion _ -> List.of();
            case TableQuestion table -> table.breakdowns();
        };
    }

    /** The longest window, with the starts of the shorter ones. */
    private static FoldWindow ofNow(MeasuredQuestion question, TimeRange window) {
        List<Long> edges = new ArrayList<>(List.of(window.startMillis(), window.endMillis()));
        for (Measure measure : question.measures()) {
            if (measure instanceof Measure.ActiveNow now) {
                edges.add(Math.max(window.startMillis(), start(window.endMillis(), now)));
            }
        }
        return new FoldWindow(edges.stream().distinct().sorted().toList());
    }

    /** Where the last minutes of a window begin that a measure looks at. */
    static long start(long windowEnd, Measure.ActiveNow measure) {
        return windowEnd - measure.minutes() * Interval.MILLIS_PER_MINUTE;
    }

    private static Horizon horizon(MeasuredQuestion question) {
        return switch (question) {
            case TrendQuestion trend -> trend.horizon();
            case MetricQuestion metric -> metric.horizon();
            case TableQuestion table -> table.horizon();
        };
    }

    private static TidemarkException notFolded() {
        return new TidemarkException(ErrorCode.INTERNAL, "a fold of measures that it is not for");
    }
}
