package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The distribution of active periods against persons counted one by one, many small sets of events. */
final class StickinessOracleTest {
    private static final int SETS = 400;

    private final QueryFixture fixture = new QueryFixture();

    private record Case(TenantId tenant, List<StoredEvent> events, ObjectNode question, DayOfWeek weekStart) {}

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30T00:30:00Z, 31",
        "America/Sao_Paulo, 2018-11-04T02:30:00Z, 32",
        "Asia/Kathmandu, 2025-07-01T18:00:00Z, 33",
        "UTC, 2024-02-29T00:00:00Z, 34",
    })
    void countsPersonsOneByOne(String zone, String middle, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        Instant around = Instant.parse(middle);
        List<Case> cases = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            int days = seeds.nextBoolean() ? 3 : 50;
            List<StoredEvent> events = new VisitEvents(tenant, ZoneId.of(zone), around, days, seeds.nextLong())
                    .take(set == 0 ? 0 : seeds.nextInt(1, 80));
            all.addAll(events);
            cases.add(new Case(
                    tenant,
                    events,
                    question(ZoneId.of(zone), around, seeds),
                    seeds.nextBoolean() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY));
        }
        fixture.insert(all);
        IntStream.range(0, SETS).parallel().forEach(set -> compare("seed " + seed + " set " + set, cases.get(set)));
    }

    private static ObjectNode question(ZoneId zone, Instant around, SplittableRandom random) {
        LocalDate middle = around.atZone(zone).toLocalDate();
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.put("type", "stickiness").put("zone", zone.getId());
        question.put("period", List.of("day", "day", "week", "month").get(random.nextInt(4)));
        int reach = random.nextBoolean() ? 5 : 50;
        ObjectNode range = question.putObject("range");
        if (random.nextBoolean()) {
            range.put("start_time", middle.minusDays(random.nextInt(reach)).toString());
            range.put("end_time", middle.plusDays(random.nextInt(reach)).toString());
        } else {
            range.put(
                    "start_time",
                    around.minusSeconds(random.nextInt(reach * 86_400)).toString());
            range.put(
                    "end_time",
                    around.plusSeconds(1 + random.nextInt(reach * 86_400)).toString());
        }
        switch (random.nextInt(3)) {
            case 0 -> question.putArray("event").add("buy").add("größe ✓");
            case 1 -> question.put("event", "page_view");
            default -> {}
        }
        if (random.nextInt(3) == 0) {
            question.putObject("filter")
                    .put("property", "country")
                    .put("operator", "neq")
                    .put("value", "DE");
        }
        return question;
    }

    private void compare(String run, Case asked) {
        JsonNode json = asked.question();
        String about = run + " " + asked.weekStart() + " " + json;
        StickinessAnswer answer = (StickinessAnswer) fixture.engine.answer(
                asked.tenant(),
                QuestionReader.read(json, QuestionContext.plain(QueryFixture.NOW, ZoneOffset.UTC, asked.weekStart())));
        ObjectNode calendarForm = asked.question().deepCopy();
        calendarForm.set("interval", json.get("period"));
        NaiveCalendar calendar = new NaiveCalendar(calendarForm, asked.weekStart());
        List<NaiveAnalyst.Span> periods = calendar.buckets();
        Map<String, Set<NaiveAnalyst.Span>> active = new HashMap<>();
        for (StoredEvent event : asked.events()) {
            String user = event.event().userId();
            String person = user != null ? user : event.event().anonymousId();
            if (person != null
                    && calendar.range().contains(event)
                    && NaiveFilter.holds(json.get("filter"), event)
                    && NaiveAnalyst.counts(typesOnly(json), event)) {
                for (NaiveAnalyst.Span period : periods) {
                    if (period.contains(event)) {
                        active.computeIfAbsent(person, _ -> new HashSet<>()).add(period);
                    }
                }
            }
        }
        List<Long> expected = new ArrayList<>();
        for (int i = 1; i <= periods.size(); i++) {
            int count = i;
            expected.add(active.values().stream()
                    .filter(mine -> mine.size() == count)
                    .count());
        }
        assertThat(answer.users()).as(about).isEqualTo(expected);
        assertThat(answer.total()).as(about).isEqualTo(active.size());
    }

    private static JsonNode typesOnly(JsonNode question) {
        ObjectNode types = JsonNodeFactory.instance.objectNode();
        if (question.has("event")) {
            types.set("event", question.get("event"));
        }
        return types;
    }
}
