package dev.tidemark.query;

import java.util.Comparator;
import java.util.List;
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

    /** By a number, then by texts. */
    static <T> Comparator<T> of(
            Function<T, @Nullable Double> number, Function<T, List<@Nullable String>> texts, boolean descending) {
        Comparator<@Nullable Double> numbers = Comparator.nullsLast(
                descending ? Comparator.<Double>reverseOrder() : Comparator.<Double>naturalOrder());
        return (left, right) -> {
            int order = numbers.compare(number.apply(left), number.apply(right));
            return order != 0 ? order : compare(texts.apply(left), texts.apply(right));
        };
    }

    /** The rows of a table. */
    static Comparator<TableAnswer.Row> of(TableQuestion.Sort sort) {
        if (sort.byMeasure()) {
            return of(row -> row.values().get(sort.index()), FoldOrder::texts, sort.descending());
        }
        Comparator<@Nullable String> column = Comparator.nullsLast(sort.descending() ? BY_BYTES.reversed() : BY_BYTES);
        return (left, right) -> {
            int order =
                    column.compare(texts(left).get(sort.index()), texts(right).get(sort.index()));
            return order != 0 ? order : compare(texts(left), texts(right));
        };
    }

    private static List<@Nullable String> texts(TableAnswer.Row row) {
        return row.breakdown().stream()
                .<@Nullable String>map(value -> value instanceof BreakdownValue.Value(String text) ? text : null)
                .toList();
    }

    private static int compare(List<@Nullable String> left, List<@Nullable String> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = TEXTS.compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
