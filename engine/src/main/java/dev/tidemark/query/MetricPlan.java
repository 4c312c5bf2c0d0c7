package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a metric: one scan of the range, one of the range compared with. */
final class MetricPlan {
    private final EventStore store;
    private final TenantId tenant;
    private final MetricQuestion question;
    private final Source source;

    MetricPlan(EventStore store, TenantId tenant, MetricQuestion question, Source source) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.source = source;
    }

    MetricAnswer answer() {
        TimeRange compared = question.compared();
        return new MetricAnswer(question, scan(question.range()), compared == null ? null : scan(compared));
    }

    private List<@Nullable Double> scan(TimeRange range) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = source.select(parameters, range);
        Filter filter = question.filter();
        if (filter != null) {
            select.where(new Conditions(parameters).of(filter));
        }
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        return measures.read(store.query(tenant, measures.addTo(select).build()), 0, 0);
    }
}
