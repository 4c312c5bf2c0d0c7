package dev.tidemark.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trend put together from what a fold has counted. */
final class FoldedTrend {
    private final TrendQuestion question;
    private final FoldPart part;
    private final @Nullable FoldWindow compared;
    private final List<@Nullable Double> nothing;

    FoldedTrend(TrendQuestion question, FoldPart part) {
        this.question = question;
        this.part = part;
        this.compared = part.compared();
        this.nothing = FoldCell.empty(part.shape()).values(question.measures());
    }

    /** The series of one value of the breakdown. */
    private record Group(
            @Nullable String text,
            FoldSeries series,
            @Nullable Double rank) {}

    TrendAnswer answer() {
        List<TrendAnswer.Line> totals = new ArrayList<>();
        addLines(totals, null, List.of(part.totals()));
        Breakdown breakdown = question.breakdown();
        if (breakdown == null) {
            return new TrendAnswer(question, totals, totals);
        }
        List<Group> ranked = new ArrayList<>();
        List<FoldSeries> others = new ArrayList<>();
        List<FoldSeries> none = new ArrayList<>();
        for (Map.Entry<List<@Nullable String>, FoldSeries> entry : part.groups().entrySet()) {
            FoldSeries series = entry.getValue();
            String text = entry.getKey().getFirst();
            FoldCell whole = series.over(part.window(), part.shape());
            if (text == null) {
                none.add(series);
            } else if (whole == null) {
                others.add(series);
            } else {
                ranked.add(new Group(
                        text, series, whole.values(question.measures()).getFirst()));
            }
        }
        ranked.sort(FoldOrder.of(Group::rank, group -> Collections.singletonList(group.text()), true));
        int top = Math.min(breakdown.limit(), ranked.size());
        ranked.subList(top, ranked.size()).forEach(group -> others.add(group.series()));
        List<TrendAnswer.Line> lines = new ArrayList<>();
        for (Group group : ranked.subList(0, top)) {
            addLines(lines, new BreakdownValue.Value(String.valueOf(group.text())), List.of(group.series()));
        }
        addPresent(lines, new BreakdownValue.Other(), others);
        addPresent(lines, new BreakdownValue.None(), none);
        return new TrendAnswer(question, lines, totals);
    }

    /** Not where there is nothing of them in either range. */
    private void addPresent(List<TrendAnswer.Line> lines, BreakdownValue value, List<FoldSeries> series) {
        FoldWindow earlier = compared;
        List<FoldSeries> present = series.stream()
                .filter(each -> has(each, part.window()) || (earlier != null && has(each, earlier)))
                .toList();
        if (!present.isEmpty()) {
            addLines(lines, value, present);
        }
    }

    private static boolean has(FoldSeries series, FoldWindow window) {
        return series.has(window.start(), window.end());
    }

    private void addLines(List<TrendAnswer.Line> lines, @Nullable BreakdownValue value, List<FoldSeries> series) {
        addLines(lines, value, false, series, part.window());
        if (compared != null) {
            addLines(lines, value, true, series, compared);
        }
    }

    private void addLines(
            List<TrendAnswer.Line> lines,
            @Nullable BreakdownValue value,
            boolean compare,
            List<FoldSeries> series,
            FoldWindow window) {
        List<List<@Nullable Double>> byBucket = new ArrayList<>();
        for (int bucket = 0; bucket + 1 < window.edges().size(); bucket++) {
            FoldCell cell =
                    cell(series, window.edges().get(bucket), window.edges().get(bucket + 1));
            byBucket.add(cell == null ? nothing : cell.values(question.measures()));
        }
        for (int measure = 0; measure < question.measures().size(); measure++) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
                values.add(bucket < byBucket.size() ? byBucket.get(bucket).get(measure) : null);
            }
            lines.add(new TrendAnswer.Line(question.measures().get(measure).name(), value, compare, values));
        }
    }

    private @Nullable FoldCell cell(List<FoldSeries> series, long start, long end) {
        if (series.size() == 1) {
            return series.getFirst().between(start, end, part.shape());
        }
        FoldCell merged = null;
        for (FoldSeries each : series) {
            FoldCell cell = each.between(start, end, part.shape());
            if (cell != null) {
                merged = merged == null ? FoldCell.empty(part.shape()) : merged;
                merged.addAll(cell);
            }
        }
        return merged;
    }
}
