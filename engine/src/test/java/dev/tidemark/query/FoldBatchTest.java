package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldBatchTest {
    private static final int SETS = 30;
    private static final Map<String, List<String>> PINNED = Map.of(
            "country", List.of("'DE'", "'BR'", "'日本'", "'{tenant:String}'", "''", "'nowhere'", "5"),
            "event_type", List.of("'view'", "'buy'", "'größe ✓'", "'unknown'"),
            "user_id", List.of("'user-1'", "'user-2'", "'user-3'", "''", "true"),
            "properties.plan", List.of("'free'", "'team'", "''", "'5'", "5", "'\\n'"),
            "properties.mixed", List.of("'5'", "5", "0", "-0.0", "true", "false", "''", "2.5", "'it's'", "'\\\"'"),
            "properties.amount", List.of("0", "-0.0", "1", "5", "0.0009765625", "1099511627776", "7.25"),
            "user.a.b", List.of("'free'", "5", "0", "true", "false", "'{p0:String}'"));

    private final QueryFixture fixture = new QueryFixture();
    private final SettableTime time = new SettableTime("2025-03-30T01:10:00Z");

    /** Counts statements, and refuses those of several questions that ask for more than so many values of something. */
    private static final class Watched extends ForwardingStore {
        private final AtomicInteger statements = new AtomicInteger();
        private final int mostValues;

        Watched(EventStore store, int mostValues) {
            super(store);
            this.mostValues = mostValues;
        }

        @Override
        public Rows query(TenantId tenant, Select select) {
            assertThat(select.tenant()).isEqualTo(tenant);
            statements.incrementAndGet();
            boolean isLarge = select.sql().contains(" AS v0")
                    && select.values().values().stream()
                            .anyMatch(value -> value instanceof List<?> list && list.size() > mostValues);
            if (isLarge) {
                throw new TidemarkException(ErrorCode.QUERY_TOO_EXPENSIVE, "too much at once");
            }
            return super.query(tenant, select);
        }
    }

    private QueryEngine engine(EventStore store) {
        return new QueryEngine(store, Planner.ofEventsOnly(), null, time, new SimpleMeterRegistry());
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000", "2, 3"})
    void foldsThatBeginTogetherAnswerWhatEachAloneWouldWhateverTheyArePinnedTo(long seed, int mostValues) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant around = time.instant();
        Watched store = new Watched(fixture.store, mostValues);
        QueryEngine engine = engine(store);
        List<List<StoredEvent>> sets = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            boolean ofFunnels = set % 3 == 0;
            sets.add(
                    ofFunnels
                            ? FunnelSets.random(tenant, around, 60_000, 30, random.nextInt(1, 60), random.nextLong())
                            : new RandomEvents(tenant, around, random.nextLong()).take(random.nextInt(1, 200)));
            all.addAll(sets.getLast());
        }
        fixture.insert(all);
        int shared = 0;
        for (int set = 0; set < SETS; set++) {
            boolean ofFunnels = set % 3 == 0;
            ObjectNode json = ofFunnels
                    ? new RandomFunnels("Europe/Berlin", around, 60_000, 30, random.nextLong()).next()
                    : new RollingQuestions(ZoneId.of("Europe/Berlin"), around, random.nextLong()).next(false);
            List<ObjectNode> variants = variants(json, ofFunnels, random);
            List<Question> questions;
            try {
                questions =
                        variants.stream().map(each -> FoldTest.read(each, time)).toList();
            } catch (TidemarkException tooManyBuckets) {
                continue;
            }
            List<StoredEvent> events = sets.get(set);
            TenantId tenant = events.getFirst().event().tenant();
            int begun = random.nextInt(events.size() + 1);
            store.statements.set(0);
            List<Optional<Fold>> folds = engine.folds(tenant, questions, begun, time.instant());
            int statements = store.statements.get();
            assertThat(folds).hasSameSizeAs(questions);
            for (int i = 0; i < folds.size(); i++) {
                Fold fold = folds.get(i).orElseThrow();
                assertThat(fold.question()).isEqualTo(questions.get(i));
                for (StoredEvent event : events.subList(begun, events.size())) {
                    if (fold.interest().covers(event)) {
                        fold.add(event);
                    }
                }
                String about = "seed " + seed + " set " + set + " begun " + begun + " of " + folds.size() + " "
                        + variants.get(i);
                JsonNode expected =
                        engine(fixture.store).answer(tenant, questions.get(i)).toJson();
                FoldTest.same(about, fold.current().orElseThrow().toJson(), expected);
            }
            long forms = questions.stream().map(Fold::form).distinct().count();
            if (mostValues > 1_000) {
                store.statements.set(0);
                questions.stream()
                        .collect(Collectors.toMap(Fold::form, each -> each, (a, _) -> a))
                        .values()
                        .forEach(one -> engine.fold(tenant, one, begun));
                assertThat(statements).isEqualTo(store.statements.get());
            }
            shared += forms < questions.size() ? 1 : 0;
        }
        assertThat(shared).isGreaterThan(SETS / 2);
    }

    /** The same question with one or two pins, whose values differ, and perhaps a third that they have in common. */
    private static List<ObjectNode> variants(ObjectNode json, boolean ofFunnels, SplittableRandom random) {
        List<String> properties =
                new ArrayList<>(PINNED.keySet().stream().sorted().toList());
        List<String> pinned = new ArrayList<>();
        if (ofFunnels) {
            pinned.add("country");
        }
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            pinned.add(properties.get(random.nextInt(properties.size())));
        }
        boolean twice = random.nextInt(6) == 0;
        JsonNode own = json.get("filter");
        List<ObjectNode> variants = new ArrayList<>();
        for (int i = random.nextInt(2, 10); i > 0; i--) {
            ObjectNode variant = json.deepCopy();
            ArrayNode all = variant.putObject("filter").putArray("and");
            for (String property : pinned) {
                List<String> values = PINNED.getOrDefault(property, List.of());
                String value = values.get(random.nextInt(values.size()));
                boolean asList = random.nextInt(4) == 0;
                all.add(QueryFixture.parsed("{\"property\":\"" + property + "\",\"operator\":\""
                        + (asList ? "in\",\"value\":[" : "eq\",\"value\":")
                        + literal(value)
                        + (asList ? "]}" : "}")));
            }
            if (twice) {
                all.add(all.get(0).deepCopy());
            }
            if (own != null) {
                all.insert(random.nextInt(all.size() + 1), own.deepCopy());
            }
            variants.add(variant);
        }
        return variants;
    }

    private static String literal(String value) {
        return value.startsWith("'") ? "\"" + value.substring(1, value.length() - 1) + "\"" : value;
    }

    @Test
    void questionsHaveOneFormExactlyWhenOnlyValuesThatTheyArePinnedToDiffer() {
        String one = form("{'property':'country','operator':'eq','value':'DE'}");
        assertThat(form("{'property':'country','operator':'in','value':['BR']}"))
                .isEqualTo(one);
        assertThat(form("{'property':'country','operator':'eq','value':5}")).isNotEqualTo(one);
        assertThat(form("{'property':'city','operator':'eq','value':'DE'}")).isNotEqualTo(one);
        assertThat(form("{'property':'country','operator':'in','value':['BR','DE']}"))
                .isNotEqualTo(one);
        assertThat(form("{'not':{'property':'country','operator':'eq','value':'DE'}}"))
                .isNotEqualTo(form("{'not':{'property':'country','operator':'eq','value':'BR'}}"));
        assertThat(form("{'or':[{'property':'country','operator':'eq','value':'DE'}]}"))
                .isNotEqualTo(form("{'or':[{'property':'country','operator':'eq','value':'BR'}]}"));
        String contradiction = form("{'and':[{'property':'country','operator':'eq','value':'DE'},"
                + "{'property':'country','operator':'eq','value':''}]}");
        assertThat(contradiction).isNotEqualTo(form("{'and':[{'property':'country','operator':'eq','value':'DE'}]}"));
        assertThat(contradiction)
                .isEqualTo(form("{'and':[{'property':'country','operator':'eq','value':'FR'},"
                        + "{'property':'country','operator':'eq','value':''}]}"));
    }

    private static String form(String filter) {
        return Fold.form(QueryFixture.question(
                "{'type':'metric','measures':[{'measure':'events'}],'range':{'last':'7d'},'filter':" + filter + "}"));
    }

    @Test
    void whoHadToWaitBeyondTheMinuteMovesOnAllTheSame() {
        TenantId tenant = QueryFixture.newTenant();
        JsonNode json = QueryFixture.json("{'type':'trend','interval':'minute','range':{'last':'30m'},"
                + "'measures':[{'measure':'events'}],'filter':{'property':'country','operator':'eq','value':'DE'}}");
        Instant asked = time.instant();
        Question question = FoldTest.read(json, time);
        time.advance(Duration.ofMinutes(3));
        Fold fold = engine(fixture.store)
                .folds(tenant, List.of(question), 0, asked)
                .getFirst()
                .orElseThrow();
        assertThat(fold.moveTo(FoldTest.read(json, time))).isTrue();
    }

    @Test
    void oneThatHoldsTooMuchDoesNotKeepTheOthersFromBeginning() {
        TenantId tenant = QueryFixture.newTenant();
        long at = Instant.parse("2025-04-15T00:00:00Z").toEpochMilli();
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < MeasureFold.MOST_CELLS + 200; i++) {
            String kind = i % 400 == 0 ? "small" : "large";
            events.add(FunnelSets.event(tenant, i, "a", at, "user-" + i, null, null, Map.of("kind", kind)));
        }
        fixture.insert(events);
        List<Question> questions = List.of("large", "small", "none").stream()
                .map(kind -> QueryFixture.question("{'type':'table','measures':[{'measure':'events'}],"
                        + "'breakdowns':['user_id'],'range':{'start_time':'2025-03-01','end_time':'2025-05-30'},"
                        + "'filter':{'property':'properties.kind','operator':'eq','value':'" + kind + "'}}"))
                .toList();
        List<Optional<Fold>> alone = questions.stream()
                .map(question -> fixture.engine.fold(tenant, question, Long.MAX_VALUE))
                .toList();
        List<Optional<Fold>> together = fixture.engine.folds(tenant, questions, Long.MAX_VALUE, QueryFixture.NOW);
        assertThat(together.stream().map(Optional::isPresent))
                .isEqualTo(alone.stream().map(Optional::isPresent).toList());
        assertThat(alone.stream().map(Optional::isPresent)).containsExactly(false, true, true);
        assertThat(together.get(1).orElseThrow().current().orElseThrow().toJson())
                .isEqualTo(alone.get(1).orElseThrow().current().orElseThrow().toJson());
    }
}
