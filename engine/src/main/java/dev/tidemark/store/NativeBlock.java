package dev.tidemark.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * One block of the engine's Native format, as its HTTP interface reads it: the numbers of columns and rows as variable-length
 * integers, then for each column its name, its type and all of its values. Equal rows give equal bytes. Not thread-safe.
 *
 * @param <R> what a row is made of
 */
final class NativeBlock<R> {
    private static final int BYTES_PER_ROW_GUESS = 640;
    private static final int MOST_BYTES_GUESSED = 1 << 26;

    private final List<R> rows;
    private final ByteSink body;
    private final List<String> columns = new ArrayList<>();
    private String[] sortedKeys = new String[16];

    NativeBlock(List<R> rows) {
        this.rows = rows;
        this.body = new ByteSink(Math.min(rows.size() * BYTES_PER_ROW_GUESS, MOST_BYTES_GUESSED));
    }

    /** The names of the columns so far, in order. */
    List<String> columns() {
        return columns;
    }

    void texts(String name, Function<R, String> value) {
        begin(name, "String");
        for (R row : rows) {
            body.putText(value.apply(row));
        }
    }

    /** Texts that repeat over the rows: sent as a dictionary and an index a row. */
    void repeatedTexts(String name, Function<R, String> value) {
        begin(name, "LowCardinality(String)");
        TextDictionary dictionary = new TextDictionary(rows.size());
        for (R row : rows) {
            dictionary.add(value.apply(row));
        }
        TextDictionary.writeVersion(body);
        dictionary.writeTo(body);
    }

    /** Any type of eight bytes. */
    void longs(String name, String type, ToLongFunction<R> value) {
        begin(name, type);
        for (R row : rows) {
            body.putLong(value.applyAsLong(row));
        }
    }

    /** Any type of two bytes. */
    void shorts(String name, String type, ToIntFunction<R> value) {
        begin(name, type);
        for (R row : rows) {
            body.putShort(value.applyAsInt(row));
        }
    }

    void textMaps(String name, Function<R, Map<String, String>> value) {
        maps(name, "String", value, ByteSink::putText);
    }

    void numberMaps(String name, Function<R, Map<String, Double>> value) {
        maps(name, "Float64", value, ByteSink::putDouble);
    }

    void booleanMaps(String name, Function<R, Map<String, Boolean>> value) {
        maps(name, "Bool", value, (sink, yes) -> sink.putByte(yes ? 1 : 0));
    }

    /** The finished block. */
    ByteSink finish() {
        ByteSink block = new ByteSink(body.size() + 16);
        block.putVarInt(columns.size());
        block.putVarInt(rows.size());
        block.putAll(body);
        return block;
    }

    /** A map is an array of pairs: the ends of the rows' arrays, all keys, all values. Keys are in order within a row. */
    private <V> void maps(String name, String type, Function<R, Map<String, V>> value, ValueWriter<V> writer) {
        begin(name, "Map(LowCardinality(String), " + type + ")");
        TextDictionary keys = new TextDictionary(rows.size() * 4);
        ByteSink values = new ByteSink(rows.size() * 16);
        TextDictionary.writeVersion(body);
        long end = 0;
        for (R row : rows) {
            Map<String, V> map = value.apply(row);
            if (!map.isEmpty()) {
                int count = sortKeys(map);
                for (int i = 0; i < count; i++) {
                    keys.add(sortedKeys[i]);
                    writer.write(values, Objects.requireNonNull(map.get(sortedKeys[i])));
                }
                end += count;
            }
            body.putLong(end);
        }
        keys.writeTo(body);
        body.putAll(values);
    }

    private int sortKeys(Map<String, ?> map) {
        if (sortedKeys.length < map.size()) {
            sortedKeys = new String[map.size() * 2];
        }
        int count = 0;
        for (String key : map.keySet()) {
            sortedKeys[count++] = key;
        }
        Arrays.sort(sortedKeys, 0, count);
        return count;
    }

    private void begin(String name, String type) {
        columns.add(name);
        body.putText(name);
        body.putText(type);
    }

    /** Appends one value of a map. */
    private interface ValueWriter<V> {
        void write(ByteSink sink, V value);
    }
}
