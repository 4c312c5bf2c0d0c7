package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trailing users, session measures and their like against a naive reading of the rules, many small sets of events each. */
final class MeasureOracleTest {
    private static final int SETS = 300;

    private final QueryFixture fixture = new QueryFixture();

    private record Case(
            TenantId tenant, List<StoredEvent> events, JsonNode question, DayOfWeek weekStart, Instant now) {}

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 21",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 22",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 23",
        "America/Sao_Paulo, 2018-02-18T02:30:00Z, 24",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 25",
        "Australia/Lord_Howe, 2025-04-05T15:00:00Z, 26",
        "Pacific/Apia, 2011-12-30T12:00:00Z, 27",
        "UTC, 2024-02-29T00:00:00Z, 28",
    })
    void answersAsTheNaiveReadingOfTheRules(String zone, String middle, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            int days = seeds.nextBoolean() ? 2 : 35;
            int size = set == 0 ? 0 : seeds.nextInt(1, 60);
            List<StoredEvent> events =
                    new VisitEvents(tenant, ZoneId.of(zone), around, days, seeds.nextLong()).take(size);
            all.addAll(events);
            Instant now = seeds.nextInt(3) > 0 || events.isEmpty()
                    ? QueryFixture.NOW
                    : Instant.ofEpochSecond(events.getFirst().event().timestampMillis() / 1000)
                            .plus(Duration.ofSeconds(seeds.nextInt(400)));
            cases.add(new Case(
                    tenant,
                    events,
                    new RandomMeasureQuestions(ZoneId.of(zone), around, seeds.nextLong()).next(),
                    seeds.nextBoolean() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY,
                    now));
        }
        fixture.insert(all);
        IntStream.range(0, SETS).parallel().forEach(set -> compare("seed " + seed + " set " + set, cases.get(set)));
    }

    private void compare(String run, Case asked) {
        JsonNode json = asked.question();
        String about = run + " " + asked.weekStart() + " at " + asked.now() + " " + json;
        Question question =
                QuestionReader.read(json, QuestionContext.plain(asked.now(), ZoneOffset.UTC, asked.weekStart()));
        MeasuredAnswer answer = (MeasuredAnswer) fixture.engine.answer(asked.tenant(), question);
        if (Planner.of(() -> QueryFixture.NOW)
                .choose((MeasuredQuestion) question)
                .isRollup()) {
            assertThat(answer).as(about).isEqualTo(fixture.ofEvents.answer(asked.tenant(), question));
        }
        NaiveCalendar calendar = new NaiveCalendar(json, asked.weekStart());
        NaiveMeasures naive = new NaiveMeasures(asked.events(), json, calendar, asked.now());
        switch (answer) {
            case TrendAnswer trend -> OracleTest.compareTrend(about, trend, naive.trend());
            case MetricAnswer metric -> {
                OracleTest.same(about, metric.values(), naive.metric(calendar.range()));
                NaiveAnalyst.Span compared = calendar.comparedRange();
                if (compared != null) {
                    OracleTest.same(about, metric.previous(), naive.metric(compared));
                }
            }
            case TableAnswer table -> compareTable(about, table, naive);
        }
    }

    private static void compareTable(String about, TableAnswer table, NaiveMeasures naive) {
        Map<List<@Nullable String>, List<@Nullable Double>> rows = naive.table();
        assertThat(table.totalRows()).as(about).isEqualTo(rows.size());
        assertThat(table.rows()).as(about).hasSameSizeAs(rows.keySet());
        Double before = Double.MAX_VALUE;
        for (TableAnswer.Row row : table.rows()) {
            List<@Nullable String> labels = new ArrayList<>();
            for (BreakdownValue value : row.breakdown()) {
                labels.add(value instanceof BreakdownValue.None ? null : value.label());
            }
            assertThat(rows).as(about).containsKey(labels);
            OracleTest.same(about + " " + labels, row.values(), rows.get(labels));
            Double first = row.values().getFirst();
            if (before == null) {
                assertThat(first).as(about).isNull();
            } else if (first != null) {
                assertThat(first).as(about).isLessThanOrEqualTo(before);
            }
            before = first;
        }
        OracleTest.same(about, table.totals(), naive.metric(naive.range()));
    }
}
