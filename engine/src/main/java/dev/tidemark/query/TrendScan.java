package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
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
    List<Map<Integer, List<@Nullable Double>>> count(Buckets buckets, Source source) {
        Parameters parameters = new Parameters(tenant);
        Breakdown breakdown = question.breakdown();
        Select.Builder select = filtered(source.select(parameters, buckets), parameters)
                .column(bucket(buckets, source, parameters), "b");
        if (breakdown == null) {
            select.column("toInt64(" + TopValues.TOTAL + ")", "s").groupBy("b");
        } else {
            String slot = top.slot(PropertyColumns.of(breakdown.property(), parameters), parameters);
            select.column("if(grouping(slot) = 1, toInt64(" + TopValues.TOTAL + "), " + slot + " AS slot)", "s")
                    .groupBy("GROUPING SETS ((b, slot), (b))");
        }
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Rows rows = store.query(tenant, measures.addTo(select).build());
        List<Map<Integer, List<@Nullable Double>>> counted = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            counted.add(new HashMap<>());
        }
        for (int row = 0; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 0));
            if (bucket >= 0) {
                counted.get(bucket).put((int) rows.longAt(row, 1), measures.read(rows, row, 2));
            }
        }
        return counted;
    }

    private Select.Builder filtered(Select.Builder select, Parameters parameters) {
        Filter filter = question.filter();
        return filter == null ? select : select.where(new Conditions(parameters).of(filter));
    }

    /** The edge at which the bucket of an event starts: by arithmetic where buckets are equally long, else by search. */
    private static String bucket(Buckets buckets, Source source, Parameters parameters) {
        Long width = buckets.commonWidth();
        if (width == null) {
            return "roundDown(" + source.millis() + ", " + parameters.integers(buckets.edges()) + ")";
        }
        String first = parameters.integer(buckets.edges().getFirst());
        String step = parameters.integer(width);
        return first + " + intDiv(" + source.millis() + " - " + first + ", " + step + ") * " + step;
    }
}
