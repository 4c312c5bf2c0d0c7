package dev.tidemark.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

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

    static final class Texts<R> extends NativeColumn<R> {
        private final Function<R, String> value;
        private final ByteSink data;

        Texts(String name, int rows, Function<R, String> value) {
            super(name, "String");
            this.value = value;
            this.data = new ByteSink(rows * 16);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                data.putText(value.apply(row));
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

    /** Any type of eight bytes. */
    static final class Longs<R> extends NativeColumn<R> {
        private final ToLongFunction<R> value;
        private final ByteSink data;

        Longs(String name, String type, int rows, ToLongFunction<R> value) {
            super(name, type);
            this.value = value;
            this.data = new ByteSink(rows * Long.BYTES);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                data.putLong(value.applyAsLong(row));
            }
        }

        @Override
        void writeTo(ByteSink sink) {
            sink.putAll(data);
        }
    }

    /** Any type of two bytes. */
    static final class Shorts<R> extends NativeColumn<R> {
        private final ToIntFunction<R> value;
        private final ByteSink data;

        Shorts(String name, String type, int rows, ToIntFunction<R> value) {
            super(name, type);
            this.value = value;
            this.data = new ByteSink(rows * Short.BYTES);
        }

        @Override
        void add(List<R> run) {
            for (R row : run) {
                data.putShort(value.applyAsInt(row));
            }
        }

        @Override
        void writeTo(ByteSink sink) {
            sink.putAll(data);
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
     * Appends one value of a map.
     *
     * @param <V> the value's type
     */
    interface ValueWriter<V> {
        void write(ByteSink sink, V value);
    }
}
