package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a metric: a scan of the range for each family of its measures, as many of the range compared with, and those of its sparkline, all at
 * the same time. Each family is read where that is cheapest.
 */
final class MetricPlan {
    private final EventStore store;
    private final TenantId tenant;
    private final MetricQuestion question;
    private final Planner planner;

    MetricPlan(EventStore store, TenantId tenant, MetricQuestion question, Planner planner) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.planner = planner;
    }

    /** Of one range, what its scans find: the measures that are no formulas. */
    private record Scanned(List<Together.Part<Map<String, @Nullable Double>>> parts) {
        Map<String, @Nullable Double> values() {
            Map<String, @Nullable Double> values = new LinkedHashMap<>();
            parts.forEach(part -> values.putAll(part.found()));
            return values;
        }
    }

    MetricAnswer answer(@Nullable Supplier<TrendAnswer> sparkline) {
        TimeRange compared = question.compared();
        List<Family> families = Family.of(question.measures());
        if (families.size() == 1 && compared == null && sparkline == null) {
            Map<String, @Nullable Double> values = scan(families.getFirst(), question.range(), question.horizon());
            return new MetricAnswer(question, withFormulas(values), null, null);
        }
        try (Together together = new Together()) {
            Scanned now = scans(together, families, question.range(), question.horizon());
            Scanned before = compared == null ? null : scans(together, families, compared, question.comparedHorizon());
            Together.Part<TrendAnswer> line = sparkline == null ? null : together.begin(sparkline);
            return new MetricAnswer(
                    question,
                    withFormulas(now.values()),
                    before == null ? null : withFormulas(before.values()),
                    line == null ? null : line.found());
        }
    }

    private Scanned scans(Together together, List<Family> families, TimeRange range, Horizon horizon) {
        return new Scanned(families.stream()
                .map(family -> together.begin(() -> scan(family, range, horizon)))
                .toList());
    }

    private List<@Nullable Double> withFormulas(Map<String, @Nullable Double> counted) {
        return MeasureColumns.withFormulas(question.measures(), counted);
    }

    private Map<String, @Nullable Double> scan(Family family, TimeRange range, Horizon horizon) {
        List<Measure> measures = question.measures().stream()
                .filter(measure -> measure instanceof Measure.Counted counted && Family.of(counted) == family)
                .toList();
        MetricQuestion part = new MetricQuestion(
                measures,
                question.filter(),
                question.range(),
                question.zone(),
                question.compared(),
                question.horizon(),
                question.comparedHorizon(),
                null);
        Source source = planner.choose(part);
        Rows rows = family == Family.SESSIONS
                ? sessions(part, range, horizon)
                : store.query(
                        tenant,
                        new MeasureSelect(part, source, new Parameters(tenant), range, horizon)
                                .build()
                                .build());
        List<@Nullable Double> values =
                new MeasureColumns(measures, source, new Parameters(tenant)).read(rows, 0, 0, horizon.hasBegun(0));
        Map<String, @Nullable Double> byName = new LinkedHashMap<>();
        for (int i = 0; i < measures.size(); i++) {
            byName.put(measures.get(i).name(), values.get(i));
        }
        return byName;
    }

    /** Visits that last too long for one session are rare; where there is one, all are asked for again and cut. */
    private Rows sessions(MetricQuestion part, TimeRange range, Horizon horizon) {
        Select plain = new MeasureSelect(part, Source.EVENTS, new Parameters(tenant), range, horizon)
                .plainly()
                .build()
                .column("max(" + SessionRows.LASTING + ")", "lasting")
                .build();
        Rows rows = store.query(tenant, plain);
        if (rows.longAt(0, rows.columns().size() - 1) == 0) {
            return rows;
        }
        return store.query(
                tenant,
                new MeasureSelect(part, Source.EVENTS, new Parameters(tenant), range, horizon)
                        .build()
                        .build());
    }
}
