package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;

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
            case FunnelQuestion funnel -> timed(funnel, "events", () -> new FunnelPlan(store, tenant, funnel).answer());
            case CohortQuestion cohort -> timed(cohort, "events", () -> new CohortPlan(store, tenant, cohort).answer());
        };
    }

    private Answer measured(TenantId tenant, MeasuredQuestion question) {
        Source source = planner.choose(question);
        return timed(question, source.isRollup() ? "rollup" : "events", () -> switch (question) {
            case TrendQuestion trend -> new TrendPlan(store, tenant, trend, source).answer();
            case MetricQuestion metric -> new MetricPlan(store, tenant, metric, source).answer();
            case TableQuestion table -> new TablePlan(store, tenant, table, source).answer();
        });
    }

    private Answer timed(Question question, String source, Supplier<Answer> answer) {
        Timer.Sample sample = Timer.start(meters);
        try {
            return answer.get();
        } finally {
            sample.stop(meters.timer("tidemark.query.duration", "type", question.type(), "source", source));
        }
    }
}
