package dev.tidemark.query;

import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
    private final FoldSeries totals = new FoldSeries();
    private final Map<List<@Nullable String>, FoldSeries> groups = new HashMap<>();
    private FoldCut cut;
    private FoldWindow window;
    private @Nullable FoldWindow compared;
    private int cells;

    FoldPart(FoldCell.Shape shape, List<Property> keys, FoldCut cut, FoldWindow window, @Nullable FoldWindow compared) {
        this.shape = shape;
        this.keys = keys;
        this.cut = cut;
        this.window = window;
        this.compared = compared;
    }

    FoldCell.Shape shape() {
        return shape;
    }

    FoldCut cut() {
        return cut;
    }

    FoldWindow window() {
        return window;
    }

    @Nullable
    FoldWindow compared() {
        return compared;
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

    /** Takes the rows of {@link FoldSnapshot#cells} in. */
    void read(Rows rows) {
        for (int row = 0; row < rows.size(); row++) {
            long slice = cut.sliceOf(rows.longAt(row, 0));
            FoldCell cell = FoldCell.read(shape, rows, row, 1 + keys.size());
            totals.at(slice, shape).addAll(cell);
            if (!keys.isEmpty()) {
                @Nullable String[] key = new @Nullable String[keys.size()];
                for (int i = 0; i < key.length; i++) {
                    key[i] = rows.value(row, 1 + i) == null ? null : rows.textAt(row, 1 + i);
                }
                group(Arrays.asList(key)).at(slice, shape).addAll(cell);
            }
            cells++;
        }
    }

    /** Adds an event that the question's filter lets through. */
    void add(StoredEvent event) {
        long millis = event.event().timestampMillis();
        long slice = cut.sliceOf(millis);
        long lookers = slice < 0 ? 0 : shape.lookers(event);
        if (lookers == 0) {
            return;
        }
        boolean within = window.holds(millis);
        add(totals, slice, within, event, lookers);
        if (!keys.isEmpty()) {
            add(group(key(event)), slice, within, event, lookers);
        }
    }

    private void add(FoldSeries series, long slice, boolean within, StoredEvent event, long lookers) {
        int before = series.size();
        FoldCell cell = series.at(slice, shape);
        cells += series.size() - before;
        cell.add(event, lookers);
        FoldCell whole = within ? series.whole() : null;
        if (whole != null) {
            whole.add(event, lookers);
        }
    }

    private FoldSeries group(List<@Nullable String> key) {
        return groups.computeIfAbsent(key, _ -> new FoldSeries());
    }

    private List<@Nullable String> key(StoredEvent event) {
        @Nullable String[] key = new @Nullable String[keys.size()];
        for (int i = 0; i < key.length; i++) {
            Scalar value = EventValue.of(keys.get(i), event);
            key[i] = value == null ? null : EventValue.text(value);
        }
        return Arrays.asList(key);
    }

    /**
     * The cut for later windows; null where it does not hold what they need.
     *
     * @param fresh what would be cut for them anew
     */
    @Nullable
    FoldCut cutFor(FoldWindow later, @Nullable FoldWindow laterCompared, FoldCut fresh) {
        return cut.movedTo(later, laterCompared, fresh);
    }

    /** Moves on to later windows. */
    void moveTo(FoldCut moved, FoldWindow later, @Nullable FoldWindow laterCompared) {
        cut = moved;
        window = later;
        compared = laterCompared;
        totals.moveTo(moved, shape);
        cells = totals.size();
        List<List<@Nullable String>> gone = new ArrayList<>();
        groups.forEach((key, series) -> {
            series.moveTo(moved, shape);
            cells += series.size();
            if (series.size() == 0) {
                gone.add(key);
            }
        });
        gone.forEach(groups::remove);
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
