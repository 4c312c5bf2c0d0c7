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
        List<Family> families =
                counted().stream().map(this::family).distinct().sorted().toList();
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

    private List<Measure.Counted> counted() {
        return question.measures().stream()
                .filter(Measure.Counted.class::isInstance)
                .map(Measure.Counted.class::cast)
                .toList();
    }

    /** Session ids are counted with what is asked of sessions, whose rows have them: a scan less. */
    private Family family(Measure.Counted measure) {
        return isBeside(measure) && Family.of(question.measures()).contains(Family.SESSIONS)
                ? Family.SESSIONS
                : Family.of(measure);
    }

    private static boolean isBeside(Measure measure) {
        return measure instanceof Measure.Sessions ids && ids.scope().isEverything();
    }

    private Map<String, @Nullable Double> scan(Family family, TimeRange range, Horizon horizon) {
        List<Measure> measures = List.copyOf(
                counted().stream().filter(measure -> family(measure) == family).toList());
        if (family == Family.SESSIONS) {
            return sessions(measures, range, horizon);
        }
        MetricQuestion part = part(measures);
        Source source = planner.choose(part);
        Rows rows = store.query(
                tenant,
                new MeasureSelect(part, source, new Parameters(tenant), range, horizon)
                        .build()
                        .build());
        return values(measures, source, rows, horizon);
    }

    private MetricQuestion part(List<Measure> measures) {
        return new MetricQuestion(
                measures,
                question.filter(),
                question.range(),
                question.zone(),
                question.compared(),
                question.horizon(),
                question.comparedHorizon(),
                null);
    }

    private Map<String, @Nullable Double> values(List<Measure> measures, Source source, Rows rows, Horizon horizon) {
        List<@Nullable Double> values =
                new MeasureColumns(measures, source, new Parameters(tenant)).read(rows, 0, 0, horizon.hasBegun(0));
        Map<String, @Nullable Double> byName = new LinkedHashMap<>();
        for (int i = 0; i < measures.size(); i++) {
            byName.put(measures.get(i).name(), values.get(i));
        }
        return byName;
    }

    /** Visits that last too long for one session are rare; where there is one, all sessions are asked for again and cut. */
    private Map<String, @Nullable Double> sessions(List<Measure> measures, TimeRange range, Horizon horizon) {
        List<Measure> ids = measures.stream().filter(MetricPlan::isBeside).toList();
        List<Measure> ofSessions =
                measures.stream().filter(measure -> !isBeside(measure)).toList();
        MetricQuestion part = part(ofSessions);
        MeasureSelect select = new MeasureSelect(part, Source.EVENTS, new Parameters(tenant), range, horizon).plainly();
        Select.Builder plain = (ids.isEmpty() ? select : select.besideIds()).build();
        for (int i = 0; i < ids.size(); i++) {
            plain.column(SessionRows.ids(((Measure.Sessions) ids.get(i)).exact()), "ids" + i);
        }
        Rows rows = store.query(
                tenant,
                plain.column("max(" + SessionRows.LASTING + ")", "lasting").build());
        boolean lasting = rows.longAt(0, ofSessions.size() + ids.size()) != 0;
        Rows cut = lasting
                ? store.query(
                        tenant,
                        new MeasureSelect(part, Source.EVENTS, new Parameters(tenant), range, horizon)
                                .build()
                                .build())
                : rows;
        Map<String, @Nullable Double> values = values(ofSessions, Source.EVENTS, cut, horizon);
        for (int i = 0; i < ids.size(); i++) {
            values.put(ids.get(i).name(), rows.doubleAt(0, ofSessions.size() + i));
        }
        return values;
    }
}
