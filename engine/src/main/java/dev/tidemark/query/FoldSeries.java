package dev.tidemark.query;

import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cells by the start of their slice of time, and those of spans of several slices that were asked for. Not thread-safe. */
final class FoldSeries {
    private final FoldCell.Shape shape;
    private long[] starts = new long[2];
    private FoldCell[] cells = new FoldCell[2];
    private int size;
    private final List<Kept> kept = new ArrayList<>(0);

    FoldSeries(FoldCell.Shape shape) {
        this.shape = shape;
    }

    /** What is in all slices of a span, kept right as those are. */
    private record Kept(FoldSpan span, FoldCell cell) {}

    /** Adds an event to the cell of its slice. */
    void add(long slice, StoredEvent event, long lookers) {
        at(slice).add(event, lookers);
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).span.holds(slice)) {
                kept.get(i).cell.add(event, lookers);
            }
        }
    }

    /** Adds what a cell has counted to that of a slice; before anything is asked for. */
    void addAll(long slice, FoldCell cell) {
        at(slice).addAll(cell);
    }

    private FoldCell at(long start) {
        if (size > 0 && starts[size - 1] == start) {
            return cells[size - 1];
        }
        int found = Arrays.binarySearch(starts, 0, size, start);
        if (found >= 0) {
            return cells[found];
        }
        int place = -found - 1;
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            cells = Arrays.copyOf(cells, size * 2);
        }
        System.arraycopy(starts, place, starts, place + 1, size - place);
        System.arraycopy(cells, place, cells, place + 1, size - place);
        starts[place] = start;
        cells[place] = FoldCell.empty(shape);
        size++;
        return cells[place];
    }

    int size() {
        return size;
    }

    /** What is in the slices of a span, not to be changed; null for nothing. */
    @Nullable
    FoldCell over(FoldSpan span) {
        int from = firstFrom(span.start());
        int to = firstFrom(span.end());
        if (to - from <= 1) {
            return to > from ? cells[from] : null;
        }
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).span.equals(span)) {
                return kept.get(i).cell;
            }
        }
        FoldCell merged = FoldCell.empty(shape);
        for (int i = from; i < to; i++) {
            merged.addAll(cells[i]);
        }
        kept.add(new Kept(span, merged));
        return merged;
    }

    /** Whether a span has anything in it. */
    boolean has(FoldSpan span) {
        return firstFrom(span.end()) > firstFrom(span.start());
    }

    /** Drops what is not covered any more, and puts together what has become one slice. */
    void moveTo(FoldCut cut) {
        long[] oldStarts = starts;
        FoldCell[] oldCells = cells;
        int old = size;
        starts = new long[Math.max(2, old)];
        cells = new FoldCell[Math.max(2, old)];
        size = 0;
        kept.clear();
        for (int i = 0; i < old; i++) {
            long start = cut.sliceOf(oldStarts[i]);
            if (start < 0) {
                continue;
            }
            if (size > 0 && starts[size - 1] == start) {
                cells[size - 1].addAll(oldCells[i]);
            } else {
                starts[size] = start;
                cells[size++] = oldCells[i];
            }
        }
    }

    long bytes() {
        long sum = 96 + 12L * starts.length;
        for (int i = 0; i < size; i++) {
            sum += cells[i].bytes();
        }
        for (Kept each : kept) {
            sum += 64 + each.cell.bytes();
        }
        return sum;
    }

    private int firstFrom(long start) {
        int found = Arrays.binarySearch(starts, 0, size, start);
        return found >= 0 ? found : -found - 1;
    }
}
