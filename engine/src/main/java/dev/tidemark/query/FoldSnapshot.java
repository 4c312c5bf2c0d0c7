package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.List;

/**
 * What the store holds of questions up to an offset of the journal, in a form that more events can be added to.
 *
 * @param batch of the questions' filters
 * @param beforeOffset only events before it are in
 */
record FoldSnapshot(EventStore store, TenantId tenant, FoldBatch batch, long beforeOffset) {
    /** Of the rows for several questions, as the engine has them; with more, fewer are to be asked at once. */
    static final long MOST_BYTES = 48 << 20;

    /**
     * One row for each slice and combination of values: where the slice starts, the values (null for absent), two columns for each
     * measure of the shape; then those that tell of which question it is.
     *
     * @param mostRows at most one more is given
     */
    Rows cells(FoldCut cut, TimeRange span, FoldCell.Shape shape, List<Property> keys, int mostRows) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Source.EVENTS
                .select(parameters, span)
                .within("journal_offset < " + parameters.integer(beforeOffset))
                .column(cut.slice(span, parameters), "b")
                .groupBy("b")
                .mostGroups(mostRows + 1L);
        for (int i = 0; i < keys.size(); i++) {
            select.column(PropertyColumns.of(keys.get(i), parameters).orNull(), "k" + i)
                    .groupBy("k" + i);
        }
        MeasureColumns measures = new MeasureColumns(List.copyOf(shape.measures()), Source.EVENTS, parameters);
        measures.addStatesTo(select);
        batch.limitGroups(select, parameters);
        if (batch.size() > 1) {
            select.mostBytes(MOST_BYTES);
        }
        return store.query(tenant, select.limit(mostRows + 1L, 0).build());
    }

    /** The first column that tells of which question a row of {@link #cells} is. */
    static int columnsBefore(FoldCell.Shape shape, List<Property> keys) {
        return 1 + keys.size() + 2 * shape.measures().size();
    }
}
