package dev.tidemark.query;

import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one family of a question's measures has counted: by slice of time, and by the values of the question's breakdowns. Not
 * thread-safe.
 */
final class FoldPart {
    private final FoldCell.Shape shape;
    private final List<Property> keys;
    private final FoldSeries totals;
    private final Map<List<@Nullable String>, FoldSeries> groups = new HashMap<>();
    private FoldCut cut;
    private int cells;

    FoldPart(FoldCell.Shape shape, List<Property> keys, FoldCut cut) {
        this.shape = shape;
        this.keys = keys;
        this.cut = cut;
        this.totals = new FoldSeries(shape);
    }

    FoldCell.Shape shape() {
        return shape;
    }

    FoldCut cut() {
        return cut;
    }

    FoldSeries totals() {
        return totals;
    }

    /** By the texts of the breakdowns' values; null for an absent one. */
    Map<List<@Nullable String>, FoldSeries> groups() {
        return groups;
    }

    /** About how many cells it has. */
    int cells() {
        return cells;
    }

    /** Takes a row of {@link FoldSnapshot#cells} in. */
    void read(Rows rows, int row) {
        long slice = cut.sliceOf(rows.longAt(row, 0));
        FoldCell cell = FoldCell.read(shape, rows, row, 1 + keys.size());
        totals.addAll(slice, cell);
        if (!keys.isEmpty()) {
            @Nullable String[] key = new @Nullable String[keys.size()];
            for (int i = 0; i < key.length; i++) {
                key[i] = rows.value(row, 1 + i) == null ? null : rows.textAt(row, 1 + i);
            }
            group(Arrays.asList(key)).addAll(slice, cell);
        }
        cells++;
    }

    /** Adds an event that the question's filter lets through. */
    void add(StoredEvent event) {
        long slice = cut.sliceOf(event.event().timestampMillis());
        long lookers = slice < 0 ? 0 : shape.lookers(event);
        if (lookers == 0) {
            return;
        }
        add(totals, slice, event, lookers);
        if (!keys.isEmpty()) {
            add(group(key(event)), slice, event, lookers);
        }
    }

    private void add(FoldSeries series, long slice, StoredEvent event, long lookers) {
        int before = series.size();
        series.add(slice, event, lookers);
        cells += series.size() - before;
    }

    private FoldSeries group(List<@Nullable String> key) {
        return groups.computeIfAbsent(key, _ -> new FoldSeries(shape));
    }

    private List<@Nullable String> key(StoredEvent event) {
        @Nullable String[] key = new @Nullable String[keys.size()];
        for (int i = 0; i < key.length; i++) {
            Scalar value = EventValue.of(keys.get(i), event);
            key[i] = value == null ? null : EventValue.text(value);
        }
        return Arrays.asList(key);
    }

    /** Moves on to a later cut. */
    void moveTo(FoldCut moved) {
        cut = moved;
        totals.moveTo(moved);
        cells = totals.size();
        for (Iterator<FoldSeries> each = groups.values().iterator(); each.hasNext(); ) {
            FoldSeries series = each.next();
            series.moveTo(moved);
            cells += series.size();
            if (series.size() == 0) {
                each.remove();
            }
        }
    }

    /** About how much memory it takes. */
    long bytes() {
        long sum = 1_024 + totals.bytes();
        for (Map.Entry<List<@Nullable String>, FoldSeries> group : groups.entrySet()) {
            sum += 96;
            for (String text : group.getKey()) {
                sum += 48 + (text == null ? 0 : text.length());
            }
            sum += group.getValue().bytes();
        }
        return sum;
    }
}
