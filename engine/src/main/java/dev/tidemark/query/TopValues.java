package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The values of a breakdown that get lines of their own, best first. Each has a slot: its place among them in the order of their
 * texts, so that the same values have the same slots whatever their ranks. Values travel as 64-bit hashes, because they can be
 * long and many.
 */
record TopValues(List<Value> ranked) {
    static final int TOTAL = -2;
    static final int NONE = -1;
    static final TopValues OF_NO_BREAKDOWN = new TopValues(List.of());

    TopValues {
        ranked = List.copyOf(ranked);
    }

    /** A value's text and its hash. */
    record Value(String text, long hash) {}

    int other() {
        return ranked.size();
    }

    /** The slots of the values, best first. */
    List<Integer> slots() {
        List<String> texts = texts();
        return ranked.stream().map(value -> texts.indexOf(value.text)).toList();
    }

    /** In the order of their slots. */
    List<String> texts() {
        return inSlots().stream().map(Value::text).toList();
    }

    String slot(PropertyColumns property, Parameters parameters) {
        String other = "toInt64(" + other() + ")";
        if (ranked.isEmpty()) {
            return "if(" + property.present() + ", " + other + ", toInt64(" + NONE + "))";
        }
        List<Long> hashes = inSlots().stream().map(Value::hash).toList();
        List<Long> slots = LongStream.range(0, ranked.size()).boxed().toList();
        return "if(" + property.present() + ", transform(" + property.hash() + ", " + parameters.integers(hashes) + ", "
                + parameters.integers(slots) + ", " + other + "), toInt64(" + NONE + "))";
    }

    private List<Value> inSlots() {
        List<Value> sorted = new ArrayList<>(ranked);
        sorted.sort(Comparator.comparing(Value::text));
        return sorted;
    }
}
