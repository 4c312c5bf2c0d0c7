package dev.tidemark.query;

import java.util.ArrayList;
import java.util.List;

/**
 * A range that an answer is about, and where the answer cuts it.
 *
 * @param edges Unix milliseconds, ascending, from the range's start to its end
 */
record FoldWindow(List<Long> edges) {
    FoldWindow {
        edges = List.copyOf(edges);
    }

    /** A range as a whole. */
    static FoldWindow of(TimeRange range) {
        return new FoldWindow(List.of(range.startMillis(), range.endMillis()));
    }

    /** The buckets of a range, with what of them lies in it. */
    static FoldWindow of(Buckets buckets) {
        long start = buckets.range().startMillis();
        long end = buckets.range().endMillis();
        List<Long> edges = new ArrayList<>();
        for (long edge : buckets.edges()) {
            edges.add(Math.clamp(edge, start, end));
        }
        return new FoldWindow(edges);
    }

    long start() {
        return edges.getFirst();
    }

    long end() {
        return edges.getLast();
    }
}
