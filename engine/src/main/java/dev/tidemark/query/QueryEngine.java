package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;

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
        Timer.Sample sample = Timer.start(meters);
        try {
            return switch (question) {
                case TrendQuestion trend -> new TrendPlan(store, tenant, trend, source).answer();
                case MetricQuestion metric -> new MetricPlan(store, tenant, metric, source).answer();
                case TableQuestion table -> new TablePlan(store, tenant, table, source).answer();
            };
        } finally {
            sample.stop(meters.timer(
                    "tidemark.query.duration",
                    "type",
                    question.type(),
                    "source",
                    source.isRollup() ? "rollup" : "events"));
        }
    }
}
