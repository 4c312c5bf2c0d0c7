package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class QueryRoutesTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final Positions positions = new Positions();
    private final QueryRoutes routes = new QueryRoutes(
            fixture.engine,
            fixture.store,
            positions,
            new KathmanduDirectory(),
            CohortDirectory.EMPTY,
            TimeSource.system());
    private final DeadLetterRoutes listed = new DeadLetterRoutes(fixture.store);

    @Test
    void answersAQuestionWithItsPositionInTheTenantsZone() {
        fixture.insert(new RandomEvents(tenant, AROUND, 5).take(20));
        positions.advance(tenant, 19, 0, 1);
        String question = "{'type':'metric','measures':[{'measure':'events'}],"
                + "'range':{'start_time':'2025-01-01','end_time':'2025-06-01'}}";
        JsonNode wrapped = json(routes.ask(call(Map.of(), "{'question':" + question + "}")));
        assertThat(wrapped.get("type").asText()).isEqualTo("metric");
        assertThat(wrapped.at("/data/value").asInt()).isEqualTo(20);
        assertThat(wrapped.at("/data/zone").asText()).isEqualTo("Asia/Kathmandu");
        assertThat(wrapped.at("/data/start_time").asText()).isEqualTo("2025-01-01T00:00:00+05:45");
        assertThat(wrapped.get("as_of_position").asLong()).isEqualTo(19);
        assertThat(wrapped.has("generated_at")).isTrue();
        JsonNode plain = json(routes.ask(call(Map.of(), question)));
        assertThat(plain.get("data")).isEqualTo(wrapped.get("data"));
    }

    @Test
    void listsThePeopleBehindAStepInTheTenantsZone() {
        fixture.insert(FunnelRulesTest.events(tenant, "ann A 1:00, ann B 1:01, bob A 1:30"));
        String question = "{'type':'funnel','steps':[{'event':'A'},{'event':'B'}],"
                + "'range':{'start_time':'2025-03-01','end_time':'2025-03-31'}}";
        JsonNode page = json(routes.people(call(Map.of(), "{'question':" + question + ",'step':2}")));
        assertThat(page.at("/people/0/user_id").asText()).isEqualTo("ann");
        assertThat(page.at("/people/0/entered_at").asText()).isEqualTo("2025-03-10T06:45:00+05:45");
        assertThat(page.get("total").asInt()).isEqualTo(1);
        JsonNode answer = json(routes.ask(call(Map.of(), question)));
        assertThat(answer.at("/data/steps").findValuesAsText("count")).containsExactly("2", "1");
        assertThatThrownBy(() -> routes.people(call(Map.of(), "{'question':" + question + ",'step':0}")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("step"));
    }

    @Test
    void explainsHowAnAnswerCameAbout() {
        fixture.insert(new RandomEvents(tenant, AROUND, 8).take(50));
        String trend = "{'type':'trend','interval':'day','zone':'UTC','measures':[{'measure':'events'}],%s"
                + "'range':{'start_time':'2025-03-01','end_time':'2025-03-20'}}";
        JsonNode rolledUp = json(routes.ask(call(Map.of("explain", "true"), trend.formatted(""))));
        assertThat(rolledUp.get("data"))
                .isEqualTo(json(routes.ask(call(Map.of(), trend.formatted("")))).get("data"));
        assertThat(rolledUp.at("/explain/path").asText()).isEqualTo("rollup_hour");
        assertThat(rolledUp.at("/explain/statements")).hasSize(1);
        assertThat(rolledUp.at("/explain/rows_read").asLong())
                .isPositive()
                .isEqualTo(rolledUp.at("/explain/statements/0/rows_read").asLong());
        assertThat(rolledUp.at("/explain/milliseconds").asDouble())
                .isGreaterThanOrEqualTo(
                        rolledUp.at("/explain/statements/0/milliseconds").asDouble());
        assertThat(rolledUp.at("/explain/statements/0/sql").asText())
                .contains("FROM rollup_hour", "tenant_id = {tenant:String}");
        assertThat(rolledUp.at("/explain/statements/0/parameters/tenant").asText())
                .isEqualTo(tenant.value());

        String byCountry = trend.formatted("'breakdown':{'property':'country'},'filter':"
                + "{'property':'country','operator':'neq','value':'x\\u0027; DROP'},");
        JsonNode ofEvents = json(routes.ask(call(Map.of("explain", "true"), byCountry)));
        assertThat(ofEvents.at("/explain/path").asText()).isEqualTo("events");
        assertThat(ofEvents.at("/explain/statements"))
                .hasSize(1)
                .allSatisfy(statement ->
                        assertThat(statement.get("parameters").toString()).contains("x'; DROP"));
        assertThat(ofEvents.at("/explain/statements").findValuesAsText("sql"))
                .allSatisfy(sql -> assertThat(sql).doesNotContain("DROP"));
        assertThat(json(routes.ask(call(Map.of("explain", "false"), trend.formatted(""))))
                        .has("explain"))
                .isFalse();
        assertThatThrownBy(() -> routes.ask(call(Map.of("explain", "yes"), trend.formatted(""))))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("explain"));
    }

    @Test
    void namesAFieldThatIsWrong() {
        assertThatThrownBy(() -> routes.ask(call(Map.of(), "{'question':{'type':'metric'}}")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("measures"));
        assertThatThrownBy(() -> routes.ask(call(Map.of(), "{'question':{'type':'metric'},'tenant':'x'}")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("tenant"));
    }

    @Test
    void listsTheLatestEventsOfTheTenant() {
        List<StoredEvent> events = new RandomEvents(tenant, AROUND, 6).take(30);
        fixture.insert(events);
        fixture.insert(new RandomEvents(QueryFixture.newTenant(), AROUND, 7).take(30));
        JsonNode all = json(routes.events(call(Map.of(), ""))).get("events");
        assertThat(all).hasSize(30);
        assertThat(all.findValuesAsText("received_at"))
                .isSortedAccordingTo((left, right) -> Instant.parse(right).compareTo(Instant.parse(left)));
        for (JsonNode shown : all) {
            Event event = events.stream()
                    .map(StoredEvent::event)
                    .filter(candidate ->
                            candidate.id().value().equals(shown.get("event_id").asText()))
                    .findFirst()
                    .orElseThrow();
            assertThat(shown.get("event_type").asText()).isEqualTo(event.type());
            assertThat(Instant.parse(shown.get("timestamp").asText()).toEpochMilli())
                    .isEqualTo(event.timestampMillis());
            assertThat(shown.get("properties").size())
                    .isEqualTo(event.properties().size());
            event.properties()
                    .strings()
                    .forEach((name, text) -> assertThat(
                                    shown.get("properties").get(name).asText())
                            .isEqualTo(text));
            event.properties()
                    .booleans()
                    .forEach((name, flag) -> assertThat(
                                    shown.get("properties").get(name).asBoolean())
                            .isEqualTo(flag));
        }
        assertThat(json(routes.events(call(Map.of("limit", "3"), ""))).get("events"))
                .hasSize(3);
        JsonNode views =
                json(routes.events(call(Map.of("event_type", "view"), ""))).get("events");
        assertThat(views.findValuesAsText("event_type")).isNotEmpty().containsOnly("view");
        assertThat(json(routes.events(call(Map.of("since", "2025-09-01T00:00:00Z"), "")))
                        .get("events"))
                .isEmpty();
        assertThatThrownBy(() -> routes.events(call(Map.of("limit", "0"), "")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("limit"));
    }

    @Test
    void pagesThroughEventsWithoutMissingOrRepeatingOne() {
        fixture.insert(new RandomEvents(tenant, AROUND, 11).take(40));
        List<String> all = json(routes.events(call(Map.of(), ""))).get("events").findValuesAsText("event_id");
        List<String> paged = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Map<String, String> asked =
                    cursor.map(text -> Map.of("limit", "7", "cursor", text)).orElse(Map.of("limit", "7"));
            JsonNode page = json(routes.events(call(asked, "")));
            paged.addAll(page.get("events").findValuesAsText("event_id"));
            cursor = Optional.ofNullable(page.get("next_cursor").textValue());
        } while (cursor.isPresent());
        assertThat(paged).hasSize(40).isEqualTo(all);
        for (String wrong : List.of("x", new ListParameters.Cursor(1, "2").text())) {
            assertThatThrownBy(() -> routes.events(call(Map.of("cursor", wrong), "")))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.field()).hasValue("cursor"));
        }
    }

    @Test
    void findsEventsByPersonFilterAndTimeOfReceipt() {
        fixture.insert(FunnelRulesTest.events(tenant, "ann A 1:00, ann B 1:01, bob A 1:30"));
        JsonNode ofAnn = json(routes.events(call(Map.of("person", "ann"), "")));
        assertThat(ofAnn.get("events").findValuesAsText("event_type")).containsExactlyInAnyOrder("A", "B");
        assertThat(ofAnn.get("next_cursor").isNull()).isTrue();
        String filter = "{\"property\":\"event_type\",\"operator\":\"eq\",\"value\":\"A\"}";
        assertThat(json(routes.events(call(Map.of("filter", filter), "")))
                        .get("events")
                        .findValuesAsText("user_id"))
                .containsExactlyInAnyOrder("ann", "bob");
        assertThat(json(routes.events(call(Map.of("until", "1990-01-01T00:00:00Z"), "")))
                        .get("events"))
                .isEmpty();
        assertThatThrownBy(() -> routes.events(call(Map.of("filter", filter.replace("eq", "is")), "")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("filter.operator"));
    }

    @Test
    void pagesDeadLettersNewestFirst() {
        List<StoredDeadLetter> letters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            DeadLetter letter = new DeadLetter(
                    tenant,
                    new EventId("letter-" + i),
                    false,
                    AROUND.toEpochMilli() + i / 2,
                    i == 0 ? "malformed_line" : "schema_violation",
                    i == 0 ? null : "properties.amount",
                    "is not a number",
                    i == 0 ? null : "purchase",
                    "{\"amount\":\"'x'\\n\"}",
                    i == 0 ? "import:access.log" : "http",
                    i == 0 ? 17 : 0,
                    Event.NEVER_EXPIRES);
            letters.add(new StoredDeadLetter(letter, new JournalAddress(0, i)));
        }
        fixture.store.insert(fixture.store.encodeDeadLetters(UUID.randomUUID().toString(), letters));
        JsonNode first = json(listed.page(call(Map.of("limit", "3"), "")));
        JsonNode second = json(listed.page(
                call(Map.of("limit", "3", "cursor", first.get("next_cursor").asText()), "")));
        List<String> ids = new ArrayList<>(first.get("dead_letters").findValuesAsText("id"));
        ids.addAll(second.get("dead_letters").findValuesAsText("id"));
        assertThat(ids).containsExactly("letter-4", "letter-3", "letter-2", "letter-1", "letter-0");
        assertThat(second.get("next_cursor").isNull()).isTrue();
        JsonNode malformed =
                json(listed.page(call(Map.of("reason", "malformed_line"), ""))).at("/dead_letters/0");
        assertThat(malformed.get("line").asLong()).isEqualTo(17);
        assertThat(malformed.get("source").asText()).isEqualTo("import:access.log");
        assertThat(malformed.get("field").isNull()).isTrue();
        assertThat(malformed.get("payload").asText()).isEqualTo("{\"amount\":\"'x'\\n\"}");
        assertThatThrownBy(() -> listed.page(call(Map.of("cursor", "nonsense"), "")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("cursor"));
    }

    private Call call(Map<String, String> query, String body) {
        return new Call(
                "POST",
                "/",
                "http://localhost",
                Map.of(),
                query,
                Map.of(),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                new Credential.SecretKey(tenant, "key"),
                "correlation");
    }

    private static JsonNode json(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return QueryFixture.parsed(new String(reply.body(), StandardCharsets.UTF_8));
    }

    /** Every tenant lives in Kathmandu. */
    private static final class KathmanduDirectory implements TenantDirectory {
        @Override
        public Optional<Credential> authenticate(String presentedKey) {
            return Optional.empty();
        }

        @Override
        public TenantSettings settings(TenantId tenant) {
            return new TenantSettings(ZoneId.of("Asia/Kathmandu"), DayOfWeek.SUNDAY, null, List.of());
        }

        @Override
        public Optional<EventSchema> schema(TenantId tenant, String eventType) {
            return Optional.empty();
        }
    }
}
