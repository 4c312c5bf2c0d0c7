package dev.tidemark.query;

import dev.tidemark.store.EventStore;
import dev.tidemark.store.RowSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an export in CSV or JSON that is read whole from the store, through the places of streams, and then sent, so that its reader may take
 * its time. Pages are of about equally many bytes. For one thread.
 */
final class EventPage {
    private static final int FIRST_ROWS = 500;
    private static final int LEAST_ROWS = 100;
    private static final int MOST_ROWS = 50_000;
    private static final int BYTES = 4 << 20;

    private final EventStore store;
    private final Exports.Options options;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RowWriter csv;
    private EventSelection selection;
    private int size = FIRST_ROWS;

    EventPage(EventStore store, EventSelection selection, Exports.Options options) {
        this.store = store;
        this.selection = selection;
        this.options = options;
        this.csv = options.format().writer(bytes, options.keepFormulas());
    }

    /** How many rows the next page should have. */
    int size() {
        return size;
    }

    /** After the last event that was sent. */
    ExportCursor last() {
        return selection.cursor();
    }

    /** What stands before the first row. */
    void head(OutputStream target) throws IOException {
        if (options.format() == ExportFormat.CSV) {
            csv.columns(EventRow.columns());
        }
        flush(target);
    }

    /** Sends the next events of some days, at most so many; returns how many there were. */
    int send(TimeRange days, int most, OutputStream target) throws IOException {
        Sink sink = new Sink();
        store.stream(selection.tenant(), selection.within(days).rows(most), sink);
        if (sink.last != null) {
            selection = selection.after(sink.last);
            size = (int) Math.clamp((long) sink.count * BYTES / bytes.size(), LEAST_ROWS, MOST_ROWS);
        }
        flush(target);
        return sink.count;
    }

    private void flush(OutputStream target) throws IOException {
        bytes.writeTo(target);
        bytes.reset();
    }

    private final class Sink implements RowSink {
        private int count;
        private ExportCursor.@Nullable Place last;

        @Override
        public void columns(List<String> names) {}

        @Override
        public void row(List<@Nullable Object> values) throws IOException {
            EventRow event = new EventRow(values);
            ExportCursor.Place place = event.place();
            String cursor = selection.cursor().after(place).text();
            if (options.format() == ExportFormat.CSV) {
                csv.row(event.cells(cursor));
            } else {
                event.writeJson(bytes, cursor);
            }
            last = place;
            count++;
        }
    }
}
