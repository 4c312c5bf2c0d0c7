package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.ContextField;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Property;
import dev.tidemark.query.Question;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import dev.tidemark.query.Scalar;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryIndexTest {
    private static final Question QUESTION = QuestionReader.read(
            StandingFixture.json(
                    "{'type':'metric','range':{'last':'7d'},'measures':[{'name':'n','measure':'events'}]}"),
            QuestionContext.plain(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC, DayOfWeek.MONDAY));
    private static final Property COUNTRY = new Property.Context(ContextField.COUNTRY);
    private static final Property OS = new Property.Context(ContextField.OS);
    private static final List<String> COUNTRIES = List.of("DE", "FR", "BR", "NP");
    private static final List<String> TYPES = List.of("view", "buy", "stay");

    @TempDir
    Path directory;

    private StandingFixture events;

    @BeforeEach
    void open() {
        events = new StandingFixture(directory, new InThisThread());
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void findsEachQueryThatAnEventCanConcernOnceAndNoOther() {
        long seed = 17;
        SplittableRandom random = new SplittableRandom(seed);
        QueryIndex index = new QueryIndex();
        Map<StandingQuery, Interest> all = new HashMap<>();
        for (int step = 0; step < 3_000; step++) {
            if (all.size() < 40 || random.nextInt(3) == 0) {
                StandingQuery query = query(step);
                Interest interest = interest(random);
                all.put(query, interest);
                index.add(query, interest);
            } else if (random.nextInt(3) == 0) {
                StandingQuery gone = List.copyOf(all.keySet()).get(random.nextInt(all.size()));
                all.remove(gone);
                index.remove(gone);
                index.remove(gone);
            }
            StoredEvent event =
                    events.event(StandingFixture.ACME, TYPES.get(random.nextInt(3)), COUNTRIES.get(random.nextInt(4)));
            List<StandingQuery> found = new ArrayList<>();
            index.find(event, found::add);
            Set<StandingQuery> concerned = new HashSet<>();
            all.forEach((query, interest) -> {
                if (interest.covers(event)) {
                    concerned.add(query);
                }
            });
            assertThat(found).as("seed %d step %d", seed, step).doesNotHaveDuplicates();
            assertThat(new HashSet<>(found)).as("seed %d step %d", seed, step).isEqualTo(concerned);
            assertThat(index.size()).isEqualTo(all.size());
        }
        List.copyOf(all.keySet()).forEach(index::remove);
        assertThat(index.isEmpty()).isTrue();
    }

    private static Interest interest(SplittableRandom random) {
        Set<String> types = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            types.add(TYPES.get(random.nextInt(3)));
        }
        Map<Property, Scalar> pins = new HashMap<>();
        if (random.nextInt(4) > 0) {
            pins.put(COUNTRY, new Scalar.Text(COUNTRIES.get(random.nextInt(4))));
        }
        if (random.nextInt(3) == 0) {
            pins.put(OS, new Scalar.Text(random.nextBoolean() ? "iOS" : "Android"));
        }
        return new Interest(types, pins);
    }

    private static StandingQuery query(int number) {
        return new StandingQuery(StandingFixture.ACME, QUESTION, "q" + number);
    }
}
