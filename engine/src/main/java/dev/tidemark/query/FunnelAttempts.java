package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a funnel in SQL, one row each: {@code unit}, {@code level} (the steps that count), and {@code s1}, {@code s2}, ...
 * (when each step was done, Unix milliseconds; beyond the level meaningless).
 *
 * <p>For every position of the sorted words, arrays say when each step would next be done by an attempt that begins there: the times
 * of the last step are filled backwards, picked at the events of the step before, filled backwards again, and so on to the first.
 * The exclusions that follow a step are carried to the first step in the same way. All of it is linear in the events, per step.
 */
final class FunnelAttempts {
    /** Later than every event. */
    private static final long NEVER = 1L << 60;

    private final FunnelQuestion question;
    private final Parameters parameters;
    private final int steps;
    private final boolean overlapping;
    private final FunnelOverlaps overlaps;

    FunnelAttempts(FunnelQuestion question, Parameters parameters) {
        this.question = question;
        this.parameters = parameters;
        this.steps = question.steps().size();
        this.overlapping = !question.hasDisjointSteps();
        this.overlaps = new FunnelOverlaps(steps);
    }

    /** The attempts that count. With {@link FunnelEvents.Part#VALUES} also {@code absent} and {@code text} of the breakdown. */
    Select.Builder select(List<FunnelEvents.Part> parts) {
        Select positions = positions(parts, null);
        Select.Builder chosen = Select.from(positions).column("unit", "unit");
        carry(chosen, parts);
        String index;
        switch (question.counting()) {
            case USERS, SESSIONS -> {
                index = question.entry() == FunnelQuestion.Entry.FIRST_ENTRY
                        ? "arrayFirstIndex(l -> l > 0, levels)"
                        : "indexOf(levels, arrayMax(levels))";
                chosen.column(index, "at")
                        .column("levels[at]", "level")
                        .column("bitShiftRight(words[at], " + FunnelEvents.TIME_SHIFT + ")", "s1");
                for (int step = 2; step <= steps; step++) {
                    chosen.column("t" + step + "[at]", "s" + step);
                }
            }
            case TOTALS -> {
                chosen.column("arrayJoin(" + oneAfterAnother(true) + ")", "attempt")
                        .column("tupleElement(attempt, 1)", "level");
                for (int step = 1; step <= steps; step++) {
                    chosen.column("tupleElement(attempt, " + (step + 1) + ")", "s" + step);
                }
            }
        }
        FunnelQuestion.Split split = question.split();
        Select.Builder attempts =
                Select.from(chosen.build()).column("unit", "unit").column("level", "level");
        for (int step = 1; step <= steps; step++) {
            attempts.column("s" + step, "s" + step);
        }
        if (parts.contains(FunnelEvents.Part.PERSON)) {
            attempts.column("who", "who");
        }
        if (parts.contains(FunnelEvents.Part.VALUES) && split != null) {
            attempts.column(value(split), "val")
                    .column("tupleElement(val, 1)", "absent")
                    .column("tupleElement(val, 2)", "text");
        }
        return attempts;
    }

    /** One row for each unit (or attempt) and bucket that it entered in: {@code bucket}, where that starts, and {@code level}. */
    Select byBucket(Buckets buckets) {
        Select positions = positions(List.of(), buckets);
        boolean totals = question.counting() == FunnelQuestion.Counting.TOTALS;
        String entries = totals
                ? oneAfterAnother(false)
                : "arrayFilter(e -> tupleElement(e, 1) > 0, arrayZip(levels, buckets, arrayEnumerate(levels)))";
        Select.Builder each = Select.from(positions)
                .column("unit", "unit")
                .column("arrayJoin(" + entries + ")", "attempt")
                .column("tupleElement(attempt, 1)", "reached")
                .column("tupleElement(attempt, 2)", "bucket");
        if (totals) {
            return Select.from(each.build())
                    .column("bucket", "bucket")
                    .column("reached", "level")
                    .build();
        }
        if (question.entry() == FunnelQuestion.Entry.FIRST_ENTRY) {
            each.column("tupleElement(attempt, 3)", "entered");
        }
        return Select.from(each.build())
                .column("unit", "unit")
                .column("bucket", "bucket")
                .column(
                        question.entry() == FunnelQuestion.Entry.FIRST_ENTRY
                                ? "argMin(reached, entered)"
                                : "max(reached)",
                        "level")
                .groupBy("unit")
                .groupBy("bucket")
                .build();
    }

