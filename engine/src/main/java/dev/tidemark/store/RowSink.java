package dev.tidemark.store;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of a result one by one, in order. It may block: the engine then waits too, as long as the statement may run. Called by one thread.
 */
public interface RowSink {
    /** The names of the columns, before the first row. */
    void columns(List<String> names) throws IOException;

    /** One row, of the same values as in {@link Rows}. */
    void row(List<@Nullable Object> values) throws IOException;
}
