package dev.tidemark.query;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes flat rows in a format to a target, which it leaves open. For one thread. */
interface RowWriter {
    /** A column of flat rows. */
    record Column(String name, Kind kind) {}

    /** What a column holds, besides null. */
    enum Kind {
        TEXT,
        /** A {@code Double} or {@code Long}. */
        NUMBER,
        FLAG
    }

    /** Before the first row, once. */
    void columns(List<Column> columns) throws IOException;

    /** One value for each column. */
    void row(List<@Nullable Object> values) throws IOException;

    /** After the last row, once: what the format needs at its end. */
    void finish() throws IOException;
}
