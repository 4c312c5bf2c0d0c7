package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathsOracleTest {
    private static final int SETS = 300;
    private static final int NUMBERS = 1;
    private static final Pattern NUMBER =
            Pattern.compile("(?<step>\\d+)(?<ended> ended)?( (from )?(?<from>[=$].*?))??( to (?<to>[=$].*))?");

    private final QueryFixture fixture = new QueryFixture();

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 31",
        "Europe/Berlin, 2025-10-26T00:30:00Z, 32",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 33",
        "Asia/Kathmandu, 2025-07-01T18:15:00Z, 34",
        "UTC, 2024-02-29T23:30:00Z, 35",
    })
    void answersAsTheNaiveOneDoes(String zone, String middle, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        DenseEvents source = new DenseEvents(around, random);
        Map<TenantId, List<StoredEvent>> sets = new LinkedHashMap<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            List<StoredEvent> events = source.sessions();
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
        sets.forEach((tenant, events) -> cases.add(new Case(tenant, events, journeys.paths())));
        long found = cases.parallelStream()
                .filter(one -> findsPaths("seed " + seed, one))
                .count();
        assertThat(found).isGreaterThan(SETS / 4);
    }

    private record Case(TenantId tenant, List<StoredEvent> events, JsonNode question) {}

    private boolean findsPaths(String run, Case one) {
        PathsQuestion question = (PathsQuestion) QuestionReader.read(one.question, QueryFixture.context());
        NaivePaths.Found naive = new NaivePaths(one.events, one.question).found();
        assertThat(found((PathsAnswer) fixture.engine.answer(one.tenant, question)))
                .as(run + " " + one.question)
                .isEqualTo(naive);
        assertThat(found(rankedByTheEngine(one.tenant, question)))
                .as(run + " ranked by the engine " + one.question)
                .isEqualTo(naive);
        compareBehind(run, one, question);
        return !naive.paths().isEmpty();
    }

    /** Of one answer only some numbers: each is a statement. */
    private void compareBehind(String run, Case one, PathsQuestion question) {
        Behind behind = new Behind(fixture, one.tenant, question, QueryFixture.NOW);
        List<Map.Entry<String, Set<String>>> numbers = new ArrayList<>(
                new NaivePaths(one.events, one.question).behind().entrySet());
        // A value that is called as all others are cannot be told from them.
        numbers.removeIf(number -> number.getKey().contains("=$other"));
        Collections.shuffle(numbers, new Random(one.events.size()));
        for (Map.Entry<String, Set<String>> number : numbers.subList(0, Math.min(NUMBERS, numbers.size()))) {
            assertThat(behind.events(at(number.getKey(), question)))
                    .as(run + " behind " + number.getKey() + " " + one.question)
                    .isEqualTo(number.getValue());
        }
    }

    /** The number as the API names it. */
    private static ObjectNode at(String number, PathsQuestion question) {
        ObjectNode at = JsonNodeFactory.instance.objectNode();
        if (number.startsWith("path ")) {
            List<String> names =
                    List.of(number.substring(6, number.length() - 1).split(", ", -1));
            (question.before() ? names.reversed() : names)
                    .forEach(name -> at.withArray("path").add(label(name)));
            return at;
        }
        Matcher parts = NUMBER.matcher(number);
        assertThat(parts.matches()).as(number).isTrue();
        at.put("step", Integer.parseInt(parts.group("step")));
        if (parts.group("ended") != null) {
            at.put("dropped", true);
        }
        if (parts.group("from") != null) {
            at.put("from", label(parts.group("from")));
        }
        if (parts.group("to") != null) {
            at.put("to", label(parts.group("to")));
        }
        return at;
    }

    private static String label(String name) {
        return name.startsWith("=") ? name.substring(1) : name;
    }

    private PathsAnswer rankedByTheEngine(TenantId tenant, PathsQuestion question) {
        return new PathsPlan(fixture.store, tenant, question, new PathsMemory(TimeSource.system()), -1).answer();
    }

    private static NaivePaths.Found found(PathsAnswer answer) {
        List<String> paths = new ArrayList<>();
        for (PathsAnswer.Path path : answer.paths()) {
            paths.add(path.events().stream().map(PathsOracleTest::name).toList() + " " + path.count());
        }
        Map<String, Long> links = new TreeMap<>();
        for (PathsAnswer.Link link : answer.links()) {
            links.put(link.step() + " " + name(link.from()) + " " + name(link.to()), link.count());
        }
        return new NaivePaths.Found(answer.total(), paths, links, answer.ended());
    }

    private static String name(BreakdownValue value) {
        return switch (value) {
            case BreakdownValue.Value text -> "=" + text.text();
            case BreakdownValue.Other other -> other.label();
            case BreakdownValue.None none -> none.label();
        };
    }
}
