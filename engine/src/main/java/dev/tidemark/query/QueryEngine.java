package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers questions from the store. Blocking; thread-safe. */
public final class QueryEngine {
    private final EventStore store;
    private final Planner planner;
    private final @Nullable KeptBuckets kept;
    private final TimeSource time;
    private final MeterRegistry meters;
    private final PathsMemory pathsMemory;

    /** One that computes every answer anew. */
    public QueryEngine(EventStore store, TimeSource time, MeterRegistry meters) {
        this(store, Planner.of(time, new TenantVolumes(store, time)), null, time, meters);
    }

    /** One that keeps what buckets of trends hold. */
    public QueryEngine(EventStore store, KeptBuckets kept, TimeSource time, MeterRegistry meters) {
        this(store, Planner.of(time, new TenantVolumes(store, time)), kept, time, meters);
    }

    QueryEngine(EventStore store, Planner planner, MeterRegistry meters) {
        this(store, planner, null, TimeSource.system(), meters);
    }

    QueryEngine(EventStore store, Planner planner, @Nullable KeptBuckets kept, TimeSource time, MeterRegistry meters) {
        this.store = store;
        this.planner = planner;
        this.kept = kept;
        this.time = time;
        this.meters = meters;
        this.pathsMemory = new PathsMemory(time);
    }

    /** An answer, and how it came about: its path, its statements, and what they cost. */
    public record Explained(Answer result, ObjectNode explanation) {}

    /** An answer that is right for what the store holds now. Fails as {@link EventStore#query} does. */
    public Answer answer(TenantId tenant, Question question) {
        return answer(tenant, question, new StatementLog(store, time));
    }

    /** The same with its explanation. */
    public Explained explain(TenantId tenant, Question question) {
        StatementLog log = new StatementLog(store, time);
        Answer answer = answer(tenant, question, log);
        return new Explained(answer, log.toJson());
    }

    /**
     * Begins to keep the answer to a question up to date, with what the store holds before an offset of the journal; everything before
     * it must be visible. Empty for a question that cannot be kept so, or not within bounds. Fails as {@link EventStore#query} does.
     */
    public Optional<Fold> fold(TenantId tenant, Question question, long beforeOffset) {
        return Fold.isFor(question)
                ? folds(tenant, List.of(question), beforeOffset, time.instant()).getFirst()
                : Optional.empty();
    }

    /**
     * Begins to keep the answers to several questions, for each of which {@link Fold#isFor} holds, in their order: those of one {@link
     * Fold#form} with the same statements.
     *
     * @param moment at which the questions were what they are: those whose range was not over then can move on
     */
    public List<Optional<Fold>> folds(TenantId tenant, List<Question> questions, long beforeOffset, Instant moment) {
        StatementLog log = new StatementLog(store, time);
        Timer.Sample sample = Timer.start(meters);
        try {
            return new FoldBeginnings(log, tenant, beforeOffset, moment).of(questions);
        } finally {
            String type = questions.getFirst().type();
            sample.stop(meters.timer("tidemark.query.duration", "type", type, "source", "snapshot"));
        }
    }

    /** Forgets everything that is kept of a tenant. */
    public void forget(TenantId tenant) {
        if (kept != null) {
            kept.forget(tenant);
        }
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

    private Answer answer(TenantId tenant, Question question, StatementLog log) {
        Timer.Sample sample = Timer.start(meters);
        try {
            return switch (question) {
                case MeasuredQuestion measured -> measured(tenant, measured, log);
                case FunnelQuestion funnel -> new FunnelPlan(log, tenant, funnel).answer();
                case RetentionQuestion retention -> new RetentionPlan(log, tenant, retention).answer();
                case CohortQuestion cohort -> new CohortPlan(log, tenant, cohort).answer();
                case StickinessQuestion stickiness -> new StickinessPlan(log, tenant, stickiness).answer();
                case PathsQuestion paths -> new PathsPlan(log, tenant, paths, pathsMemory).answer();
            };
        } finally {
            sample.stop(meters.timer("tidemark.query.duration", "type", question.type(), "source", log.path()));
        }
    }

    private Answer measured(TenantId tenant, MeasuredQuestion question, StatementLog log) {
        return switch (question) {
            case TrendQuestion trend -> new TrendPlan(log, tenant, trend, planner, kept).answer();
            case MetricQuestion metric ->
                new MetricPlan(log, tenant, metric, planner).answer(sparkline(tenant, metric, log));
            case TableQuestion table -> new TablePlan(log, tenant, table, planner.choose(table)).answer();
        };
    }

    private @Nullable Supplier<TrendAnswer> sparkline(TenantId tenant, MetricQuestion metric, StatementLog log) {
        TrendQuestion sparkline = metric.sparkline();
        return sparkline == null ? null : () -> new TrendPlan(log, tenant, sparkline, planner, kept).answer();
    }
}
