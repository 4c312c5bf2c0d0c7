package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All statistics of a number against decimal arithmetic without rounding, many sets of numbers of very different sizes. */
final class NumericStatisticsTest {
    private static final int SETS = 1_000;
    private static final List<String> FUNCTIONS = List.of("sum", "avg", "min", "max", "median", "p90", "p95", "p99");
    private static final long DAY = Instant.parse("2025-05-10T00:00:00Z").toEpochMilli();

    private final QueryFixture fixture = new QueryFixture();

    @Test
    void computesAllOfThemInEveryKindOfQuestion() {
        SplittableRandom random = new SplittableRandom(77);
        List<TenantId> tenants = new ArrayList<>();
        List<List<StoredEvent>> sets = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            List<StoredEvent> events = new ArrayList<>();
            int size = random.nextInt(0, 40);
            for (int i = 0; i < size; i++) {
                events.add(event(tenant, i, random));
            }
            tenants.add(tenant);
            sets.add(events);
            all.addAll(events);
        }
        fixture.insert(all);
        IntStream.range(0, SETS).parallel().forEach(set -> compare("set " + set, tenants.get(set), sets.get(set)));
    }

    private static StoredEvent event(TenantId tenant, int index, SplittableRandom random) {
        double number = switch (random.nextInt(5)) {
            case 0 -> random.nextInt(-3, 4);
            case 1 -> random.nextDouble() * 1e12;
            case 2 -> -random.nextDouble() * 1e12;
            case 3 -> random.nextDouble() * 1e-6;
            default -> random.nextInt(1000) / 100.0;
        };
        boolean has = random.nextInt(6) > 0;
        Attributes properties =
                new Attributes(has ? Map.of() : Map.of("n", "7"), has ? Map.of("n", number) : Map.of(), Map.of());
        Event event = new Event(
                tenant,
                new EventId("event-" + index),
                false,
                "pay",
                DAY + random.nextLong(2 * 86_400_000L),
                DAY,
                "u",
                null,
                null,
                Map.of(ContextField.COUNTRY, List.of("DE", "FR", "日本").get(random.nextInt(3))),
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, index), 5, Attributes.NONE);
    }

    private void compare(String about, TenantId tenant, List<StoredEvent> events) {
        StringBuilder measures = new StringBuilder();
        for (String function : FUNCTIONS) {
            measures.append(measures.isEmpty() ? "" : ",")
                    .append("{'measure':'" + function + "','property':'properties.n'}");
        }
        String common = "'measures':[" + measures + "],'range':{'start_time':'2025-05-10','end_time':'2025-05-11'}}";
        MetricAnswer metric = (MetricAnswer) fixture.ask(tenant, "{'type':'metric'," + common);
        same(about, metric.values(), events);
        TableAnswer table = (TableAnswer) fixture.ask(tenant, "{'type':'table','breakdowns':['country']," + common);
        for (TableAnswer.Row row : table.rows()) {
            same(about, row.values(), of(events, row.breakdown().getFirst().label()));
        }
        same(about, table.totals(), events);
        TrendAnswer trend = (TrendAnswer)
                fixture.ask(tenant, "{'type':'trend','interval':'day','breakdown':{'property':'country'}," + common);
        Map<String, List<TrendAnswer.Line>> lines = new HashMap<>();
        trend.lines()
                .forEach(line -> lines.computeIfAbsent(String.valueOf(line.breakdown()), _ -> new ArrayList<>())
                        .add(line));
        lines.values().forEach(mine -> {
            BreakdownValue country = mine.getFirst().breakdown();
            for (int day = 0; day < 2; day++) {
                int bucket = day;
                List<StoredEvent> here = of(events, country == null ? "" : country.label()).stream()
                        .filter(event -> (event.event().timestampMillis() - DAY) / 86_400_000L == bucket)
                        .toList();
                List<@Nullable Double> values = new ArrayList<>();
                mine.forEach(line -> values.add(line.values().get(bucket)));
                same(about + " " + country + " " + day, values, here);
            }
        });
        assertThat(lines).as(about).hasSize(table.rows().size());
    }

    private static List<StoredEvent> of(List<StoredEvent> events, String country) {
        return events.stream()
                .filter(event -> country.equals(event.event().context().get(ContextField.COUNTRY)))
                .toList();
    }

    private static void same(String about, List<@Nullable Double> actual, List<StoredEvent> events) {
        List<BigDecimal> numbers = events.stream()
                .map(event -> event.event().properties().numbers().get("n"))
                .filter(number -> number != null)
                .map(BigDecimal::new)
                .sorted()
                .toList();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        // What compensated summation promises, in whatever order: twice the unit roundoff of the sum of the sizes, then
        // rounded.
        double sizes = numbers.stream()
                .mapToDouble(number -> Math.abs(number.doubleValue()))
                .sum();
        double trace = sizes * Math.ulp(1.0);
        assertThat(actual.getFirst())
                .as(about)
                .isCloseTo(sum.doubleValue(), within(trace + 2 * Math.ulp(sum.doubleValue())));
        if (numbers.isEmpty()) {
            assertThat(actual.subList(1, actual.size())).as(about).containsOnlyNulls();
            return;
        }
        double average = sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128)
                .doubleValue();
        assertThat(actual.get(1)).as(about).isCloseTo(average, within(trace / numbers.size() + 3 * Math.ulp(average)));
        assertThat(actual.get(2)).as(about).isEqualTo(numbers.getFirst().doubleValue());
        assertThat(actual.get(3)).as(about).isEqualTo(numbers.getLast().doubleValue());
        List<String> levels = List.of("0.5", "0.9", "0.95", "0.99");
        for (int i = 0; i < levels.size(); i++) {
            BigDecimal rank = new BigDecimal(levels.get(i)).multiply(BigDecimal.valueOf(numbers.size() - 1L));
            int low = rank.intValue();
            BigDecimal below = numbers.get(low);
            BigDecimal above = numbers.get(Math.min(low + 1, numbers.size() - 1));
            double right = above.subtract(below)
                    .multiply(rank.subtract(BigDecimal.valueOf(low)))
                    .add(below)
                    .doubleValue();
            double span = Math.max(Math.abs(below.doubleValue()), Math.abs(above.doubleValue()));
            assertThat(actual.get(4 + i)).as(about).isCloseTo(right, within(1e-13 * Math.max(1e-300, span)));
        }
    }
}
