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
    /** The cell that stands for all of the range. */
    static final long WHOLE = -1;
    /** How many events of a unit are looked at in any order where one can serve several steps. */
    private static final int MATCHED = 1_000;
    /** How many entries are walked in one piece. */
    private static final int PIECE = 256;
    /** Attempts times values of the breakdown that one unit may be looked up in; the attempts beyond do not count. */
    private static final long LOOKUPS = 4_000_000;
    /** More than the steps that a funnel can have. */
    private static final long LEVELS = 32;

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
        FunnelQuestion.Split split = question.split();
        Select.Builder attempts =
                Select.from(chosen(parts, null).build()).column("unit", "unit").column("level", "level");
        names("s", 1).forEach(time -> attempts.column(time, time));
        if (parts.contains(FunnelEvents.Part.PERSON)) {
            attempts.column("who", "who");
        }
        if (parts.contains(FunnelEvents.Part.VALUES) && split != null) {
            attempts.column(values(split), "present")
                    .column("empty(present)", "absent")
                    .column("present[1]", "text");
        }
        return attempts;
    }

    private Select.Builder chosen(List<FunnelEvents.Part> parts, @Nullable Buckets buckets) {
        Select.Builder chosen = Select.from(positions(parts, buckets)).column("unit", "unit");
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
                String attempts = oneAfterAnother(true);
                if (parts.contains(FunnelEvents.Part.VALUES) && question.split() != null) {
                    attempts = "arraySlice(" + attempts + ", 1, intDiv(" + LOOKUPS + ", length(marks) + 1) + 1)";
                }
                chosen.column("arrayJoin(" + attempts + ")", "attempt").column("tupleElement(attempt, 1)", "level");
                for (int step = 1; step <= steps; step++) {
                    chosen.column("tupleElement(attempt, " + (step + 1) + ")", "s" + step);
                }
            }
        }
        return chosen;
    }

    /** One row for each unit (or attempt) and bucket that it entered in: {@code cell}, of {@link #cell}. */
    Select byBucket(Buckets buckets) {
        Select.Builder cells = Select.from(positions(List.of(), buckets)).column("unit", "unit");
        if (question.counting() == FunnelQuestion.Counting.TOTALS) {
            return cells.column("arrayJoin(" + oneAfterAnother(false) + ")", "attempt")
                    .column(cell("tupleElement(attempt, 1)", "tupleElement(attempt, 2)"), "cell")
                    .build();
        }
        return cells.column("arrayJoin(" + cells(cells) + ")", "cell").build();
    }

    /**
     * The attempts of units that count, and the cells of the same units, in one: each row of {@link #select} with {@code cell}
     * {@link #WHOLE}, and one more for each bucket that the unit entered in.
     */
    Select withCells(Buckets buckets) {
        Select.Builder chosen = chosen(List.of(), buckets);
        Select.Builder each = Select.from(chosen.column(cells(chosen), "cells").build())
                .column("level", "level")
                .column("arrayJoin(arrayPushFront(cells, toInt64(" + WHOLE + ")))", "cell");
        names("s", 1).forEach(time -> each.column(time, time));
        return each.build();
    }

    /** A bucket's start and the level as one number that is the smaller, the deeper the level is. */
    private static String cell(String level, String bucket) {
        return bucket + " * " + LEVELS + " + " + (LEVELS - 1) + " - " + level;
    }

    static long bucketOf(long cell) {
        return cell / LEVELS;
    }

    static int levelOf(long cell) {
        return (int) (LEVELS - 1 - cell % LEVELS);
    }

    /** Of each bucket in which the unit has entries the cell of the deepest, or of the first where only that counts. */
    private String cells(Select.Builder select) {
        select.column(
                "arrayFilter(c -> c >= 0, arrayMap((l, b) -> if(l > 0, " + cell("l", "b")
                        + ", toInt64(-1)), levels, buckets))",
                "entries");
        boolean first = question.entry() == FunnelQuestion.Entry.FIRST_ENTRY;
        select.column(first ? "entries" : "arraySort(entries)", "ranked");
        return "arrayFilter((c, previous) -> intDiv(c, " + LEVELS + ") != intDiv(previous, " + LEVELS
                + "), ranked, arrayPushFront(arrayPopBack(ranked), toInt64(-" + LEVELS + ")))";
    }

    private void carry(Select.Builder select, List<FunnelEvents.Part> parts) {
        if (parts.contains(FunnelEvents.Part.VALUES) && question.split() != null) {
            select.column("marks", "marks").column("texts", "texts");
        }
        if (parts.contains(FunnelEvents.Part.PERSON)) {
            select.column("who", "who");
        }
    }

    /** The values that the events of that millisecond have which match the step, the least first. */
    private String values(FunnelQuestion.Split split) {
        String step = switch (split.at()) {
            case FunnelQuestion.Split.At.Step at -> Integer.toString(at.number());
            case FunnelQuestion.Split.At.Last _ -> "level";
        };
        String time = switch (split.at()) {
            case FunnelQuestion.Split.At.Step at -> "s" + at.number();
            case FunnelQuestion.Split.At.Last _ -> "[" + String.join(", ", names("s", 1)) + "][level]";
        };
        String matches = question.inAnyOrder() ? "" : " AND bitTest(mark, toUInt8(" + step + " - 1))";
        String present = "arrayFilter((txt, mark) -> bitShiftRight(mark, " + FunnelEvents.TIME_SHIFT + ") = " + time
                + " AND NOT bitTest(mark, " + FunnelEvents.KIND_BIT + ")" + matches + ", texts, marks)";
        return "if(level < " + step + ", [], arraySort(" + present + "))";
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
        // A matching for each event is quadratic; nobody does that many things that a funnel is about.
        String words = overlapping && question.inAnyOrder() ? "arraySlice(words, 1, " + MATCHED + ")" : "words";
        Select.Builder cut = Select.from(units).column("unit", "unit").column(words, "looked");
        carry(cut, parts);
        Select.Builder select = Select.from(cut.build()).column("unit", "unit").column("looked", "words");
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
        if (question.inAnyOrder()) {
            // Of the steps of one millisecond only the first begins an attempt, to which the others belong.
            select.column("arrayPushFront(arrayPopBack(words), toInt64(0))", "before");
            arrays += ", before";
            params += ", before_";
        }
        String entry = "("
                + (question.inAnyOrder()
                        ? "bitTest(w, 20) AND bitShiftRight(w, 20) != bitShiftRight(before_, 20)"
                        : isStep("w", 1))
                + ") AND w < bitShiftLeft("
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

    /**
     * The attempts of a unit one after another, each as its level and either its times or the bucket in which it began. Entries are
     * walked in pieces: each step of a fold copies what it has found so far, which for one piece is little.
     */
    private String oneAfterAnother(boolean withTimes) {
        List<String> kept = withTimes ? names("t", 2) : List.of("buckets");
        int width = kept.size() + 3;
        String entries = "arrayFilter(e -> tupleElement(e, 1) > 0, arrayMap((l, w, nx, "
                + String.join(", ", params(kept)) + ") -> (l, bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + "), nx, "
                + String.join(", ", params(kept)) + "), levels, words, next, " + String.join(", ", kept) + "))";
        String pieces = "arrayElement(arrayMap(es -> arraySplit((e, i) -> i % " + PIECE
                + " = 0, es, arrayEnumerate(es)), [" + entries + "]), 1)";
        boolean once = question.entry() == FunnelQuestion.Entry.FIRST_ENTRY;
        String next = once ? "toInt64(" + NEVER + ")" : "tupleElement(e, 3)";
        String free = "tupleElement(e, 2) >= tupleElement(acc, 1)";
        String zeros = String.join(", ", Collections.nCopies(withTimes ? steps + 1 : 2, "toInt64(0)"));
        String none = "arrayFilter(z -> 0, [(" + zeros + ")])";
        // Each bucket is a funnel of its own: what was begun in one does not keep from entering in the next.
        String begins = withTimes ? free : "(" + free + " OR tupleElement(e, 4) != tupleElement(acc, 3))";
        String found = withTimes
                ? "(tupleElement(e, 1), tupleElement(e, 2), "
                        + String.join(
                                ", ",
                                IntStream.rangeClosed(4, width)
                                        .mapToObj(i -> "tupleElement(e, " + i + ")")
                                        .toList())
                        + ")"
                : "(tupleElement(e, 1), tupleElement(e, 4))";
        String bucket = withTimes ? "toInt64(0)" : "tupleElement(e, 4)";
        String piece = "arrayFold((acc, e) -> if(" + begins + ", (" + next + ", arrayPushBack(tupleElement(acc, 2), "
                + found + "), " + bucket + "), acc), piece, (tupleElement(all, 1), " + none
                + ", tupleElement(all, 3)))";
        String joined = "arrayElement(arrayMap(p -> (tupleElement(p, 1), arrayConcat(tupleElement(all, 2), "
                + "tupleElement(p, 2)), tupleElement(p, 3)), [" + piece + "]), 1)";
        return "tupleElement(arrayFold((all, piece) -> " + joined + ", " + pieces + ", (toInt64(0), " + none
                + ", toInt64(-1))), 2)";
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
