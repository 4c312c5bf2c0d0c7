package dev.tidemark.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One column of a {@link NativeBlock} with its values so far. Rows are added a run at a time, so that the rows of a run are
 * still in the processor's cache when the next column comes to them. Not thread-safe.
 *
 * @param <R> what a row is made of
 */
abstract sealed class NativeColumn<R> {
    private final String name;
    private final String type;

    private NativeColumn(String name, String type) {
        this.name = name;
        this.type = type;
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    abstract void add(List<R> run);

    /** The data as the format has it, after the column's name and type. */
    abstract void writeTo(ByteSink sink);

    /** One value a row, one after another, in whatever form the type has. */
    static final class Plain<R> extends NativeColumn<R> {
        private final ValueWriter<R> writer;
        private final ByteSink data;

        Plain(String name, String type, int expectedBytes, ValueWriter<R> writer) {
            super(name, type);
            this.writer = writer;
            this.data = new ByteSink(expectedBytes);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                writer.write(data, row);
            }
        }

        @Override
        void writeTo(ByteSink sink) {
            sink.putAll(data);
        }
    }

    /** Texts that repeat over the rows: a dictionary and an index a row. */
    static final class RepeatedTexts<R> extends NativeColumn<R> {
        private final Function<R, String> value;
        private final TextDictionary dictionary;

        RepeatedTexts(String name, int rows, Function<R, String> value) {
            super(name, "LowCardinality(String)");
            this.value = value;
            this.dictionary = new TextDictionary(rows);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                dictionary.add(value.apply(row));
            }
        }

        @Override
        void writeTo(ByteSink sink) {
            TextDictionary.writeVersion(sink);
            dictionary.writeTo(sink);
        }
    }

    /**
     * A map is an array of pairs: the ends of the rows' arrays, all keys, all values. Keys are in order within a row.
     *
     * @param <V> the values' type
     */
    static final class Maps<R, V> extends NativeColumn<R> {
        private final Function<R, Map<String, V>> value;
        private final ValueWriter<V> writer;
        private final ByteSink ends;
        private final TextDictionary keys;
        private final ByteSink values;
        private String[] sortedKeys = new String[16];
        private long end;

        Maps(String name, String type, int rows, Function<R, Map<String, V>> value, ValueWriter<V> writer) {
            super(name, "Map(LowCardinality(String), " + type + ")");
            this.value = value;
            this.writer = writer;
            this.ends = new ByteSink(rows * Long.BYTES);
            this.keys = new TextDictionary(rows * 2);
            this.values = new ByteSink(rows * 16);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                Map<String, V> map = value.apply(row);
                if (!map.isEmpty()) {
                    int count = sortKeys(map);
                    for (int i = 0; i < count; i++) {
                        keys.add(sortedKeys[i]);
                        writer.write(values, Objects.requireNonNull(map.get(sortedKeys[i])));
                    }
                    end += count;
                }
                ends.putLong(end);
            }
        }

        @Override
        void writeTo(ByteSink sink) {
            TextDictionary.writeVersion(sink);
            sink.putAll(ends);
            keys.writeTo(sink);
            sink.putAll(values);
        }

        private int sortKeys(Map<String, V> map) {
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
    }

    /**
     * Appends one value.
     *
     * @param <V> what it is, or is taken from
     */
    interface ValueWriter<V> {
        void write(ByteSink sink, V value);
    }
}
