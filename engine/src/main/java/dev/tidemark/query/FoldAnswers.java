package dev.tidemark.query;

import dev.tidemark.query.FoldView.Group;
import dev.tidemark.query.FoldView.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers put together from what a fold has counted. */
final class FoldAnswers {
    private FoldAnswers() {}

    static MetricAnswer metric(MetricQuestion question, FoldView view, @Nullable TrendAnswer sparkline) {
        Group all = view.totals();
        return new MetricAnswer(
                question,
                view.values(all, Place.WHOLE),
                question.compared() == null ? null : view.values(all, Place.WHOLE_COMPARED),
                sparkline);
    }

    static TableAnswer table(TableQuestion question, FoldView view) {
        List<TableAnswer.Row> rows = new ArrayList<>();
        for (Group group : view.groups()) {
            if (view.has(group, Place.WHOLE)) {
                rows.add(new TableAnswer.Row(breakdown(group.key()), view.values(group, Place.WHOLE)));
            }
        }
        List<TableAnswer.Row> first =
                FoldOrder.first(rows, question.offset() + question.limit(), FoldOrder.of(question.sort()));
        return new TableAnswer(
                question,
                first.subList(Math.min(question.offset(), first.size()), first.size()),
                view.values(view.totals(), Place.WHOLE),
                rows.size());
    }

    private static List<BreakdownValue> breakdown(List<@Nullable String> key) {
        List<BreakdownValue> values = new ArrayList<>(key.size());
        for (String text : key) {
            values.add(text == null ? new BreakdownValue.None() : new BreakdownValue.Value(text));
        }
        return values;
    }

    /** A value of a trend's breakdown. */
    private record Ranked(
            String text, Group group, @Nullable Double rank) {}

    static TrendAnswer trend(TrendQuestion question, FoldView view) {
        List<TrendAnswer.Line> totals = new ArrayList<>();
        addLines(question, view, totals, null, view.totals());
        Breakdown breakdown = question.breakdown();
        if (breakdown == null) {
            return new TrendAnswer(question, totals, totals);
        }
        List<Ranked> ranked = new ArrayList<>();
        List<Group> others = new ArrayList<>();
        List<Group> none = new ArrayList<>();
        for (Group group : view.groups()) {
            String text = group.key().getFirst();
            if (text == null) {
                none.add(group);
            } else if (view.has(group, Place.WHOLE)) {
                ranked.add(
                        new Ranked(text, group, view.values(group, Place.WHOLE).getFirst()));
            } else {
                others.add(group);
            }
        }
        ranked.sort(FoldOrder.of(Ranked::rank, Ranked::text));
        int top = Math.min(breakdown.limit(), ranked.size());
        ranked.subList(top, ranked.size()).forEach(value -> others.add(value.group()));
        List<TrendAnswer.Line> lines = new ArrayList<>();
        for (Ranked value : ranked.subList(0, top)) {
            addPresent(question, view, lines, new BreakdownValue.Value(value.text()), List.of(value.group()));
        }
        addPresent(question, view, lines, new BreakdownValue.Other(), others);
        addPresent(question, view, lines, new BreakdownValue.None(), none);
        return new TrendAnswer(question, lines, totals);
    }

    /** Not where there is nothing of them in any bucket. */
    private static void addPresent(
            TrendQuestion question,
            FoldView view,
            List<TrendAnswer.Line> lines,
            BreakdownValue value,
            List<Group> groups) {
        Buckets compared = question.compared();
        List<Group> present = groups.stream()
                .filter(group -> view.has(group, false, question.buckets())
                        || (compared != null && view.has(group, true, compared)))
                .toList();
        if (!present.isEmpty()) {
            addLines(question, view, lines, value, present.size() == 1 ? present.getFirst() : view.together(present));
        }
    }

    private static void addLines(
            TrendQuestion question,
            FoldView view,
            List<TrendAnswer.Line> lines,
            @Nullable BreakdownValue value,
            Group group) {
        addLines(question, view, lines, value, group, false, question.buckets());
        addLines(question, view, lines, value, group, true, question.compared());
    }

    private static void addLines(
            TrendQuestion question,
            FoldView view,
            List<TrendAnswer.Line> lines,
            @Nullable BreakdownValue value,
            Group group,
            boolean compare,
            @Nullable Buckets buckets) {
        if (buckets == null) {
            return;
        }
        List<List<@Nullable Double>> byBucket = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            byBucket.add(view.values(group, new Place(compare, bucket)));
        }
        for (int measure = 0; measure < question.measures().size(); measure++) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int bucket = 0; bucket < question.buckets().size(); bucket++) {
                values.add(bucket < byBucket.size() ? byBucket.get(bucket).get(measure) : null);
            }
            lines.add(new TrendAnswer.Line(question.measures().get(measure).name(), value, compare, values));
        }
    }
}