    private void carry(Select.Builder select, List<FunnelEvents.Part> parts) {
        if (parts.contains(FunnelEvents.Part.VALUES) && question.split() != null) {
            select.column("vals", "vals");
        }
        if (parts.contains(FunnelEvents.Part.PERSON)) {
            select.column("who", "who");
        }
    }

    /** The least value of the events of that millisecond that match the step; present ones before absent ones. */
    private String value(FunnelQuestion.Split split) {
        String step = switch (split.at()) {
            case FunnelQuestion.Split.At.Step at -> Integer.toString(at.number());
            case FunnelQuestion.Split.At.Last _ -> "level";
        };
        String times = "[" + String.join(", ", names("s", 1)) + "]";
        String matches = question.inAnyOrder()
                ? "tupleElement(e, 2) != 0"
                : "bitTest(tupleElement(e, 2), toUInt8(" + step + " - 1))";
        String of =
                "arraySort(arrayMap(e -> (tupleElement(e, 3), tupleElement(e, 4)), arrayFilter(e -> tupleElement(e, 1) = "
                        + times + "[" + step + "] AND " + matches + ", vals)))[1]";
        return "if(level < " + step + ", (toUInt8(1), ''), " + of + ")";
    }

    /** The units with arrays by position: {@code levels} (0 where no attempt begins), {@code t2}, ..., {@code next}, {@code buckets}. */
    private Select positions(List<FunnelEvents.Part> parts, @Nullable Buckets buckets) {
        Select units = new FunnelEvents(question, parameters).byUnit(parts);
        if (overlapping && !question.inAnyOrder()) {
            Select.Builder sequence =
                    Select.from(units).column("unit", "unit").column(overlaps.inSequence("words"), "read");
            carry(sequence, parts);
            Select.Builder renamed =
                    Select.from(sequence.build()).column("unit", "unit").column("read", "words");
            carry(renamed, parts);
            units = renamed.build();
        }
        Select.Builder select = Select.from(units).column("unit", "unit").column("words", "words");
        carry(select, parts);
        if (question.inAnyOrder()) {
            timesInAnyOrder(select);
        } else {
            for (int step = 2; step <= steps; step++) {
                select.column(carried(filled(marked(step), true), step - 1), "t" + step);
            }
        }
        List<FunnelQuestion.Exclusion> exclusions = exclusions(select);
        levels(select, exclusions);
        if (buckets != null) {
            select.column("arrayMap(w -> " + bucket(buckets) + ", words)", "buckets");
        }
        return select.build();
    }

    private void timesInAnyOrder(Select.Builder select) {
        for (int step = 1; step <= steps; step++) {
            select.column("arrayReverseFill(x -> x < " + NEVER + ", " + marked(step) + ")", "n" + step);
        }
        String each = String.join(", ", names("n", 1));
        String params = String.join(", ", names("x", 1));
        String plain = "arrayMap((" + params + ") -> arraySort([" + params + "]), " + each + ")";
        select.column(
                overlapping
                        ? "if(" + overlaps.isPresent("words") + ", "
                                + overlaps.timesInAnyOrder("if(" + overlaps.isPresent("words") + ", words, [])", NEVER)
                                + ", " + plain + ")"
                        : plain,
                "times");
        for (int step = 2; step <= steps; step++) {
            select.column("arrayMap(ts -> ts[" + step + "], times)", "t" + step);
        }
    }

