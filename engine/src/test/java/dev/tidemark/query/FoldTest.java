package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
    private static final int SETS = Integer.getInteger("tidemark.fold.sets", 36);
    private static final int QUESTIONS = 3;
    private static final int MOMENTS = 3;
    private static final int AT_ONCE = 6;
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(1),
            Duration.ofSeconds(7),
            Duration.ofMinutes(1),
            Duration.ofMinutes(4),
            Duration.ofHours(1),
            Duration.ofHours(5),
            Duration.ofDays(1));

    private final QueryFixture fixture = new QueryFixture();
    private final AtomicInteger moved = new AtomicInteger();
    private final AtomicInteger begunAgain = new AtomicInteger();

    /**
     * Events as they come in: the store has all of them in the tenant of the last moment, and those that had come in by each earlier
     * moment in that moment's tenant.
     */
    private record Arrivals(List<TenantId> tenants, List<StoredEvent> events, int begun, List<Integer> counts) {}

    private record Case(String about, Arrivals arrivals, ObjectNode json, Instant begin, List<Duration> steps) {}

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 1",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 2",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 3",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 4",
    })
    void isAlwaysWhatTheEngineWouldAnswer(String zone, String middle, long seed) throws Exception {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            boolean near = set % 2 == 0;
            int count = set == 0 ? 0 : seeds.nextInt(1, 120);
            long eventSeed = seeds.nextLong();
            Arrivals arrivals = arrivals(
                    tenant -> {
                        RandomEvents events = new RandomEvents(tenant, around, eventSeed);
                        return near ? events.takeNear(count) : events.take(count);
                    },
                    seeds.split(),
                    all);
            RollingQuestions questions = new RollingQuestions(ZoneId.of(zone), around, seeds.nextLong());
            for (int i = 0; i < QUESTIONS; i++) {
                cases.add(new Case(
                        "seed " + seed + " set " + set,
                        arrivals,
                        questions.next(near),
                        around.minusSeconds(seeds.nextInt(5_400)),
                        STEPS.subList(0, near ? 4 : STEPS.size())));
            }
        }
        follow(all, cases, seeds);
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 60000, 30, 5",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 1200000, 80, 6",
    })
    void followsFunnels(String zone, String middle, long stepMillis, int spread, long seed) throws Exception {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        boolean near = stepMillis < 600_000;
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < 2 * SETS; set++) {
            int count = seeds.nextInt(1, 30);
            long eventSeed = seeds.nextLong();
            Arrivals arrivals = arrivals(
                    tenant -> FunnelSets.random(tenant, around, stepMillis, spread, count, eventSeed),
                    seeds.split(),
                    all);
            ObjectNode json = new RandomFunnels(zone, around, stepMillis, spread, seeds.nextLong()).next();
            if (seeds.nextInt(4) > 0) {
                List<String> lasts = near ? List.of("10m", "30m", "1h") : List.of("12h", "1d", "2d");
                json.putObject("range").put("last", lasts.get(seeds.nextInt(3)));
            }
            cases.add(new Case(
                    "seed " + seed + " set " + set,
                    arrivals,
                    json,
                    around.minusSeconds(seeds.nextInt(900)),
                    STEPS.subList(0, near ? 4 : STEPS.size())));
        }
        follow(all, cases, seeds);
    }

    private static Arrivals arrivals(
            Function<TenantId, List<StoredEvent>> events, SplittableRandom random, List<StoredEvent> all) {
        List<TenantId> tenants = new ArrayList<>();
        List<List<StoredEvent>> copies = new ArrayList<>();
        for (int moment = 0; moment < MOMENTS; moment++) {
            tenants.add(QueryFixture.newTenant());
            copies.add(events.apply(tenants.getLast()));
        }
        int count = copies.getLast().size();
        int begun = random.nextInt(count + 1);
        List<Integer> order = new ArrayList<>();
        for (int i = begun; i < count; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(random.nextLong()));
        List<Integer> counts = new ArrayList<>();
        for (int moment = 0; moment < MOMENTS; moment++) {
            counts.add(moment == MOMENTS - 1 ? order.size() : random.nextInt(order.size() + 1));
        }
        Collections.sort(counts);
        for (int moment = 0; moment < MOMENTS; moment++) {
            all.addAll(copies.get(moment).subList(0, begun));
            for (int index : order.subList(0, counts.get(moment))) {
                all.add(copies.get(moment).get(index));
            }
        }
        return new Arrivals(
                tenants,
                order.stream().map(index -> copies.getLast().get(index)).toList(),
                begun,
                counts);
    }

    private void follow(List<StoredEvent> all, List<Case> cases, SplittableRandom seeds) throws Exception {
        fixture.insert(all);
        moved.set(0);
        begunAgain.set(0);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (Case each : cases) {
                SplittableRandom random = seeds.split();
                running.add(threads.submit(() -> follow(each, random)));
            }
            SoftAssertions softly = new SoftAssertions();
            for (Future<?> one : running) {
                softly.assertThatCode(one::get).doesNotThrowAnyException();
            }
            softly.assertAll();
        }
        assertThat(moved.get()).isGreaterThan(4 * begunAgain.get()).isGreaterThan(SETS);
    }

    private void follow(Case each, SplittableRandom random) {
        SettableTime time = new SettableTime(each.begin.toString());
        QueryEngine engine =
                new QueryEngine(fixture.store, Planner.ofEventsOnly(), null, time, new SimpleMeterRegistry());
        Arrivals arrivals = each.arrivals;
        Question question;
        try {
            question = read(each.json, time);
        } catch (TidemarkException tooManyBuckets) {
            return;
        }
        assertThat(Fold.isFor(question)).as(each.json.toString()).isTrue();
        Fold fold = engine.fold(arrivals.tenants.getLast(), question, arrivals.begun)
                .orElseThrow();
        int added = 0;
        for (int moment = 0; moment < MOMENTS; moment++) {
            for (; added < arrivals.counts.get(moment); added++) {
                StoredEvent event = arrivals.events.get(added);
                if (fold.interest().covers(event)) {
                    fold.add(event);
                }
                if (random.nextInt(6) == 0) {
                    assertThat(fold.current().isPresent()).isTrue();
                }
            }
            String about = each.about + " begun " + arrivals.begun + " moment " + moment + " " + time.instant() + " "
                    + each.json;
            Optional<Answer> current = fold.current();
            assertThat(current.isPresent()).as(about).isTrue();
            JsonNode expected = engine.answer(arrivals.tenants.get(moment), read(each.json, time))
                    .toJson();
            same(about, current.orElseThrow().toJson(), expected);
            time.advance(each.steps.get(random.nextInt(each.steps.size())));
            Question later = read(each.json, time);
            if (fold.moveTo(later)) {
                moved.incrementAndGet();
                assertThat(fold.question()).isEqualTo(later);
            } else {
                begunAgain.incrementAndGet();
                fold = engine.fold(arrivals.tenants.get(moment), later, Long.MAX_VALUE)
                        .orElseThrow();
            }
        }
    }

    static Question read(JsonNode json, SettableTime time) {
        return QuestionReader.read(json, QuestionContext.plain(time.instant(), ZoneOffset.UTC, DayOfWeek.MONDAY));
    }

    @Test
    void isGivenUpWhenItHoldsTooMuch() {
        TenantId tenant = QueryFixture.newTenant();
        Question question = QueryFixture.question(
                "{'type':'table','measures':[{'measure':'events'}],'breakdowns':['user_id'],'range':{'start_time':'2025-03-01',"
                        + "'end_time':'2025-05-30'}}");
        Fold fold = fixture.engine.fold(tenant, question, 0).orElseThrow();
        long at = Instant.parse("2025-04-15T00:00:00Z").toEpochMilli();
        for (int i = 0; i < 100_000; i++) {
            fold.add(FunnelSets.event(tenant, i, "a", at, "user-" + i, null, null, Map.of()));
            assertThat(i < 1_000 && fold.bytes() > 1_000_000).isFalse();
        }
        assertThat(fold.current().isPresent()).isFalse();
        assertThat(fold.bytes()).isLessThan(32 << 20);
    }

    static void same(String about, JsonNode actual, JsonNode expected) {
        if (expected.isNumber() && actual.isNumber()) {
            assertThat(actual.doubleValue())
                    .as(about)
                    .isCloseTo(expected.doubleValue(), within(1e-9 * Math.max(1, Math.abs(expected.doubleValue()))));
            return;
        }
        assertThat(actual.getNodeType()).as(about).isEqualTo(expected.getNodeType());
        assertThat(actual.size()).as(about).isEqualTo(expected.size());
        if (expected.isObject()) {
            for (Iterator<String> names = expected.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                assertThat(actual.has(name)).as(about + " " + name).isTrue();
                same(about + " " + name, actual.get(name), expected.get(name));
            }
        } else if (expected.isArray()) {
            for (int i = 0; i < expected.size(); i++) {
                same(about + " " + i, actual.get(i), expected.get(i));
            }
        } else {
            assertThat(actual).as(about).isEqualTo(expected);
        }
    }
}
