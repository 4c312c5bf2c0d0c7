package dev.tidemark.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement returned, in order. Values are {@code Long} (any integer, unsigned 64-bit as its two's complement),
 * {@code Double}, {@code String}, {@code Boolean} or null; the accessors convert between the two number types.
 *
 * @param totals the row over all groups, where the statement asked for it
 * @param unlimited how many rows there would be without the statement's limit
 * @param rowsRead how many rows the engine read for it
 * @param elapsedMillis how long the engine took
 */
public record Rows(
        List<String> columns,
        List<List<@Nullable Object>> values,
        @Nullable List<@Nullable Object> totals,
        long unlimited,
        long rowsRead,
        double elapsedMillis) {

    /** Values that no engine was asked for. */
    public static Rows of(List<String> columns, List<List<@Nullable Object>> values) {
        return new Rows(columns, values, null, values.size(), 0, 0);
    }

    /** The totals as the only row. */
    public Rows ofTotals() {
        return of(columns, totals == null ? List.of() : List.of(totals));
    }

    public int size() {
        return values.size();
    }

    public @Nullable Object value(int row, int column) {
        return values.get(row).get(column);
    }

    public long longAt(int row, int column) {
        return value(row, column) instanceof Number number ? number.longValue() : 0L;
    }

    /** Null where the value is absent or not a number. */
    public @Nullable Double doubleAt(int row, int column) {
        return value(row, column) instanceof Number number && !Double.isNaN(number.doubleValue())
                ? (Double) number.doubleValue()
                : null;
    }

    public String textAt(int row, int column) {
        Object value = value(row, column);
        return value == null ? "" : value.toString();
    }
}
