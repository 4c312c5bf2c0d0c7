package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Positions;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.TouchedTimes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeptBucketsTest {
    private static final int STEPS = 40;
    private static final Instant AROUND = Instant.parse("2025-03-29T12:00:00Z");

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final Positions positions = new Positions();
    private final KeptBuckets kept = new KeptBuckets(positions, ByteSize.mebibytes(8), TimeSource.system());
    private final InterruptingStore store = new InterruptingStore(fixture.store);
    private final QueryEngine engine = new QueryEngine(
            store, Planner.of(() -> QueryFixture.NOW), kept, TimeSource.system(), new SimpleMeterRegistry());

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 1",
        "Europe/Berlin, 2",
        "America/Sao_Paulo, 3",
        "Asia/Kathmandu, 4",
        "Asia/Kathmandu, 5",
        "UTC, 6",
        "UTC, 7",
        "UTC, 8"
    })
    void equalsAFreshAnswerAtEveryMomentWhateverArrivesInBetween(String zone, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<StoredEvent> coming = new ArrayList<>(new RandomEvents(tenant, AROUND, seed).take(400));
        RandomQuestions questions = new RandomQuestions(ZoneId.of(zone), AROUND, seed);
        List<JsonNode> pool = new ArrayList<>();
        while (pool.size() < 5) {
            JsonNode question = questions.next();
            if (question.get("type").asText().equals("trend")) {
                pool.add(question);
            }
        }
        pool.add(QueryFixture.json("{'type':'trend','interval':'day','range':{'last':'14d'},'zone':'" + zone + "',"
                + "'measures':[{'measure':'events'},{'measure':'users'}],"
                + "'breakdown':{'property':'country','limit':2}}"));
        Instant now = AROUND;
        List<StoredEvent> unannounced = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            String about = "seed " + seed + " step " + step;
            now = now.plusSeconds(random.nextInt(20_000));
            switch (random.nextInt(4)) {
                case 0 -> {
                    fixture.insert(take(coming, unannounced, 1 + random.nextInt(6)));
                    ask(pool, random, now);
                    announce(unannounced);
                }
                case 1 -> {
                    boolean before = random.nextBoolean();
                    store.interruptNext(before, () -> {
                        fixture.insert(take(coming, unannounced, 1 + random.nextInt(3)));
                        announce(unannounced);
                    });
                    ask(pool, random, now);
                    store.interruptNext(false, null);
                }
                default -> {}
            }
            Question question = question(pool.get(random.nextInt(pool.size())), now);
            assertThat(engine.answer(tenant, question))
                    .as(about + " " + question.cacheKey())
                    .isEqualTo(fixture.engine.answer(tenant, question));
        }
    }

    @Test
    void aRefreshAsksForTheBucketsThatWereTouchedOnly() {
        List<StoredEvent> events = new RandomEvents(tenant, AROUND, 3).take(50);
        fixture.insert(events);
        Question question = QueryFixture.question("{'type':'trend','interval':'day','measures':[{'measure':'users'}],"
                + "'range':{'start_time':'2025-03-01','end_time':'2025-03-31'}}");
        Answer first = engine.answer(tenant, question);
        QueryEngine.Explained again = engine.explain(tenant, question);
        assertThat(again.result()).isEqualTo(first);
        assertThat(again.explanation().get("path").asText()).isEqualTo("cache");
        assertThat(again.explanation().at("/buckets/from_cache").asInt()).isEqualTo(31);
        touch(7, "2025-03-10T10:00:00Z", "2025-03-30T23:59:59Z");
        JsonNode touched = engine.explain(tenant, question).explanation();
        assertThat(touched.at("/buckets/from_cache").asInt()).isEqualTo(29);
        assertThat(touched.get("statements")).hasSize(2);
        kept.forget(tenant);
        assertThat(engine.explain(tenant, question)
                        .explanation()
                        .at("/buckets/from_cache")
                        .asInt())
                .isZero();
    }

    @Test
    void countsOnlyTheRestForARankingByNumbersOfEvents() {
        fixture.insert(new RandomEvents(tenant, AROUND, 4).take(200));
        String trend = "{'type':'trend','interval':'day','measures':[{'measure':'%s'}],"
                + "'breakdown':{'property':'country','limit':2},"
                + "'range':{'start_time':'2025-03-01','end_time':'2025-03-31'}}";
        for (String measure : List.of("events", "users")) {
            Question question =
                    question(QueryFixture.json(trend.formatted(measure)), Instant.parse("2025-03-31T12:00:00Z"));
            engine.answer(tenant, question);
            touch(positions.of(tenant) + 1, "2025-03-31T12:00:00Z");
            JsonNode explained = engine.explain(tenant, question).explanation();
            List<String> starts = new ArrayList<>();
            explained
                    .get("statements")
                    .forEach(statement ->
                            starts.add(statement.at("/parameters/p1").asText()));
            String today = "2025-03-31";
            String all = "2025-03-01";
            assertThat(starts).as(measure).hasSize(2).last().isEqualTo(today);
            assertThat(starts).as(measure).first().isEqualTo(measure.equals("events") ? today : all);
        }
    }

    @Test
    void asksInFewRunsHoweverManyBucketsAreMissing() {
        List<@Nullable Object> found = new ArrayList<>();
        for (int bucket = 0; bucket < 20; bucket++) {
            found.add(bucket % 3 == 0 || bucket > 15 ? null : "kept");
        }
        assertThat(TrendBuckets.runs(found)).hasSize(4).last().isEqualTo(new TrendBuckets.Run(15, 20));
        for (int bucket = 0; bucket < 20; bucket++) {
            int wanted = bucket;
            if (found.get(bucket) == null) {
                assertThat(TrendBuckets.runs(found)).anyMatch(run -> run.from() <= wanted && wanted < run.to());
            }
        }
    }

    private void touch(long offset, String... moments) {
        TouchedTimes.Collector times = new TouchedTimes.Collector();
        for (String moment : moments) {
            times.add(Instant.parse(moment).toEpochMilli());
        }
        positions.advance(tenant, offset, List.of(times.times()));
    }

    private void ask(List<JsonNode> pool, SplittableRandom random, Instant now) {
        engine.answer(tenant, question(pool.get(random.nextInt(pool.size())), now));
    }

    private static Question question(JsonNode json, Instant now) {
        return QuestionReader.read(json, QuestionContext.plain(now, ZoneOffset.UTC, DayOfWeek.MONDAY));
    }

    private static List<StoredEvent> take(List<StoredEvent> coming, List<StoredEvent> unannounced, int count) {
        List<StoredEvent> taken = new ArrayList<>(coming.subList(0, Math.min(count, coming.size())));
        coming.subList(0, taken.size()).clear();
        unannounced.addAll(taken);
        return taken;
    }

    private void announce(List<StoredEvent> events) {
        TouchedTimes.Collector times = new TouchedTimes.Collector();
        long offset = positions.of(tenant);
        for (StoredEvent event : events) {
            times.add(event.event().timestampMillis());
            offset = Math.max(offset, event.address().offset());
        }
        positions.advance(tenant, offset, List.of(times.times()));
        events.clear();
    }

    /** Lets something happen just before or just after the next statement. */
    private static final class InterruptingStore extends ForwardingStore {
        private boolean before;
        private @Nullable Runnable interruption;

        InterruptingStore(dev.tidemark.store.EventStore store) {
            super(store);
        }

        void interruptNext(boolean beforeStatement, @Nullable Runnable happening) {
            before = beforeStatement;
            interruption = happening;
        }

        @Override
        public Rows query(TenantId tenant, Select select) {
            Runnable happening = interruption;
            interruption = null;
            if (before && happening != null) {
                happening.run();
            }
            Rows rows = super.query(tenant, select);
            if (!before && happening != null) {
                happening.run();
            }
            return rows;
        }
    }
}
