package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers questions from the store. Blocking; thread-safe. */
public final class QueryEngine {
    private final EventStore store;
    private final Planner planner;
    private final MeterRegistry meters;

    public QueryEngine(EventStore store, TimeSource time, MeterRegistry meters) {
        this(store, Planner.of(time), meters);
    }

    QueryEngine(EventStore store, Planner planner, MeterRegistry meters) {
        this.store = store;
        this.planner = planner;
        this.meters = meters;
    }

    /** Computes an answer from what the store holds now. Fails as {@link EventStore#query} does. */
    public Answer answer(TenantId tenant, Question question) {
        return switch (question) {
            case MeasuredQuestion measured -> measured(tenant, measured);
            case FunnelQuestion funnel ->
                timed(funnel, Source.EVENTS, () -> new FunnelPlan(store, tenant, funnel).answer());
            case CohortQuestion cohort ->
                timed(cohort, Source.EVENTS, () -> new CohortPlan(store, tenant, cohort).answer());
            case RetentionQuestion retention ->
                timed(retention, Source.EVENTS, () -> new RetentionPlan(store, tenant, retention).answer());
            case PathsQuestion paths -> timed(paths, Source.EVENTS, () -> new PathsPlan(store, tenant, paths).answer());
            case StickinessQuestion stickiness ->
                timed(stickiness, Source.EVENTS, () -> new StickinessPlan(store, tenant, stickiness).answer());
        };
    }

    /** Writes the whole of an answer as flat rows, of a table all pages. Fails as {@link #answer} does, or when the writer does. */
    void write(TenantId tenant, Question question, RowWriter writer) throws IOException {
        if (question instanceof TableQuestion table) {
            new TablePlan(store, tenant, table, planner.choose(table)).writeTo(writer);
        } else {
            FlatRows.of(question.type(), answer(tenant, question).toJson()).writeTo(writer);
        }
        writer.finish();
    }

    private Answer measured(TenantId tenant, MeasuredQuestion question) {
        Source source = planner.choose(question);
        return timed(question, source, () -> switch (question) {
            case TrendQuestion trend -> new TrendPlan(store, tenant, trend, source).answer();
            case MetricQuestion metric ->
                new MetricPlan(store, tenant, metric, source).answer(sparkline(tenant, metric));
            case TableQuestion table -> new TablePlan(store, tenant, table, source).answer();
        });
    }

    private Answer timed(Question question, Source source, Supplier<Answer> plan) {
        Timer.Sample sample = Timer.start(meters);
        try {
            return plan.get();
        } finally {
            sample.stop(meters.timer(
                    "tidemark.query.duration",
                    "type",
                    question.type(),
                    "source",
                    source.isRollup() ? "rollup" : "events"));
        }
    }

    private @Nullable TrendAnswer sparkline(TenantId tenant, MetricQuestion metric) {
        TrendQuestion sparkline = metric.sparkline();
        return sparkline == null ? null : new TrendPlan(store, tenant, sparkline, planner.choose(sparkline)).answer();
    }
}
