package dev.tidemark.store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of one LowCardinality column, as the Native format has them: flags with the width of an index, the distinct
 * texts in the order of their first use, and an index a value. Not thread-safe.
 */
final class TextDictionary {
    private static final long VERSION = 1;
    private static final long HAS_OWN_KEYS = 1L << 9;
    private static final long REPLACES_DICTIONARY = 1L << 10;
    private static final int MOST_BYTE_INDEXES = 1 << 8;
    private static final int MOST_SHORT_INDEXES = 1 << 16;

    private final Map<String, Integer> indexes = new HashMap<>();
    private final ByteSink texts = new ByteSink(256);
    private int[] values;
    private int size;
    private String lastText = "";
    private int lastIndex = -1;

    TextDictionary(int expected) {
        this.values = new int[Math.max(16, expected)];
    }

    /** What stands once at the beginning of a column's data. */
    static void writeVersion(ByteSink sink) {
        sink.putLong(VERSION);
    }

    @SuppressWarnings("ReferenceEquality") // equal references spare the look-up; unequal ones are looked up
    void add(String text) {
        int index;
        if (lastIndex >= 0 && text == lastText) {
            index = lastIndex;
        } else {
            index = indexOf(text);
            lastText = text;
            lastIndex = index;
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = index;
    }

    /** Writes all values; nothing when there are none. */
    void writeTo(ByteSink sink) {
        if (size == 0) {
            return;
        }
        int distinct = indexes.size();
        int width = distinct <= MOST_BYTE_INDEXES ? 0 : distinct <= MOST_SHORT_INDEXES ? 1 : 2;
        sink.putLong(width | HAS_OWN_KEYS | REPLACES_DICTIONARY);
        sink.putLong(distinct);
        sink.putAll(texts);
        sink.putLong(size);
        for (int i = 0; i < size; i++) {
            switch (width) {
                case 0 -> sink.putByte(values[i]);
                case 1 -> sink.putShort(values[i]);
                default -> sink.putInt(values[i]);
            }
        }
    }

    private int indexOf(String text) {
        Integer known = indexes.get(text);
        if (known != null) {
            return known;
        }
        int index = indexes.size();
        indexes.put(text, index);
        texts.putText(text);
        return index;
    }
}
