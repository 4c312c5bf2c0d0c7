package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FunnelOracleTest {
    private static final int SETS = Integer.getInteger("tidemark.funnel.sets", 120);
    private static final int AT_ONCE = 6;

    private final QueryFixture fixture = new QueryFixture();

    private record Case(String about, TenantId tenant, List<StoredEvent> events, ObjectNode json) {}

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 1000, 12, 21",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 1200000, 80, 22",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 1000, 5, 23",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 1800000, 30, 24",
        "UTC, 2024-02-29T00:00:00Z, 2000, 20, 25",
    })
    void answersAsTheNaiveFunnelDoes(String zone, String middle, long stepMillis, int spread, long seed)
            throws Exception {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            int size = set < 3 ? set : seeds.nextInt(3, 24);
            List<StoredEvent> events = FunnelSets.random(tenant, around, stepMillis, spread, size, seeds.nextLong());
            ObjectNode json = new RandomFunnels(zone, around, stepMillis, spread, seeds.nextLong()).next();
            cases.add(new Case("seed " + seed + " set " + set + " " + json, tenant, events, json));
            all.addAll(events);
        }
        fixture.insert(all);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            cases.forEach(each -> running.add(threads.submit(() -> compare(each))));
            SoftAssertions softly = new SoftAssertions();
            for (Future<?> one : running) {
                softly.assertThatCode(one::get).doesNotThrowAnyException();
            }
            softly.assertAll();
        }
    }

    private void compare(Case each) {
        Question question = QuestionReader.read(
                each.json, QuestionContext.plain(QueryFixture.NOW, ZoneOffset.UTC, DayOfWeek.MONDAY));
        FunnelAnswer answer;
        try {
            answer = (FunnelAnswer) fixture.engine.answer(each.tenant, question);
        } catch (RuntimeException failure) {
            throw new AssertionError(each.about, failure);
        }
        NaiveFunnel naive = new NaiveFunnel(each.events, each.json, new NaiveCalendar(each.json, DayOfWeek.MONDAY));
        String about = each.about + "\n" + shown(each.events);
        same(about, answer.steps(), naive.steps(naive.attempts()));
        Map<String, List<FunnelAnswer.Step>> groups = new LinkedHashMap<>();
        answer.groups()
                .forEach(group -> groups.put(
                        group.value() instanceof BreakdownValue.Value(String text)
                                ? "=" + text
                                : group.value().label(),
                        group.steps()));
        if (each.json.has("breakdown")) {
            Map<String, List<NaiveFunnel.Attempt>> expected = naive.groups();
            assertThat(groups.keySet()).as(about).containsExactlyElementsOf(expected.keySet());
            expected.forEach((label, attempts) ->
                    same(about + label, groups.getOrDefault(label, List.of()), naive.steps(attempts)));
        }
        if (each.json.has("interval")) {
            List<List<Long>> expected = naive.overTime().stream()
                    .map(attempts -> naive.steps(attempts).stream()
                            .map(step -> step.getFirst().longValue())
                            .toList())
                    .toList();
            assertThat(answer.overTime()).as(about).isEqualTo(expected);
        }
    }

    private static void same(String about, List<FunnelAnswer.Step> actual, List<List<@Nullable Double>> expected) {
        assertThat(actual.stream().map(step -> (double) step.count()))
                .as(about)
                .containsExactlyElementsOf(expected.stream().map(List::getFirst).toList());
        for (int step = 0; step < expected.size(); step++) {
            FunnelAnswer.Seconds seconds = actual.get(step).seconds();
            List<@Nullable Double> wanted = expected.get(step);
            if (wanted.get(1) == null) {
                assertThat(seconds).as(about).isNull();
            } else {
                assertThat(seconds).as(about).isNotNull();
                assertThat(List.of(seconds.median(), seconds.avg(), seconds.p90()))
                        .as(about)
                        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a)) ? 0 : 1)
                        .containsExactly(wanted.get(1), wanted.get(2), wanted.get(3));
            }
        }
    }

    private static String shown(List<StoredEvent> events) {
        StringBuilder text = new StringBuilder();
        events.stream()
                .sorted((one, two) ->
                        Long.compare(one.event().timestampMillis(), two.event().timestampMillis()))
                .forEach(event -> text.append(Instant.ofEpochMilli(event.event().timestampMillis()))
                        .append(' ')
                        .append(event.event().type())
                        .append(' ')
                        .append(event.person())
                        .append(' ')
                        .append(event.event().sessionId())
                        .append(' ')
                        .append(event.event().properties().strings())
                        .append('\n'));
        return text.toString();
    }
}
