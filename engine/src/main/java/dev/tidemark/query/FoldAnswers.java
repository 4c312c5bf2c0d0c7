package dev.tidemark.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics and tables put together from what a fold has counted. */
final class FoldAnswers {
    private FoldAnswers() {}

    /** Whether all counts can be told outside the engine; those of a part of the events can where that of all can. */
    static boolean isKnown(List<FoldPart> parts) {
        for (FoldPart part : parts) {
            FoldWindow compared = part.compared();
            if (!isKnown(part, part.window()) || (compared != null && !isKnown(part, compared))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(FoldPart part, FoldWindow window) {
        if (part.shape().family() == Family.EVENTS && window.edges().size() > 2) {
            for (int bucket = 0; bucket + 1 < window.edges().size(); bucket++) {
                if (!isKnown(
                        between(part, window.edges().get(bucket), window.edges().get(bucket + 1)))) {
                    return false;
                }
            }
            return true;
        }
        return isKnown(whole(part, window));
    }

    private static boolean isKnown(@Nullable FoldCell cell) {
        return cell == null || cell.isKnown();
    }

    private static @Nullable FoldCell between(FoldPart part, long start, long end) {
        return part.totals().between(start, end, part.shape());
    }

    private static @Nullable FoldCell whole(FoldPart part, FoldWindow window) {
        return window.equals(part.window())
                ? part.totals().over(window, part.shape())
                : between(part, window.start(), window.end());
    }

    static MetricAnswer metric(MetricQuestion question, List<FoldPart> parts, @Nullable TrendAnswer sparkline) {
        return new MetricAnswer(
                question,
                values(question.measures(), parts, false),
                question.compared() == null ? null : values(question.measures(), parts, true),
                sparkline);
    }

    private static List<@Nullable Double> values(List<Measure> measures, List<FoldPart> parts, boolean compared) {
        Map<String, @Nullable Double> counted = new LinkedHashMap<>();
        for (FoldPart part : parts) {
            FoldWindow other = part.compared();
            FoldWindow window = compared && other != null ? other : part.window();
            List<Measure.Counted> own = part.shape().measures();
            FoldCell all = whole(part, window);
            for (int i = 0; i < own.size(); i++) {
                FoldCell cell = own.get(i) instanceof Measure.ActiveNow now ? lastMinutes(part, window, now, all) : all;
                counted.put(own.get(i).name(), (cell == null ? FoldCell.empty(part.shape()) : cell).value(i));
            }
        }
        return MeasureColumns.withFormulas(measures, counted);
    }

    private static @Nullable FoldCell lastMinutes(
            FoldPart part, FoldWindow window, Measure.ActiveNow now, @Nullable FoldCell all) {
        long start = FoldWindows.start(window.end(), now);
        return start <= window.start() ? all : between(part, start, window.end());
    }

    static TableAnswer table(TableQuestion question, FoldPart part) {
        FoldWindow window = part.window();
        List<TableAnswer.Row> rows = new ArrayList<>();
        for (Map.Entry<List<@Nullable String>, FoldSeries> group : part.groups().entrySet()) {
            FoldCell cell = group.getValue().over(window, part.shape());
            if (cell != null) {
                rows.add(new TableAnswer.Row(breakdown(group.getKey()), cell.values(question.measures())));
            }
        }
        rows.sort(FoldOrder.of(question.sort()));
        FoldCell totals = whole(part, window);
        return new TableAnswer(
                question,
                rows.stream().skip(question.offset()).limit(question.limit()).toList(),
                (totals == null ? FoldCell.empty(part.shape()) : totals).values(question.measures()),
                rows.size());
    }

    private static List<BreakdownValue> breakdown(List<@Nullable String> key) {
        List<BreakdownValue> values = new ArrayList<>(key.size());
        for (String text : key) {
            values.add(text == null ? new BreakdownValue.None() : new BreakdownValue.Value(text));
        }
        return values;
    }
}
