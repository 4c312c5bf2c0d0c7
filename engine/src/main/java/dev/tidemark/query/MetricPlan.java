package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a metric: one scan of the range, one of the range compared with, and those of its sparkline. */
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

    MetricAnswer answer(@Nullable TrendAnswer sparkline) {
        TimeRange compared = question.compared();
        return new MetricAnswer(
                question,
                scan(question.range(), question.horizon()),
                compared == null ? null : scan(compared, question.comparedHorizon()),
                sparkline);
    }

    private List<@Nullable Double> scan(TimeRange range, Horizon horizon) {
        Parameters parameters = new Parameters(tenant);
        Select select = new MeasureSelect(question, source, parameters, range, horizon)
                .build()
                .build();
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        return measures.read(store.query(tenant, select), 0, 0, horizon.hasBegun(0));
    }
}
