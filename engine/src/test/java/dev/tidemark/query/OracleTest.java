package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OracleTest {
    private static final int SETS = 6;
    private static final int QUESTIONS = 12;

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 11",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 12",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 13",
        "America/Sao_Paulo, 2018-02-18T02:30:00Z, 14",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 15",
        "Australia/Lord_Howe, 2025-04-05T15:00:00Z, 16",
        "Australia/Lord_Howe, 2025-10-04T15:30:00Z, 17",
        "UTC, 2024-02-29T00:00:00Z, 18",
    })
    void answersAsTheNaiveAnalystDoes(String zone, String middle, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            int size = set == 0 ? 0 : set == 1 ? 1 : seeds.nextInt(10, 400);
            List<StoredEvent> events = new RandomEvents(tenant, around, seeds.nextLong()).take(size);
            fixture.insert(events);
            RandomQuestions questions = new RandomQuestions(ZoneId.of(zone), around, seeds.nextLong());
            for (int i = 0; i < QUESTIONS; i++) {
                DayOfWeek weekStart = seeds.nextBoolean() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY;
                compare("seed " + seed + " set " + set, tenant, events, questions.next(), weekStart);
            }
        }
    }

    private void compare(String run, TenantId tenant, List<StoredEvent> events, JsonNode json, DayOfWeek weekStart) {
        String about = run + " " + weekStart + " " + json;
        Question question =
                QuestionReader.read(json, QuestionContext.plain(QueryFixture.NOW, ZoneOffset.UTC, weekStart));
        MeasuredAnswer answer = (MeasuredAnswer) fixture.engine.answer(tenant, question);
        assertThat(answer).as(about).isEqualTo(fixture.ofEvents.answer(tenant, question));
        NaiveCalendar calendar = new NaiveCalendar(json, weekStart);
        NaiveAnalyst naive = new NaiveAnalyst(events, json, calendar);
        switch (answer) {
            case TrendAnswer trend -> compareTrend(about, trend, naive.trend());
            case MetricAnswer metric -> {
                same(about, metric.values(), naive.metric(calendar.range()));
                NaiveAnalyst.Span compared = calendar.comparedRange();
                if (compared != null) {
                    same(about, metric.previous(), naive.metric(compared));
                }
            }
            case TableAnswer table -> compareTable(about, json, table, naive);
        }
    }

    static void compareTrend(String about, TrendAnswer trend, NaiveAnalyst.Trend naive) {
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < trend.question().buckets().size(); i++) {
            times.add(trend.question().buckets().time(i));
        }
        assertThat(times).as(about).isEqualTo(naive.times());
        Map<String, List<@Nullable Double>> lines = new LinkedHashMap<>();
        List<TrendAnswer.Line> all = new ArrayList<>(trend.totals());
        if (trend.question().breakdown() != null) {
            all.addAll(trend.lines());
        }
        for (TrendAnswer.Line line : all) {
            String label = line.breakdown() == null ? null : line.breakdown().label();
            lines.put(label + " " + line.measure() + (line.compare() ? " compared" : ""), line.values());
        }
        assertThat(lines.keySet())
                .as(about)
                .containsExactlyInAnyOrderElementsOf(naive.lines().keySet());
        assertThat(rankedLabels(lines)).as(about).isEqualTo(rankedLabels(naive.lines()));
        for (Map.Entry<String, List<@Nullable Double>> line : lines.entrySet()) {
            same(line.getKey() + " " + about, line.getValue(), naive.lines().get(line.getKey()));
        }
    }

    private static List<String> rankedLabels(Map<String, List<@Nullable Double>> lines) {
        return lines.keySet().stream().filter(key -> key.endsWith(" m0")).toList();
    }

    private static void compareTable(String about, JsonNode json, TableAnswer table, NaiveAnalyst naive) {
        List<NaiveAnalyst.Row> all = naive.table();
        int offset = json.path("offset").asInt();
        int limit = json.path("limit").asInt();
        List<NaiveAnalyst.Row> page = all.stream().skip(offset).limit(limit).toList();
        assertThat(table.totalRows()).as(about).isEqualTo(all.size());
        assertThat(table.rows()).as(about).hasSameSizeAs(page);
        for (int i = 0; i < page.size(); i++) {
            List<@Nullable String> labels = new ArrayList<>();
            for (BreakdownValue value : table.rows().get(i).breakdown()) {
                labels.add(value instanceof BreakdownValue.None ? null : value.label());
            }
            assertThat(labels).as(about).isEqualTo(page.get(i).labels());
            same(about, table.rows().get(i).values(), page.get(i).values());
        }
        same(about, table.totals(), naive.metric(new NaiveCalendar(json, DayOfWeek.MONDAY).range()));
    }

    static void same(String about, @Nullable List<@Nullable Double> actual, @Nullable List<@Nullable Double> expected) {
        assertThat(actual).as(about).isNotNull().hasSameSizeAs(expected);
        for (int i = 0; actual != null && expected != null && i < expected.size(); i++) {
            Double right = expected.get(i);
            if (right == null) {
                assertThat(actual.get(i)).as(about + " at " + i).isNull();
            } else {
                assertThat(actual.get(i))
                        .as(about + " at " + i)
                        .isNotNull()
                        .isCloseTo(right, within(1e-9 * Math.max(1, Math.abs(right))));
            }
        }
    }
}
