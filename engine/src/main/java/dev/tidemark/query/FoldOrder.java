package dev.tidemark.query;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The order in which the engine puts values: absent ones last, texts by their bytes. */
final class FoldOrder {
    /** By the bytes of UTF-8, which is by code points; those past the first 65,536 are in UTF-16 written with lower ones. */
    static final Comparator<String> BY_BYTES = (left, right) -> {
        int shorter = Math.min(left.length(), right.length());
        for (int i = 0; i < shorter; i++) {
            char one = left.charAt(i);
            char other = right.charAt(i);
            if (one != other) {
                boolean apart = Character.isSurrogate(one) != Character.isSurrogate(other);
                return apart && Math.min(one, other) >= Character.MIN_SURROGATE
                        ? Boolean.compare(Character.isSurrogate(one), Character.isSurrogate(other))
                        : Character.compare(one, other);
            }
        }
        return Integer.compare(left.length(), right.length());
    };

    private static final Comparator<@Nullable String> TEXTS = Comparator.nullsLast(BY_BYTES);

    private FoldOrder() {}

    /** By a number, the greatest first, then by a text. */
    static <T> Comparator<T> of(Function<T, @Nullable Double> number, Function<T, String> text) {
        Comparator<@Nullable Double> numbers = Comparator.nullsLast(Comparator.<Double>reverseOrder());
        return (left, right) -> {
            int order = numbers.compare(number.apply(left), number.apply(right));
            return order != 0 ? order : BY_BYTES.compare(text.apply(left), text.apply(right));
        };
    }

    /** The rows of a table. */
    static Comparator<TableAnswer.Row> of(TableQuestion.Sort sort) {
        if (sort.byMeasure()) {
            Comparator<@Nullable Double> numbers = Comparator.nullsLast(
                    sort.descending() ? Comparator.<Double>reverseOrder() : Comparator.<Double>naturalOrder());
            return (left, right) -> {
                int order = numbers.compare(
                        left.values().get(sort.index()), right.values().get(sort.index()));
                return order != 0 ? order : compareTexts(left, right);
            };
        }
        Comparator<@Nullable String> column = Comparator.nullsLast(sort.descending() ? BY_BYTES.reversed() : BY_BYTES);
        return (left, right) -> {
            int order = column.compare(
                    text(left.breakdown().get(sort.index())),
                    text(right.breakdown().get(sort.index())));
            return order != 0 ? order : compareTexts(left, right);
        };
    }

    private static int compareTexts(TableAnswer.Row left, TableAnswer.Row right) {
        for (int i = 0; i < left.breakdown().size(); i++) {
            int order = TEXTS.compare(
                    text(left.breakdown().get(i)), text(right.breakdown().get(i)));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static @Nullable String text(BreakdownValue value) {
        return value instanceof BreakdownValue.Value(String text) ? text : null;
    }

    /** The first so many, in order; where those are few, without putting all in order. */
    static <T> List<T> first(List<T> all, int count, Comparator<T> order) {
        if (all.size() / 4 < count) {
            return all.stream().sorted(order).limit(count).toList();
        }
        PriorityQueue<T> best = new PriorityQueue<>(count + 1, order.reversed());
        for (T each : all) {
            if (best.size() < count) {
                best.add(each);
            } else if (order.compare(each, best.element()) < 0) {
                best.remove();
                best.add(each);
            }
        }
        return best.stream().sorted(order).toList();
    }
}
