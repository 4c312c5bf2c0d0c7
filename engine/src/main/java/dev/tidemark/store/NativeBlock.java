package dev.tidemark.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    /** Rows that all columns take in turn: few enough to stay in the cache of one core. */
    private static final int ROWS_A_RUN = 64;

    private static final int BYTES_A_VALUE = 32;

    private final List<R> rows;
    private final List<NativeColumn<R>> columns = new ArrayList<>();

    NativeBlock(List<R> rows) {
        this.rows = rows;
    }

    /** The names of the columns so far, in order. */
    List<String> columns() {
        return columns.stream().map(NativeColumn::name).toList();
    }

    void texts(String name, Function<R, String> value) {
        columns.add(new NativeColumn.Plain<>(
                name, "String", rows.size() * 16, (sink, row) -> sink.putText(value.apply(row))));
    }

    /** Texts that repeat over the rows. */
    void repeatedTexts(String name, Function<R, String> value) {
        columns.add(new NativeColumn.RepeatedTexts<>(name, rows.size(), value));
    }

    /** Any type of eight bytes. */
    void longs(String name, String type, ToLongFunction<R> value) {
        columns.add(new NativeColumn.Plain<>(
                name, type, rows.size() * Long.BYTES, (sink, row) -> sink.putLong(value.applyAsLong(row))));
    }

    /** Any type of two bytes. */
    void shorts(String name, String type, ToIntFunction<R> value) {
        columns.add(new NativeColumn.Plain<>(
                name, type, rows.size() * Short.BYTES, (sink, row) -> sink.putShort(value.applyAsInt(row))));
    }

    void textMaps(String name, Function<R, Map<String, String>> value) {
        columns.add(new NativeColumn.Maps<>(name, "String", rows.size(), value, ByteSink::putText));
    }

    void numberMaps(String name, Function<R, Map<String, Double>> value) {
        columns.add(new NativeColumn.Maps<>(name, "Float64", rows.size(), value, ByteSink::putDouble));
    }

    void booleanMaps(String name, Function<R, Map<String, Boolean>> value) {
        columns.add(
                new NativeColumn.Maps<>(name, "Bool", rows.size(), value, (sink, yes) -> sink.putByte(yes ? 1 : 0)));
    }

    /** Writes the finished block, column by column, so that it need not be in memory as a whole. Once. */
    void writeTo(OutputStream output) throws IOException {
        for (int from = 0; from < rows.size(); from += ROWS_A_RUN) {
            List<R> run = rows.subList(from, Math.min(rows.size(), from + ROWS_A_RUN));
            for (NativeColumn<R> column : columns) {
                column.add(run);
            }
        }
        ByteSink part = new ByteSink(rows.size() * BYTES_A_VALUE);
        part.putVarInt(columns.size());
        part.putVarInt(rows.size());
        for (NativeColumn<R> column : columns) {
            part.putText(column.name());
            part.putText(column.type());
            column.writeTo(part);
            output.write(part.array(), 0, part.size());
            part.clear();
        }
    }
}
