package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CatalogRoutesTest {
    private static final Instant START = Instant.parse("2025-05-01T10:00:00Z");
    private static final String LONG = "ä".repeat(700);

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final CatalogRoutes routes = new CatalogRoutes(
            new Catalog(fixture.store),
            new ExportFixture.UtcDirectory(),
            CohortDirectory.EMPTY,
            new SettableTime(QueryFixture.NOW.toString()));

    @BeforeEach
    void insert() {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(event(
                    i,
                    i < 4 ? "purchase" : "100% done",
                    new Attributes(
                            i == 5 ? Map.of("note", LONG, "100%", "x_y") : Map.of("plan", i < 3 ? "team" : "Free"),
                            i < 4 ? Map.of("amount", i * 2.5, "plan_number", 7.0) : Map.of(),
                            i == 0 ? Map.of("gift", true) : Map.of())));
        }
        fixture.insert(events);
    }

    @Test
    void listsEventTypesWithTheirLastMoment() {
        assertThat(json(routes.eventTypes(call("persons", "true")))).isEqualTo(QueryFixture.json("""
                {'event_types':[
                  {'event_type':'purchase','events':4,'last_seen':'2025-05-01T10:03:00.007Z','persons':2},
                  {'event_type':'100% done','events':2,'last_seen':'2025-05-01T10:05:00.007Z','persons':1}],
                 'total':2,'next_cursor':null,'sampled':false}"""));
        JsonNode percent = json(routes.eventTypes(call("search", "%")));
        assertThat(percent.get("event_types").findValuesAsText("event_type")).containsExactly("100% done");
        assertThat(percent.get("event_types").get(0).has("persons")).isFalse();
        assertThat(json(routes.eventTypes(call("search", "p%c"))).get("event_types"))
                .isEmpty();
        assertThat(json(routes.eventTypes(call("search", "PURCH"))).get("event_types"))
                .hasSize(1);
    }

    @Test
    void listsPropertiesWithTypesAndLimits() {
        JsonNode answer = json(routes.properties(call("event_type", "purchase", "search", "properties.")));
        assertThat(answer.get("properties").findValuesAsText("property"))
                .containsExactly("properties.amount", "properties.plan", "properties.plan_number", "properties.gift");
        assertThat(answer.get("properties").get(0)).isEqualTo(QueryFixture.json("""
                {'property':'properties.amount','kind':'event','events':4,
                 'types':[{'type':'number','events':4,'min':0,'max':7.5}]}"""));
        assertThat(json(routes.properties(call("search", "country"))).at("/properties/0"))
                .isEqualTo(QueryFixture.json("{'property':'country','kind':'context','events':6,"
                        + "'types':[{'type':'string','events':6}]}"));
        assertThat(json(routes.properties(call("search", "user.")))
                        .get("properties")
                        .findValuesAsText("kind"))
                .containsExactly("user");
        assertThat(json(routes.properties(call("search", "%"))).get("properties"))
                .hasSize(1);
    }

    @Test
    void anEmbedTokenListsWhatItNamesOfTheEventsThatItsFilterLetsThrough() {
        JsonNode locked = QueryFixture.json("{'property':'properties.plan','operator':'eq','value':'team'}");
        Credential token = new Credential.EmbedToken(
                tenant, "r", locked, List.of(), START, "auto", List.of("properties.plan", "event_type"));
        assertThat(json(routes.values(as(token, "property", "properties.plan")))
                        .get("values")
                        .findValuesAsText("value"))
                .containsExactly("team");
        assertThat(json(routes.eventTypes(as(token))).get("event_types").findValuesAsText("event_type"))
                .containsExactly("purchase");
        for (String closed : List.of("properties.amount", "user_id", "plan", "")) {
            assertThatThrownBy(() -> routes.values(as(token, "property", closed)))
                    .as(closed)
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
        }
        Credential without = new Credential.EmbedToken(tenant, "r", null, List.of(), START, "auto");
        assertThatThrownBy(() -> routes.eventTypes(as(without))).isInstanceOf(TidemarkException.class);
    }

    @Test
    void listsValuesWithTheirTypesByPage() {
        JsonNode plans = json(routes.values(call("property", "properties.plan")));
        assertThat(plans).isEqualTo(QueryFixture.json("""
                {'property':'properties.plan',
                 'values':[{'value':'team','type':'string','events':3},{'value':'Free','type':'string','events':2}],
                 'total':2,'next_cursor':null,'sampled':false}"""));
        JsonNode first = json(routes.values(call("property", "properties.amount", "limit", "3")));
        assertThat(first.at("/values/1")).isEqualTo(QueryFixture.json("{'value':2.5,'type':'number','events':1}"));
        assertThat(first.get("total").asInt()).isEqualTo(4);
        JsonNode second = json(routes.values(call(
                "property",
                "properties.amount",
                "limit",
                "3",
                "cursor",
                first.get("next_cursor").asText())));
        assertThat(second.get("values").findValuesAsText("value")).containsExactly("7.5");
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(json(routes.values(call("property", "properties.gift"))).at("/values/0"))
                .isEqualTo(QueryFixture.json("{'value':true,'type':'boolean','events':1}"));
        JsonNode note = json(routes.values(call("property", "properties.note"))).at("/values/0");
        assertThat(note.get("value").asText()).isEqualTo(LONG.substring(0, 500));
        assertThat(note.get("truncated").asBoolean()).isTrue();
        assertThat(json(routes.values(call("property", "properties.100%", "search", "_")))
                        .get("values"))
                .hasSize(1);
        assertThat(json(routes.values(call("property", "country", "search", "_")))
                        .get("values"))
                .isEmpty();
        assertThat(json(routes.values(call("property", "event_type", "event_type", "purchase")))
                        .get("values")
                        .findValuesAsText("value"))
                .containsExactly("purchase");
    }

    @Test
    void namesAParameterThatIsWrong() {
        refused("property");
        refused("property", "property", "tenant_id");
        refused("limit", "property", "country", "limit", "0");
        refused("limit", "property", "country", "limit", "5000");
        refused("cursor", "property", "country", "cursor", "nonsense");
        refused("cursor", "property", "country", "cursor", "%%%");
        refused("search", "property", "country", "search", "x".repeat(201));
        assertThatThrownBy(() -> routes.eventTypes(call("persons", "maybe")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("persons"));
    }

    private void refused(String field, String... parameters) {
        assertThatThrownBy(() -> routes.values(call(parameters)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue(field));
    }

    private StoredEvent event(int index, String type, Attributes properties) {
        Event event = new Event(
                tenant,
                new EventId("event-" + index),
                false,
                type,
                START.toEpochMilli() + index * 60_000L + 7,
                START.toEpochMilli(),
                "user-" + index % 2,
                null,
                null,
                Map.of(ContextField.COUNTRY, "DE"),
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(
                event,
                new JournalAddress(0, index),
                index < 4 ? 1 + index % 2 : 1,
                new Attributes(Map.of("plan", "a"), Map.of(), Map.of()));
    }

    private Call as(Credential credential, String... parameters) {
        return Authentication.with(call(parameters), credential);
    }

    private Call call(String... parameters) {
        Map<String, String> query = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return new Call(
                "GET",
                "/",
                "http://localhost",
                Map.of(),
                query,
                Map.of(),
                new byte[0],
                new Credential.SecretKey(tenant, "key"),
                "correlation");
    }

    private static JsonNode json(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return QueryFixture.parsed(new String(reply.body(), StandardCharsets.UTF_8));
    }
}
