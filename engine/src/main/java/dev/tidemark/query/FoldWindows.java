package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.FoldView.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which spans of time the numbers of a question for measures are about, family by family. */
final class FoldWindows {
    /** The place of a number that is of a range as a whole. */
    static final int WHOLE = -1;

    private FoldWindows() {}

    /** All that the measures of a family look at, cut where they do. */
    static FoldWindow of(MeasuredQuestion question, Family family) {
        return switch (family) {
            case EVENTS ->
                question instanceof TrendQuestion trend
                        ? FoldWindow.of(trend.buckets())
                        : FoldWindow.of(question.range());
            case TRAILING ->
                new FoldWindow(horizon(question, false).requiredDays().edges());
            case NOW -> ofNow(question, horizon(question, false).requiredWindow());
            case SESSIONS -> throw notFolded();
        };
    }

    /** The same of what is compared with; null for nothing. */
    static @Nullable FoldWindow compared(MeasuredQuestion question, Family family) {
        FoldWindow events = switch (question) {
            case TrendQuestion trend -> trend.compared() == null ? null : FoldWindow.of(trend.compared());
            case MetricQuestion metric -> metric.compared() == null ? null : FoldWindow.of(metric.compared());
            case TableQuestion _ -> null;
        };
        if (events == null) {
            return null;
        }
        return switch (family) {
            case EVENTS -> events;
            case TRAILING ->
                new FoldWindow(horizon(question, true).requiredDays().edges());
            case NOW -> ofNow(question, horizon(question, true).requiredWindow());
            case SESSIONS -> throw notFolded();
        };
    }

    static FoldCut cut(MeasuredQuestion question, Family family, Instant now) {
        FoldWindow window = of(question, family);
        FoldWindow compared = compared(question, family);
        if (family == Family.NOW) {
            return FoldCut.bySecond(window, compared);
        }
        Buckets buckets = family == Family.EVENTS && question instanceof TrendQuestion trend ? trend.buckets() : null;
        return FoldCut.of(window, compared, buckets, question.zone(), now);
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

    /** What a measure looks at for a number; null where there is no day yet at which it could stand. */
    static @Nullable FoldSpan span(MeasuredQuestion question, Measure.Counted measure, Place place) {
        return switch (measure) {
            case Measure.Trailing trailing ->
                trailed(question, place, trailing.function().days());
            case Measure.ActiveNow now -> {
                TimeRange window = horizon(question, place.compared()).requiredWindow();
                yield new FoldSpan(start(window, now), window.endMillis());
            }
            case Measure.EventCount _,
                    Measure.DistinctUsers _,
                    Measure.Sessions _,
                    Measure.NumericAggregate _,
                    Measure.DistinctValues _,
                    Measure.EventsPerUser _ -> ofEvents(question, place);
            case Measure.OfSessions _ -> throw notFolded();
        };
    }

    /** All that measures of a family look at for a number, which decides whether there is one; null for nothing. */
    static @Nullable FoldSpan looked(MeasuredQuestion question, Family family, Place place) {
        return switch (family) {
            case EVENTS -> ofEvents(question, place);
            case TRAILING ->
                trailed(
                        question,
                        place,
                        horizon(question, place.compared()).requiredDays().lookback());
            case NOW -> {
                TimeRange window = horizon(question, place.compared()).requiredWindow();
                yield new FoldSpan(window.startMillis(), window.endMillis());
            }
            case SESSIONS -> throw notFolded();
        };
    }

    private static FoldSpan ofEvents(MeasuredQuestion question, Place place) {
        Buckets buckets = question instanceof TrendQuestion trend
                ? (place.compared() ? trend.compared() : trend.buckets())
                : null;
        if (buckets == null || place.bucket() == WHOLE) {
            TimeRange range = place.compared() && question instanceof MetricQuestion metric && metric.compared() != null
                    ? metric.compared()
                    : question.range();
            return new FoldSpan(range.startMillis(), range.endMillis());
        }
        TimeRange range = buckets.range();
        return new FoldSpan(
                Math.max(range.startMillis(), buckets.edges().get(place.bucket())),
                Math.min(range.endMillis(), buckets.edges().get(place.bucket() + 1)));
    }

    /** So many days that end with that of the place. */
    private static @Nullable FoldSpan trailed(MeasuredQuestion question, Place place, int count) {
        TrailingDays days = horizon(question, place.compared()).requiredDays();
        List<Long> begun = days.begun();
        boolean ofTrend = question instanceof TrendQuestion;
        Long stand = place.bucket() == WHOLE
                ? (begun.isEmpty() ? null : begun.getLast())
                : ofTrend && place.bucket() < days.stands().size()
                        ? days.stands().get(place.bucket())
                        : null;
        if (stand == null) {
            return null;
        }
        int last = days.numbers().size() - 1;
        while (last > 0 && days.numbers().get(last) > stand) {
            last--;
        }
        int first = last;
        while (first > 0 && days.numbers().get(first - 1) > stand - count) {
            first--;
        }
        return new FoldSpan(days.edges().get(first), days.edges().get(last + 1));
    }

    /** The longest window, with the starts of the shorter ones. */
    private static FoldWindow ofNow(MeasuredQuestion question, TimeRange window) {
        List<Long> edges = new ArrayList<>(List.of(window.startMillis(), window.endMillis()));
        for (Measure measure : question.measures()) {
            if (measure instanceof Measure.ActiveNow now) {
                edges.add(start(window, now));
            }
        }
        return new FoldWindow(edges.stream().distinct().sorted().toList());
    }

    private static long start(TimeRange window, Measure.ActiveNow measure) {
        return Math.max(window.startMillis(), window.endMillis() - measure.minutes() * Interval.MILLIS_PER_MINUTE);
    }

    private static Horizon horizon(MeasuredQuestion question, boolean compared) {
        return switch (question) {
            case TrendQuestion trend -> compared ? trend.comparedHorizon() : trend.horizon();
            case MetricQuestion metric -> compared ? metric.comparedHorizon() : metric.horizon();
            case TableQuestion table -> table.horizon();
        };
    }

    private static TidemarkException notFolded() {
        return new TidemarkException(ErrorCode.INTERNAL, "a fold of measures that it is not for");
    }
}
