package dev.tidemark.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The attempts of a funnel put together into its answer, as {@link FunnelPlan} has it from the engine. Not thread-safe. */
final class FunnelTally {
    private static final double MILLIS_PER_SECOND = 1000.0;
    private static final double MEDIAN = 0.5;
    private static final double P90 = 0.9;

    private final FunnelQuestion question;
    private final Steps all;
    private final Map<String, Steps> byText = new TreeMap<>(FoldOrder.BY_BYTES);
    private @Nullable Steps absent;
    private final long[][] overTime;

    FunnelTally(FunnelQuestion question) {
        this.question = question;
        int steps = question.steps().size();
        this.all = new Steps(steps);
        Buckets buckets = question.overTime();
        this.overTime = new long[buckets == null ? 0 : buckets.size()][steps];
    }

    void add(FunnelCounter.Attempt attempt) {
        all.add(attempt);
        if (question.split() != null) {
            String text = attempt.text();
            if (text == null) {
                absent = absent == null ? new Steps(all.steps) : absent;
                absent.add(attempt);
            } else {
                byText.computeIfAbsent(text, _ -> new Steps(all.steps)).add(attempt);
            }
        }
    }

    /** Adds one that begins in a bucket of the funnel over time. */
    void add(int bucket, int level) {
        for (int step = 0; step < level; step++) {
            overTime[bucket][step]++;
        }
    }

    FunnelAnswer answer() {
        List<FunnelAnswer.Group> groups = new ArrayList<>();
        FunnelQuestion.Split split = question.split();
        if (split != null) {
            List<Map.Entry<String, Steps>> ranked = new ArrayList<>(byText.entrySet());
            ranked.sort((left, right) -> Integer.compare(right.getValue().counts[0], left.getValue().counts[0]));
            int top = Math.min(split.breakdown().limit(), ranked.size());
            for (Map.Entry<String, Steps> entry : ranked.subList(0, top)) {
                groups.add(new FunnelAnswer.Group(
                        new BreakdownValue.Value(entry.getKey()),
                        entry.getValue().answer()));
            }
            if (top < ranked.size()) {
                Steps others = new Steps(all.steps);
                ranked.subList(top, ranked.size()).forEach(entry -> others.addAll(entry.getValue()));
                groups.add(new FunnelAnswer.Group(new BreakdownValue.Other(), others.answer()));
            }
            if (absent != null) {
                groups.add(new FunnelAnswer.Group(new BreakdownValue.None(), absent.answer()));
            }
        }
        return new FunnelAnswer(
                question,
                all.answer(),
                groups,
                Arrays.stream(overTime)
                        .map(counts -> Arrays.stream(counts).boxed().toList())
                        .toList());
    }

    /** How many got to each step, and how long that took each of them. */
    private static final class Steps {
        private final int steps;
        private final int[] counts;
        private final long[][] took;

        Steps(int steps) {
            this.steps = steps;
            this.counts = new int[steps];
            this.took = new long[steps][4];
        }

        void add(FunnelCounter.Attempt attempt) {
            List<Long> times = attempt.times();
            for (int step = 0; step < times.size(); step++) {
                put(step, step == 0 ? 0 : times.get(step) - times.get(step - 1));
            }
        }

        void addAll(Steps other) {
            for (int step = 0; step < steps; step++) {
                for (int i = 0; i < other.counts[step]; i++) {
                    put(step, step == 0 ? 0 : other.took[step][i]);
                }
            }
        }

        private void put(int step, long millis) {
            if (step > 0) {
                if (counts[step] == took[step].length) {
                    took[step] = Arrays.copyOf(took[step], counts[step] * 2);
                }
                took[step][counts[step]] = millis;
            }
            counts[step]++;
        }

        List<FunnelAnswer.Step> answer() {
            List<FunnelAnswer.Step> answer = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                answer.add(new FunnelAnswer.Step(counts[step], step == 0 || counts[step] == 0 ? null : seconds(step)));
            }
            return answer;
        }

        private FunnelAnswer.Seconds seconds(int step) {
            long[] sorted = Arrays.copyOf(took[step], counts[step]);
            Arrays.sort(sorted);
            return new FunnelAnswer.Seconds(
                    quantile(sorted, MEDIAN) / MILLIS_PER_SECOND,
                    (double) Arrays.stream(sorted).sum() / counts[step] / MILLIS_PER_SECOND,
                    quantile(sorted, P90) / MILLIS_PER_SECOND);
        }

        /** Between the two that it lies between, in proportion. */
        private static double quantile(long[] sorted, double share) {
            double place = share * (sorted.length - 1);
            int below = (int) place;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
        }
    }
}
