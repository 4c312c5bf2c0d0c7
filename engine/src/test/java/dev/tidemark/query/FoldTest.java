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
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
    private static final int SETS = 80;
    private static final int QUESTIONS = 6;

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 1",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 2",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 3",
    })
    void isAlwaysWhatTheEngineWouldAnswer(String zone, String middle, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        List<TenantId> tenants = new ArrayList<>();
        List<List<StoredEvent>> sets = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            tenants.add(tenant);
            sets.add(new RandomEvents(tenant, around, random.nextLong()).take(set == 0 ? 0 : random.nextInt(1, 150)));
        }
        fixture.insert(sets.stream().flatMap(List::stream).toList());
        int folded = 0;
        for (int set = 0; set < SETS; set++) {
            List<StoredEvent> events = sets.get(set);
            RandomQuestions questions = new RandomQuestions(ZoneId.of(zone), around, random.nextLong());
            for (int i = 0; i < QUESTIONS; i++) {
                JsonNode json = questions.next();
                Question question = QuestionReader.read(
                        json, QuestionContext.plain(QueryFixture.NOW, ZoneOffset.UTC, DayOfWeek.MONDAY));
                if (!Fold.isFor(question)) {
                    continue;
                }
                folded++;
                int begun = events.isEmpty() ? 0 : random.nextInt(events.size() + 1);
                Fold fold =
                        fixture.engine.fold(tenants.get(set), question, begun).orElseThrow();
                List<StoredEvent> later = new ArrayList<>(events.subList(begun, events.size()));
                Collections.shuffle(later, new Random(random.nextLong()));
                later.forEach(fold::add);
                String about = "seed " + seed + " set " + set + " begun " + begun + " " + json;
                assertThat(fold.current()).as(about).isPresent();
                same(
                        about,
                        fold.current().orElseThrow().toJson(),
                        fixture.ofEvents.answer(tenants.get(set), question).toJson());
            }
        }
        assertThat(folded).isGreaterThan(SETS);
    }

    @Test
    void isGivenUpWhenItHoldsTooMuch() {
        TenantId tenant = QueryFixture.newTenant();
        Question question = QueryFixture.question(
                "{'type':'trend','interval':'hour','measures':[{'measure':'users'}],'breakdown':{'property':'page_path'},"
                        + "'range':{'start_time':'2025-03-01','end_time':'2025-03-30'}}");
        Fold fold = fixture.engine.fold(tenant, question, 0).orElseThrow();
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 1_500 && fold.current().isPresent(); round++) {
            new RandomEvents(tenant, Instant.parse("2025-03-15T00:00:00Z"), random.nextLong())
                    .take(200)
                    .forEach(fold::add);
        }
        assertThat(fold.current()).isEqualTo(Optional.empty());
    }

    private static void same(String about, JsonNode actual, JsonNode expected) {
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
