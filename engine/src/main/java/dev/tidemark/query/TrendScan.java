package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statement that counts some buckets of a trend: all lines and totals in one scan. */
final class TrendScan {
    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final TopValues top;

    TrendScan(EventStore store, TenantId tenant, TrendQuestion question, TopValues top) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.top = top;
    }

    /** The values of the measures by line, for each bucket; no line where nothing happened. */
    List<Map<Integer, List<@Nullable Double>>> count(Buckets buckets, Horizon horizon, Source source) {
        Parameters parameters = new Parameters(tenant);
        Breakdown breakdown = question.breakdown();
        MeasureSelect select = new MeasureSelect(question, source, parameters, buckets.range(), horizon).in(buckets);
        if (breakdown != null) {
            select.by(List.of(new Dimension("s", breakdown.property(), property -> top.slot(property, parameters))))
                    .withTotals("toInt64(" + TopValues.TOTAL + ")");
        }
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Rows rows = store.query(tenant, select.build().build());
        int firstMeasure = breakdown == null ? 1 : 2;
        List<Map<Integer, List<@Nullable Double>>> counted = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            counted.add(new HashMap<>());
        }
        for (int row = 0; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 0));
            if (bucket >= 0) {
                int slot = breakdown == null ? TopValues.TOTAL : (int) rows.longAt(row, 1);
                counted.get(bucket).put(slot, measures.read(rows, row, firstMeasure, horizon.hasBegun(bucket)));
            }
        }
        return counted;
    }
}
