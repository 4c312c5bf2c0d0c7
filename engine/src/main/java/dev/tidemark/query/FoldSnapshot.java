package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.List;

/**
 * What the store holds of a question up to an offset of the journal, in a form that more events can be added to.
 *
 * @param beforeOffset only events before it are in
 */
record FoldSnapshot(EventStore store, TenantId tenant, MeasuredQuestion question, long beforeOffset) {

    /**
     * One row for each slice and combination of values: where the slice starts, the values (null for absent), two columns for each
     * measure of the shape.
     *
     * @param mostRows at most one more is given
     */
    Rows cells(FoldCut cut, TimeRange span, FoldCell.Shape shape, List<Property> keys, int mostRows) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Source.EVENTS
                .select(parameters, span)
                .where("journal_offset < " + parameters.integer(beforeOffset))
                .column(cut.slice(span, parameters), "b")
                .groupBy("b")
                .mostGroups(mostRows + 1L);
        for (int i = 0; i < keys.size(); i++) {
            select.column(PropertyColumns.of(keys.get(i), parameters).orNull(), "k" + i)
                    .groupBy("k" + i);
        }
        new Conditions(parameters).limited(select, question.filter());
        MeasureColumns measures = new MeasureColumns(List.copyOf(shape.measures()), Source.EVENTS, parameters);
        return store.query(
                tenant, measures.addStatesTo(select).limit(mostRows + 1L, 0).build());
    }
}
