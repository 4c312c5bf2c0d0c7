package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

final class QueryLimitsTest {

    private static QueryBench.Plan plan(long events) {
        return new QueryBench.Plan(events, 1_000, 1, 1, List.of(), false, "", List.of());
    }

    private static AnalysisResult timed(Analysis analysis, String tenant, double millis, double byHand) {
        double[] none = {};
        return new AnalysisResult.Timed(
                analysis.wireName(), tenant, new double[] {millis}, new double[] {byHand}, none, none, 1);
    }

    private static List<AnalysisResult> results() {
        return List.of(
                timed(Analysis.TREND, "t0001", 49.9, 45),
                timed(Analysis.FUNNEL, "t0001", 400, 400),
                timed(Analysis.DAU, "t0333", 20, 10),
                timed(Analysis.MAU, "t0333", 51, 50),
                new AnalysisResult.Different("paths", "t0333", "numbers"));
    }

    @Test
    void showsTheWorstOfEachLimitAndWhetherItIsBelow() {
        assertThat(QueryLimits.of(results(), plan(100_000_000)).limits())
                .extracting(
                        QueryLimits.Limit::what,
                        QueryLimits.Limit::measured,
                        QueryLimits.Limit::worst,
                        QueryLimits.Limit::met)
                .containsExactly(
                        tuple("ratio, largest tenant", 49.9 / 45, "trend", true),
                        tuple("ratio, small tenant", 2.0, "dau", false),
                        tuple("ms, small tenant", 51.0, "mau", false),
                        tuple("ms, largest tenant, trend", 49.9, "trend", true),
                        tuple("ms, largest tenant, funnel", 400.0, "funnel", false));
    }

    @Test
    void saysWhichLimitsAreMeantForMoreEvents() {
        QueryLimits limits = QueryLimits.of(results(), plan(20_000_000));
        assertThat(limits.limits())
                .extracting(QueryLimits.Limit::aimedAt)
                .containsExactly(true, true, true, false, false);
        assertThat(limits.toTable().lines().skip(3)).allMatch(line -> line.endsWith("meant for 100 million events"));
        assertThat(limits.toJson().at("/limits/1").toString())
                .isEqualTo("{\"limit\":\"ratio, small tenant\",\"below\":1.2,\"measured\":2.0,\"worst\":\"dau\","
                        + "\"met\":false,\"of_these_events\":true}");
    }

    @Test
    void namesNoLimitOfWhatWasNotTimed() {
        assertThat(QueryLimits.of(List.of(), plan(1)).limits()).isEmpty();
    }
}
