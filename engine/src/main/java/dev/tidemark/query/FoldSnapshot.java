package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of a question up to an offset of the journal, in a form that more events can be added to.
 *
 * @param beforeOffset only events before it are in
 */
record FoldSnapshot(EventStore store, TenantId tenant, MeasuredQuestion question, long beforeOffset) {

    /**
     * One row for each bucket and combination of values: the edge at which the bucket starts, the values (null for absent), two columns
     * for each measure.
     *
     * @param buckets null for one over the range
     * @param mostRows at most one more is given
     */
    Rows cells(TimeRange range, @Nullable Buckets buckets, List<Property> keys, int mostRows) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Source.EVENTS
                .select(parameters, range)
                .where("journal_offset < " + parameters.integer(beforeOffset))
                .column(
                        buckets == null ? "toInt64(0)" : EventTimes.floor(Source.EVENTS, buckets.edges(), parameters),
                        "b")
                .groupBy("b");
        for (int i = 0; i < keys.size(); i++) {
            select.column(PropertyColumns.of(keys.get(i), parameters).orNull(), "k" + i)
                    .groupBy("k" + i);
        }
        new Conditions(parameters).limited(select, question.filter());
        MeasureColumns measures = new MeasureColumns(question.measures(), Source.EVENTS, parameters);
        return store.query(
                tenant, measures.addStatesTo(select).limit(mostRows + 1L, 0).build());
    }
}
