package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of periods as the engine computes them, at and around every edge. */
final class PeriodIndexTest {
    private static final int AT_ONCE = 3_000;

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, DAY, 2024-03-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "Europe/Berlin, WEEK, 2024-03-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "Europe/Berlin, DAY, 2015-01-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "America/Sao_Paulo, WEEK, 2017-01-01T00:00:00Z, 2019-12-01T00:00:00Z",
        "Pacific/Apia, DAY, 2011-12-20T00:00:00Z, 2012-01-10T00:00:00Z",
        "Australia/Lord_Howe, DAY, 2025-03-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "Asia/Kathmandu, DAY, 1985-12-20T00:00:00Z, 1986-01-10T00:00:00Z",
        "Europe/Berlin, MONTH, 2025-01-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "UTC, MONTH, 2015-01-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "UTC, WEEK, 2025-01-01T00:00:00Z, 2025-12-01T00:00:00Z",
        "UTC, DAY, 2025-01-01T00:00:00Z, 2025-01-02T00:00:00Z",
    })
    void numbersEachTimeByItsPeriod(String zone, Interval interval, Instant from, Instant to) {
        List<Long> edges = Buckets.cut(new TimeRange(from, to), interval, ZoneId.of(zone), DayOfWeek.MONDAY)
                .edges();
        SplittableRandom random = new SplittableRandom(7);
        List<Long> times = new ArrayList<>();
        for (int period = 0; period < edges.size() - 1; period++) {
            long start = edges.get(period);
            long end = edges.get(period + 1);
            times.addAll(List.of(start, start + 1, end - 3_600_001, end - 3_600_000, end - 1));
            times.add(random.nextLong(start, end));
        }
        for (int first = 0; first < times.size(); first += AT_ONCE) {
            compare(edges, times.subList(first, Math.min(first + AT_ONCE, times.size())));
        }
    }

    private void compare(List<Long> edges, List<Long> times) {
        Rows rows = ask(edges, times);
        assertThat(rows.size()).isEqualTo(times.size());
        for (int row = 0; row < rows.size(); row++) {
            long time = rows.longAt(row, 0);
            assertThat(rows.longAt(row, 1))
                    .as("%s", Instant.ofEpochMilli(time))
                    .isEqualTo(edges.stream().filter(edge -> edge <= time).count() - 1);
            assertThat(rows.longAt(row, 2)).isEqualTo(rows.longAt(row, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin, DAY", "Europe/Berlin, MONTH", "UTC, WEEK"})
    void putsTimesBeyondEitherEndIntoTheFirstAndTheLast(String zone, Interval interval) {
        List<Long> edges = Buckets.cut(
                        new TimeRange(Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2025-12-01T00:00:00Z")),
                        interval,
                        ZoneId.of(zone),
                        DayOfWeek.MONDAY)
                .edges();
        Rows rows = ask(edges, List.of(0L, edges.getFirst() - 1, edges.getLast(), TimeRange.LAST_MILLIS));
        List<Long> numbers = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            numbers.add(rows.longAt(row, 2));
        }
        assertThat(numbers).containsExactly(0L, 0L, edges.size() - 2L, edges.size() - 2L);
    }

    private Rows ask(List<Long> edges, List<Long> times) {
        List<StoredEvent> one =
                new RandomPeople(QueryFixture.newTenant(), Instant.parse("2025-03-01T00:00:00Z"), 1).take(1);
        TenantId tenant = one.getFirst().event().tenant();
        fixture.insert(one);
        Parameters parameters = new Parameters(tenant);
        PeriodIndex index = new PeriodIndex(edges, parameters);
        return fixture.store.query(
                tenant,
                Source.EVENTS
                        .select(parameters, TimeRange.EVER)
                        .arrayJoin(parameters.integers(times) + " AS time")
                        .column("time", "time")
                        .column(index.of("time"), "number")
                        .column(index.clamped("time"), "nearest")
                        .build());
    }
}
