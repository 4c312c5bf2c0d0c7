package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/**
 * Small numbers for the values of a property, so that an event's value fits into a few bits. Those that most events have get one of
 * their own, in the order of the bytes of their texts; all others share one, and absence has one.
 */
record ValueIds(List<String> texts, List<Long> hashes) {
    /** How many values are told apart. */
    static final int MAX = 1_000;

    /** How many bits a number needs. */
    static final int BITS = 16;

    ValueIds {
        texts = List.copyOf(texts);
        hashes = List.copyOf(hashes);
    }

    /** The values of some events that are told apart. */
    static Select select(Select.Builder events, Property property) {
        PropertyColumns columns = PropertyColumns.of(property, events.parameters());
        Select most = events.where(columns.present())
                .column(columns.text(), "text")
                .groupBy("text")
                .orderBy("count() DESC")
                .orderBy("text")
                .limit(MAX, 0)
                .build();
        return Select.from(most)
                .column("text", "text")
                .column(PropertyColumns.hash("text"), "hash")
                .orderBy("text")
                .build();
    }

    static ValueIds of(Rows rows) {
        List<String> texts = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.textAt(row, 0));
            hashes.add(rows.longAt(row, 1));
        }
        return new ValueIds(texts, hashes);
    }

    int other() {
        return texts.size();
    }

    int none() {
        return texts.size() + 1;
    }

    /** The number of an event's value, an SQL expression. */
    String id(Property property, Parameters parameters) {
        PropertyColumns columns = PropertyColumns.of(property, parameters);
        String present = texts.isEmpty()
                ? "toInt64(" + other() + ")"
                : "transform(" + columns.hash() + ", " + parameters.integers(hashes)
                        + ", "
                        + parameters.integers(
                                LongStream.range(0, texts.size()).boxed().toList())
                        + ", toInt64(" + other() + "))";
        return "toUInt16(if(" + columns.present() + ", " + present + ", toInt64(" + none() + ")))";
    }

    /**
     * The same of a column that is empty where the value is absent, in fewer steps; for values with short texts.
     *
     * @param more added to the numbers of some texts
     */
    String idOfText(String column, ToIntFunction<String> more, Parameters parameters) {
        List<String> from = new ArrayList<>(texts);
        List<Long> to = new ArrayList<>();
        for (int id = 0; id < texts.size(); id++) {
            to.add((long) id + more.applyAsInt(texts.get(id)));
        }
        from.add("");
        to.add((long) none());
        return "toUInt32(transform(" + column + ", " + parameters.texts(from) + ", " + parameters.integers(to) + ", "
                + other() + "))";
    }

    /** The number of a value; -1 for one that is not told apart by its text. */
    int idOf(BreakdownValue value) {
        return switch (value) {
            case BreakdownValue.Value one -> texts.indexOf(one.text());
            case BreakdownValue.Other _ -> other();
            case BreakdownValue.None _ -> none();
        };
    }

    /**
     * Whether a number is of a value as it is shown, an SQL condition.
     *
     * @param named the values that are shown by their own names, where all others are meant
     */
    String is(String id, BreakdownValue value, List<String> named) {
        if (value instanceof BreakdownValue.Other) {
            List<String> apart = new ArrayList<>(List.of(Integer.toString(none())));
            named.stream().map(texts::indexOf).filter(at -> at >= 0).forEach(at -> apart.add(Integer.toString(at)));
            return id + " NOT IN (" + String.join(", ", apart) + ")";
        }
        int number = idOf(value);
        return number < 0 ? "false" : id + " = " + number;
    }

    /** The order of the texts. */
    static <T> Comparator<T> byText(Function<T, String> text) {
        return Comparator.comparing(
                value -> text.apply(value).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
    }

    BreakdownValue value(int id) {
        if (id == none()) {
            return new BreakdownValue.None();
        }
        return id == other() ? new BreakdownValue.Other() : new BreakdownValue.Value(texts.get(id));
    }
}
