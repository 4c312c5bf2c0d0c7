package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunnelCounterTest {
    private static final int SETS = Integer.getInteger("tidemark.counter.sets", 4_000);
    private static final TenantId TENANT = new TenantId("t");

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 1000, 6, 24, 221",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 1000, 2, 14, 222",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 1800000, 30, 40, 223",
    })
    void countsWhatTheNaiveFunnelDoes(String zone, String middle, long stepMillis, int spread, int most, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        for (int set = 0; set < SETS; set++) {
            List<StoredEvent> events =
                    FunnelSets.random(TENANT, around, stepMillis, spread, seeds.nextInt(1, most), seeds.nextLong());
            ObjectNode json = new RandomFunnels(zone, around, stepMillis, spread, seeds.nextLong()).next();
            FunnelQuestion question = (FunnelQuestion) QuestionReader.read(json, QueryFixture.context());
            NaiveFunnel naive = new NaiveFunnel(events, json, new NaiveCalendar(json, DayOfWeek.MONDAY));
            assertThat(counted(question, json, events))
                    .as("seed %d set %d %s\n%s", seed, set, json, events)
                    .containsExactlyInAnyOrderElementsOf(naive.attempts().stream()
                            .map(attempt -> attempt.times() + " " + attempt.value())
                            .toList());
        }
    }

    private static List<String> counted(FunnelQuestion question, JsonNode json, List<StoredEvent> events) {
        boolean ofSessions = json.get("count").asText().equals("sessions");
        Map<String, List<StoredEvent>> units = new TreeMap<>();
        for (StoredEvent event : events) {
            String unit =
                    ofSessions ? event.event().sessionId() : event.person() == 0 ? null : Long.toString(event.person());
            if (unit != null && NaiveFilter.holds(json.get("filter"), event)) {
                units.computeIfAbsent(unit, _ -> new ArrayList<>()).add(event);
            }
        }
        FunnelCounter counter = new FunnelCounter(question);
        TimeRange range = question.range();
        List<String> counted = new ArrayList<>();
        for (List<StoredEvent> unit : units.values()) {
            List<FunnelEvent> seen = unit.stream()
                    .map(event -> seen(question, event))
                    .sorted(Comparator.comparingLong(FunnelEvent::millis))
                    .toList();
            counter.attempts(seen, range.startMillis(), range.endMillis())
                    .forEach(attempt -> counted.add(attempt.times() + " " + attempt.text()));
        }
        return counted;
    }

    private static FunnelEvent seen(FunnelQuestion question, StoredEvent event) {
        int steps = 0;
        for (int i = 0; i < question.steps().size(); i++) {
            steps |= EventMatch.of(question.steps().get(i).scope()).test(event) ? 1 << i : 0;
        }
        int exclusions = 0;
        for (int i = 0; i < question.exclusions().size(); i++) {
            exclusions |= EventMatch.of(question.exclusions().get(i).scope()).test(event) ? 1 << i : 0;
        }
        FunnelQuestion.Split split = question.split();
        Scalar value = split == null ? null : EventValue.of(split.breakdown().property(), event);
        return new FunnelEvent(
                event.event().timestampMillis(), steps, exclusions, value == null ? null : EventValue.text(value));
    }
}