    /** Adds, for each exclusion, when it ends the attempt, as {@code k0}, {@code k1}, ... */
    private List<FunnelQuestion.Exclusion> exclusions(Select.Builder select) {
        List<FunnelQuestion.Exclusion> all = new ArrayList<>(question.exclusions());
        List<Integer> bits =
                new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
        if (question.order() == FunnelQuestion.Order.STRICT) {
            for (int step = 1; step < steps; step++) {
                all.add(new FunnelQuestion.Exclusion(Scope.EVERYTHING, step, step + 1));
                bits.add(FunnelEvents.STRICT_BIT);
            }
        }
        for (int i = 0; i < all.size(); i++) {
            FunnelQuestion.Exclusion exclusion = all.get(i);
            String following = question.inAnyOrder()
                    ? following(bits.get(i), exclusion.from())
                    : carried(filled(excluded(bits.get(i)), false), exclusion.from());
            // It counts only between the two steps and while the window lasts.
            select.column(
                    "arrayMap((w, x, t) -> if(x < t AND x <= " + limit("w") + ", x, " + NEVER + "), words, " + following
                            + ", t" + exclusion.to() + ")",
                    "k" + i);
        }
        return all;
    }

    /** In any order: by position, the first excluded event after the time at which so many steps are done. */
    private String following(int bit, int step) {
        String from =
                step == 1 ? "arrayMap(w -> bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + "), words)" : "t" + step;
        // Doubled times, odd for the askers, so that what is excluded at the same time stands before them.
        String both = "arraySort(arrayConcat(arrayMap(x -> x * 2 + 1, " + from
                + "), arrayMap(x -> x * 2, arrayFilter(x -> x < " + NEVER + ", " + excluded(bit) + "))))";
        String filled = "arrayReverseFill(x -> x < " + NEVER + ", arrayMap(x -> if(bitTest(x, 0), " + NEVER
                + ", intDiv(x, 2)), both))";
        return "arrayElement(arrayMap(both -> arrayFilter((f, x) -> bitTest(x, 0), " + filled + ", both), [" + both
                + "]), 1)";
    }

    private void levels(Select.Builder select, List<FunnelQuestion.Exclusion> exclusions) {
        StringBuilder done = new StringBuilder("toInt64(1)");
        names("t", 2)
                .forEach(time -> done.append(" + (")
                        .append(time)
                        .append("_ <= ")
                        .append(limit("w"))
                        .append(")"));
        String arrays = join("words", names("t", 2));
        String params = join("w", names("t", 2).stream().map(time -> time + "_").toList());
        String entry = "(" + (question.inAnyOrder() ? "bitTest(w, 20)" : isStep("w", 1)) + ") AND w < bitShiftLeft("
                + parameters.integer(question.range().endMillis()) + ", "
                + FunnelEvents.TIME_SHIFT + ")";
        String ended = "toInt64(" + NEVER + ")";
        if (!exclusions.isEmpty()) {
            List<String> kills =
                    IntStream.range(0, exclusions.size()).mapToObj(i -> "k" + i).toList();
            String kill = kills.size() == 1
                    ? "k0"
                    : "arrayMap((" + String.join(", ", params(kills)) + ") -> least(" + String.join(", ", params(kills))
                            + "), " + String.join(", ", kills) + ")";
            select.column(kill, "ended");
            List<String> back = new ArrayList<>(List.of("toInt64(" + steps + ")"));
            for (int i = 0; i < exclusions.size(); i++) {
                back.add("if(k" + i + "_ = ended_, toInt64(" + exclusions.get(i).from() + "), toInt64(" + steps + "))");
            }
            arrays += ", ended, " + String.join(", ", kills);
            params += ", ended_, " + String.join(", ", params(kills));
            ended = "ended_";
            done.insert(0, "if(ended_ < " + NEVER + ", least(" + String.join(", ", back) + "), ")
                    .append(")");
        }
        select.column(
                "arrayMap((" + params + ") -> if(" + entry + ", " + done + ", toInt64(0)), " + arrays + ")", "levels");
        if (question.counting() == FunnelQuestion.Counting.TOTALS) {
            String last = "t" + steps + "_";
            select.column(
                    "arrayMap((" + params + ") -> multiIf(" + ended + " < " + NEVER + ", " + ended + ", " + last
                            + " <= " + limit("w") + ", " + last + " + 1, " + limit("w") + " + 1), " + arrays + ")",
                    "next");
        }
    }

    /** The attempts of a unit one after another, each as its level and either its times or the bucket in which it began. */
    private String oneAfterAnother(boolean withTimes) {
        String time = "bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + ")";
        boolean once = question.entry() == FunnelQuestion.Entry.FIRST_ENTRY;
        String next = once ? "toInt64(" + NEVER + ")" : "nx";
        if (withTimes) {
            String tuple = "(l, " + join(time, params(names("t", 2))) + ")";
            String zeros = "(" + String.join(", ", Collections.nCopies(steps + 1, "toInt64(0)")) + ")";
            String typed = "arrayFilter(z -> 0, [" + zeros + "])";
            return "tupleElement(arrayFold((acc, l, w, nx, " + String.join(", ", params(names("t", 2)))
                    + ") -> if(l > 0 AND "
                    + time + " >= tupleElement(acc, 1), (" + next + ", arrayPushBack(tupleElement(acc, 2), " + tuple
                    + ")), acc), levels, words, next, " + String.join(", ", names("t", 2))
                    + ", (toInt64(0), " + typed + ")), 2)";
        }
        // Each bucket is a funnel of its own: what was begun in one does not keep from entering in the next.
        return "tupleElement(arrayFold((acc, l, w, nx, b) -> if(l > 0 AND (" + time
                + " >= tupleElement(acc, 1) OR b != tupleElement(acc, 3)), (" + next
                + ", arrayPushBack(tupleElement(acc, 2), (l, b)), b), acc), levels, words, next, buckets, "
                + "(toInt64(0), arrayFilter(z -> 0, [(toInt64(0), toInt64(0))]), toInt64(-1))), 2)";
    }

    private String bucket(Buckets buckets) {
        String time = "bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + ")";
        Long width = buckets.commonWidth();
        if (width == null) {
            return "roundDown(" + time + ", " + parameters.integers(buckets.edges()) + ")";
        }
        String first = parameters.integer(buckets.edges().getFirst());
        String step = parameters.integer(width);
        return first + " + intDiv(" + time + " - " + first + ", " + step + ") * " + step;
    }

    /** From values at events of a step, by position: those that follow from the first step on. */
    private String carried(String values, int step) {
        String carried = values;
        for (int at = step; at >= 2; at--) {
            carried = filled(
                    "arrayMap((w, x) -> if(" + isStep("w", at) + ", x, " + NEVER + "), words, " + carried + ")", true);
        }
        return carried;
    }

    /** By position, the next value; of steps that of a later position where an event could be its own next. */
    private String filled(String values, boolean ofSteps) {
        String filled = "arrayReverseFill(x -> x < " + NEVER + ", " + values + ")";
        return ofSteps && overlapping ? "arrayPushBack(arrayPopFront(" + filled + "), toInt64(" + NEVER + "))" : filled;
    }

    private String marked(int step) {
        return times(isStep("w", step));
    }

    private String excluded(int bit) {
        return times("NOT bitTest(w, 20) AND bitTest(w, " + bit + ")");
    }

    private static String times(String condition) {
        return "arrayMap(w -> if(" + condition + ", bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + "), " + NEVER
                + "), words)";
    }

    private String isStep(String word, int step) {
        long bit = 1L << (step - 1);
        if (!FunnelEvents.hasExclusions(question)) {
            return "bitTest(" + word + ", " + (step - 1) + ")";
        }
        long both = FunnelEvents.STEP_KIND | bit;
        return "bitAnd(" + word + ", " + both + ") = " + both;
    }

    private String limit(String word) {
        return "(bitShiftRight(" + word + ", " + FunnelEvents.TIME_SHIFT + ") + "
                + parameters.integer(question.window().toMillis()) + ")";
    }

    private List<String> names(String prefix, int from) {
        return IntStream.rangeClosed(from, steps)
                .mapToObj(step -> prefix + step)
                .toList();
    }

    private static List<String> params(List<String> names) {
        return names.stream().map(name -> name + "_").toList();
    }

    private static String join(String first, List<String> rest) {
        return first + ", " + String.join(", ", rest);
    }
}
