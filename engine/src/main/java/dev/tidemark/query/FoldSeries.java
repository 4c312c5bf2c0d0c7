package dev.tidemark.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cells by the start of their slice of time, and one over a window of several slices. Not thread-safe. */
final class FoldSeries {
    private long[] starts = new long[2];
    private FoldCell[] cells = new FoldCell[2];
    private int size;
    private @Nullable FoldCell whole;

    /** The cell of a slice, made where there is none yet. */
    FoldCell at(long start, FoldCell.Shape shape) {
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
    FoldCell between(long start, long end, FoldCell.Shape shape) {
        int from = firstFrom(start);
        int to = firstFrom(end);
        if (to - from <= 1) {
            return to > from ? cells[from] : null;
        }
        FoldCell merged = FoldCell.empty(shape);
        for (int i = from; i < to; i++) {
            merged.addAll(cells[i]);
        }
        return merged;
    }

    /** The same of a window that is asked for again and again. */
    @Nullable
    FoldCell over(FoldWindow window, FoldCell.Shape shape) {
        FoldCell known = whole;
        if (known != null) {
            return known;
        }
        FoldCell merged = between(window.start(), window.end(), shape);
        if (firstFrom(window.end()) - firstFrom(window.start()) > 1) {
            whole = merged;
        }
        return merged;
    }

    /** The cell over the window; null while that is one slice or was not asked for. */
    @Nullable
    FoldCell whole() {
        return whole;
    }

    /** Whether a span has anything in it. */
    boolean has(long start, long end) {
        return firstFrom(end) > firstFrom(start);
    }

    /** Drops what is not covered any more, and puts together what has become one slice. */
    void moveTo(FoldCut cut, FoldCell.Shape shape) {
        long[] oldStarts = starts;
        FoldCell[] oldCells = cells;
        int old = size;
        starts = new long[Math.max(2, old)];
        cells = new FoldCell[Math.max(2, old)];
        size = 0;
        whole = null;
        for (int i = 0; i < old; i++) {
            long start = cut.sliceOf(oldStarts[i]);
            if (start < 0) {
                continue;
            }
            if (size > 0 && starts[size - 1] == start) {
                // Only cells past the end of the window are put together, and those are nobody else's.
                cells[size - 1].addAll(oldCells[i]);
            } else {
                starts[size] = start;
                cells[size++] = oldCells[i];
            }
        }
    }

    int bytes() {
        FoldCell known = whole;
        int sum = 64 + 16 * starts.length + (known == null ? 0 : known.bytes());
        for (int i = 0; i < size; i++) {
            sum += cells[i].bytes();
        }
        return sum;
    }

    private int firstFrom(long start) {
        int found = Arrays.binarySearch(starts, 0, size, start);
        return found >= 0 ? found : -found - 1;
    }
}
