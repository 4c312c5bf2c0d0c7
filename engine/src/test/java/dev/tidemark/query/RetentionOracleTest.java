package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetentionOracleTest {
    private static final int SETS = 400;
    private static final int NUMBERS = 1;

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 21",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 22",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 23",
        "America/Sao_Paulo, 2018-02-18T02:30:00Z, 24",
        "Asia/Kathmandu, 2025-07-01T18:15:00Z, 25",
    })
    void answersAsTheNaiveOneDoes(String zone, String middle, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        DenseEvents source = new DenseEvents(around, random);
        Map<TenantId, List<StoredEvent>> sets = new LinkedHashMap<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            List<StoredEvent> events = source.days();
            sets.put(
                    events.isEmpty()
                            ? QueryFixture.newTenant()
                            : events.getFirst().event().tenant(),
                    events);
            all.addAll(events);
        }
        fixture.insert(all);
        RandomJourneys journeys = new RandomJourneys(ZoneId.of(zone), around, random);
        List<Case> cases = new ArrayList<>();
        sets.forEach((tenant, events) -> cases.add(new Case(
                tenant,
                events,
                journeys.retention(),
                random.nextBoolean() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY,
                random.nextInt(3) > 0 ? QueryFixture.NOW : around.plusSeconds(random.nextInt(864_000)))));
        long returned = cases.parallelStream()
                .filter(one -> seesReturns("seed " + seed, one))
                .count();
        assertThat(returned).isGreaterThan(SETS / 4);
    }

    private record Case(
            TenantId tenant, List<StoredEvent> events, JsonNode question, DayOfWeek weekStart, Instant now) {}

    private boolean seesReturns(String run, Case one) {
        Question question =
                QuestionReader.read(one.question, QuestionContext.plain(one.now, ZoneOffset.UTC, one.weekStart));
        RetentionAnswer answer = (RetentionAnswer) fixture.engine.answer(one.tenant, question);
        Map<String, NaiveRetention.Table> tables = tables(answer);
        NaiveRetention loop = new NaiveRetention(one.events, one.question, one.weekStart, one.now);
        Map<String, NaiveRetention.Table> naive = loop.tables();
        assertThat(tables).as(run + " " + one.question).isEqualTo(naive);
        assertThat(List.copyOf(tables.keySet())).as(run + " " + one.question).isEqualTo(List.copyOf(naive.keySet()));
        compareBehind(run, one, answer, loop);
        return answer.cohorts().stream()
                .anyMatch(cohort -> cohort.returned().stream().anyMatch(count -> count > 0));
    }

    /** Behind some numbers of an answer are the people who were counted, and nobody else. */
    private void compareBehind(String run, Case one, RetentionAnswer answer, NaiveRetention loop) {
        Behind behind = new Behind(fixture, one.tenant, answer.question(), one.now);
        SplittableRandom random = new SplittableRandom(one.events.size());
        // A value that is called as all others are cannot be told from them.
        List<String> groups = loop.tables().keySet().stream()
                .filter(group -> !group.equals("=$other"))
                .toList();
        List<Integer> filled = new ArrayList<>();
        for (int cohort = 0; cohort < answer.cohorts().size(); cohort++) {
            if (answer.cohorts().get(cohort).size() > 0) {
                filled.add(cohort);
            }
        }
        for (int number = 0; number < NUMBERS && !filled.isEmpty(); number++) {
            String group = groups.get(random.nextInt(groups.size()));
            int cohort = filled.get(random.nextInt(filled.size()));
            Integer period = random.nextInt(3) == 0
                    ? null
                    : (Integer) random.nextInt(answer.question().periods().count());
            ObjectNode at = JsonNodeFactory.instance.objectNode().put("cohort", cohort);
            if (period != null) {
                at.put("period", period);
            }
            if (!group.isEmpty()) {
                at.put("breakdown", group.startsWith("=") ? group.substring(1) : group);
            }
            assertThat(behind.people(at))
                    .as(run + " behind " + at + " " + one.question)
                    .isEqualTo(loop.people(group, cohort, period));
        }
    }

    private static Map<String, NaiveRetention.Table> tables(RetentionAnswer answer) {
        JsonNode data = answer.toJson();
        Map<String, NaiveRetention.Table> tables = new LinkedHashMap<>();
        tables.put("", table(data));
        for (int i = 0; i < answer.groups().size(); i++) {
            String key = switch (answer.groups().get(i).value()) {
                case BreakdownValue.Value value -> "=" + value.text();
                case BreakdownValue.Other other -> other.label();
                case BreakdownValue.None none -> none.label();
            };
            tables.put(key, table(data.get("groups").get(i)));
        }
        return tables;
    }

    private static NaiveRetention.Table table(JsonNode data) {
        List<String> cohorts = new ArrayList<>();
        for (JsonNode cohort : data.get("cohorts")) {
            long size = cohort.get("size").asLong();
            StringBuilder row = new StringBuilder(
                    OffsetDateTime.parse(cohort.get("time").asText()).toInstant() + " " + size + ":");
            int period = 0;
            for (JsonNode cell : cohort.get("cells")) {
                long returned = cell.get("returned").asLong();
                assertThat(cell.get("period").asInt()).isEqualTo(period++);
                assertRate(cell.get("rate"), returned, size);
                row.append(" ").append(returned).append("/").append(cell.has("partial"));
            }
            cohorts.add(row.toString());
        }
        List<String> average = new ArrayList<>();
        for (JsonNode column : data.get("average")) {
            long returned = column.get("returned").asLong();
            long size = column.get("size").asLong();
            assertRate(column.get("rate"), returned, size);
            average.add(returned + "/" + size);
        }
        return new NaiveRetention.Table(cohorts, average);
    }

    private static void assertRate(JsonNode rate, long part, long whole) {
        if (whole == 0) {
            assertThat(rate.isNull()).isTrue();
        } else {
            assertThat(rate.asDouble()).isEqualTo((double) part / whole);
        }
    }
}
