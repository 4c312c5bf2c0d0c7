package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What {@code bench query} is to reach, each beside the worst that was measured. */
record QueryLimits(List<Limit> limits) {
    /** Of all tenants together; a tenth of them are the largest tenant's, which the times by analysis are aimed at. */
    private static final long EVENTS_AIMED_AT = 100_000_000;

    private static final double RATIO = 1.2;
    private static final double SMALL_MILLIS = 50;

    QueryLimits {
        limits = List.copyOf(limits);
    }

    /**
     * One number that is to stay below another.
     *
     * @param measured the largest of all that it is about
     * @param worst whose that is
     * @param aimedAt whether it is meant for as many events as were loaded
     */
    record Limit(String what, double below, double measured, String worst, boolean aimedAt) {
        boolean met() {
            return measured < below;
        }
    }

    static QueryLimits of(List<AnalysisResult> results, QueryBench.Plan plan) {
        List<AnalysisResult.Timed> timed = results.stream()
                .filter(AnalysisResult.Timed.class::isInstance)
                .map(AnalysisResult.Timed.class::cast)
                .toList();
        boolean large = plan.events() >= EVENTS_AIMED_AT;
        List<AnalysisResult.Timed> ofLargest = of(plan.largest(), timed);
        List<Limit> limits = new ArrayList<>();
        add(limits, "ratio, largest tenant", RATIO, ofLargest, AnalysisResult.Timed::ratio, true);
        add(limits, "ratio, small tenant", RATIO, of(plan.small(), timed), AnalysisResult.Timed::ratio, true);
        add(limits, "ms, small tenant", SMALL_MILLIS, of(plan.small(), timed), AnalysisResult.Timed::millis, true);
        add(limits, Analysis.TREND, 50, ofLargest, large);
        add(limits, Analysis.DAU_BY_COUNTRY, 400, ofLargest, large);
        add(limits, Analysis.FUNNEL, 400, ofLargest, large);
        add(limits, Analysis.RETENTION, 1_000, ofLargest, large);
        return new QueryLimits(limits);
    }

    private static List<AnalysisResult.Timed> of(String tenant, List<AnalysisResult.Timed> timed) {
        return timed.stream().filter(each -> each.tenant().equals(tenant)).toList();
    }

    private static void add(
            List<Limit> limits, Analysis analysis, double below, List<AnalysisResult.Timed> timed, boolean aimedAt) {
        List<AnalysisResult.Timed> ofAnalysis = timed.stream()
                .filter(each -> each.analysis().equals(analysis.wireName()))
                .toList();
        String what = "ms, largest tenant, " + analysis.wireName();
        add(limits, what, below, ofAnalysis, AnalysisResult.Timed::millis, aimedAt);
    }

    private static void add(
            List<Limit> limits,
            String what,
            double below,
            List<AnalysisResult.Timed> timed,
            ToDoubleFunction<AnalysisResult.Timed> number,
            boolean aimedAt) {
        Optional<AnalysisResult.Timed> worst = timed.stream().max(Comparator.comparingDouble(number));
        worst.ifPresent(
                found -> limits.add(new Limit(what, below, number.applyAsDouble(found), found.analysis(), aimedAt)));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("limits");
        for (Limit limit : limits) {
            array.addObject()
                    .put("limit", limit.what)
                    .put("below", limit.below)
                    .put("measured", Math.round(limit.measured * 100) / 100.0)
                    .put("worst", limit.worst)
                    .put("met", limit.met())
                    .put("of_these_events", limit.aimedAt);
        }
        return json;
    }

    String toTable() {
        StringBuilder table = new StringBuilder();
        for (Limit limit : limits) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-36s below %6.1f  measured %8.2f (%s): %s%s%n",
                    limit.what,
                    limit.below,
                    limit.measured,
                    limit.worst,
                    limit.met() ? "met" : "NOT MET",
                    limit.aimedAt ? "" : ", though meant for " + EVENTS_AIMED_AT / 1_000_000 + " million events"));
        }
        return table.toString();
    }
}
