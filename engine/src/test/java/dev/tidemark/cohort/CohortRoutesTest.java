package dev.tidemark.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.SqliteAccountStore;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.query.CohortPeople;
import dev.tidemark.query.MetricAnswer;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cohorts by HTTP, on the real engine. */
class CohortRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUYERS =
            "{'name':'Buyers','kind':'dynamic','definition':{'did':{'event':'buy','range':{'last':'30d'}}}}";

    @TempDir
    Path directory;

    private final TenantId tenant = new TenantId("t-" + UUID.randomUUID());
    private final TenantId stranger = new TenantId("t-" + UUID.randomUUID());
    private final SettableTime time = new SettableTime("2026-03-10T12:00:00Z");
    private final EventStore events = EngineFixture.shared().store();
    private MetadataDatabase database;
    private CohortStore store;
    private Cohorts cohorts;
    private CohortRoutes routes;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteCohortStore(database);
        SnapshotDirectory tenants = new SnapshotDirectory(new SqliteAccountStore(database), time);
        cohorts = new Cohorts(store, events, tenants, time, new UuidV7(time, new Random(5)));
        routes = new CohortRoutes(cohorts, new CohortPeople(events), time);
        insert(tenant, "buy", "a", "b", "c");
        insert(tenant, "view", "d", "e");
        insert(stranger, "buy", "a", "x");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void definesShowsChangesAndRemovesADynamicCohort() {
        Reply made = routes.create(call("", BUYERS));
        assertThat(made.status()).isEqualTo(201);
        String id = json(made).get("cohort_id").asText();
        assertThat(made.headers())
                .containsEntry("Location", "/api/v1/cohorts/" + id)
                .containsEntry("ETag", "\"1\"");
        JsonNode shown = json(routes.read(call(id, "")));
        assertThat(shown.get("size").asInt()).isEqualTo(3);
        assertThat(shown.get("as_of").asText()).isEqualTo("2026-03-10T12:00:00Z");
        assertThat(shown.get("kind").asText()).isEqualTo("dynamic");
        assertThat(shown.at("/definition/did/event").asText()).isEqualTo("buy");
        insert(tenant, "buy", "f");
        assertThat(size(id)).as("evaluated when asked").isEqualTo(4);
        String viewers =
                "{'name':'Viewers','description':'Look only','definition':{'did':{'event':'view'}},'version':1}";
        Reply changed = routes.replace(call(id, viewers));
        assertThat(json(changed).get("version").asInt()).isEqualTo(2);
        assertThat(size(id)).isEqualTo(2);
        fails(ErrorCode.CONFLICT, null, () -> routes.replace(call(id, viewers)));
        fails(ErrorCode.INVALID_FIELD, "kind", () -> routes.replace(call(id, "{'name':'x','kind':'static'}")));
        JsonNode all = json(routes.list(call("", "")));
        assertThat(all.get("cohorts").findValuesAsText("name")).containsExactly("Viewers");
        assertThat(routes.remove(call(id, "")).status()).isEqualTo(204);
        fails(ErrorCode.NOT_FOUND, null, () -> routes.read(call(id, "")));
    }

    @Test
    void keepsAStaticCohortAsItWasGiven() {
        String id = made("{'name':'Chosen','kind':'static','user_ids':['a','d','unheard of'],'anonymous_ids':['a']}");
        JsonNode shown = json(routes.read(call(id, "")));
        assertThat(shown.get("size").asInt()).as("those with an event").isEqualTo(2);
        assertThat(shown.get("listed").asInt()).isEqualTo(4);
        Reply more = routes.addMembers(call(id, "{'user_ids':['e','a']}"));
        assertThat(json(more).get("version").asInt()).isEqualTo(2);
        assertThat(size(id)).isEqualTo(3);
        assertThat(json(routes.replace(call(id, "{'name':'Renamed'}")))
                        .get("name")
                        .asText())
                .isEqualTo("Renamed");
        assertThat(size(id)).as("the same list").isEqualTo(3);
        routes.replace(call(id, "{'name':'Other','user_ids':['b']}"));
        assertThat(size(id)).isEqualTo(1);
        assertThat(listsOf(tenant)).as("the list before is gone").isEqualTo(1);
        routes.remove(call(id, ""));
        assertThat(listsOf(tenant)).isZero();
        assertThat(store.abandoned()).isEmpty();
    }

    @Test
    void takesTheMembersOfADefinitionOnce() {
        String id = made("{'name':'March','kind':'static','from':{'definition':{'did':{'event':'buy'}}}}");
        assertThat(size(id)).isEqualTo(3);
        insert(tenant, "buy", "later");
        assertThat(size(id)).as("taken once").isEqualTo(3);
        String dynamic = made(BUYERS);
        String copy = made("{'name':'Copy','kind':'static','from':{'definition':{'cohort':'" + dynamic + "'}}}");
        assertThat(size(copy)).isEqualTo(4);
    }

    @Test
    void savesThePersonsOfAStatement() {
        Parameters parameters = new Parameters(tenant);
        Select viewers = Select.from(Table.EVENTS, parameters)
                .column("person", "person")
                .where("event_type = " + parameters.text("view"))
                .build();
        DefinedCohort saved = cohorts.saveFrom(tenant, "Viewers", "", viewers);
        assertThat(size(saved.id().value())).isEqualTo(2);
        assertThatThrownBy(() -> cohorts.saveFrom(stranger, "Viewers", "", viewers))
                .isInstanceOf(TidemarkException.class);
        assertThat(cohorts.list(stranger)).isEmpty();
        assertThat(store.abandoned()).as("nothing is left behind").isEmpty();
    }

    @Test
    void takesThePeopleBehindAStepOfAFunnel() {
        insert(tenant, "pay", "a");
        String funnel = "'question':{'type':'funnel','steps':[{'event':'buy'},{'event':'pay'}],'range':{'last':'7d'}}";
        String reached = made("{'name':'Paid','kind':'static','from':{" + funnel + ",'step':2}}");
        String dropped = made("{'name':'Left','kind':'static','from':{" + funnel + ",'step':2,'dropped':true}}");
        assertThat(json(routes.people(call(reached, ""))).get("people").findValuesAsText("user_id"))
                .containsExactly("a");
        assertThat(json(routes.people(call(dropped, ""))).get("people").findValuesAsText("user_id"))
                .containsExactlyInAnyOrder("b", "c");
        fails(
                ErrorCode.INVALID_FIELD,
                "from.step",
                () -> routes.create(call("", "{'name':'x','kind':'static','from':{" + funnel + ",'step':3}}")));
        fails(
                ErrorCode.INVALID_FIELD,
                "from.question.steps[0].filter.cohort",
                () -> routes.create(call(
                        "",
                        "{'name':'x','kind':'static','from':{'step':1,'question':{'type':'funnel','steps':["
                                + "{'event':'buy','filter':{'cohort':'none'}},{'event':'pay'}]}}}")));
    }

    @Test
    void pagesThroughThePeople() {
        String id = made("{'name':'All','kind':'dynamic','definition':{'did':{}}}");
        JsonNode first = json(routes.people(call(id, "", Map.of("limit", "3"))));
        assertThat(first.get("people")).hasSize(3);
        String cursor = first.get("next_cursor").asText();
        JsonNode second = json(routes.people(call(id, "", Map.of("limit", "3", "cursor", cursor))));
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(second.get("as_of").asText()).isEqualTo("2026-03-10T12:00:00Z");
        List<String> ids = new ArrayList<>(first.get("people").findValuesAsText("user_id"));
        ids.addAll(second.get("people").findValuesAsText("user_id"));
        assertThat(ids).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        fails(ErrorCode.INVALID_FIELD, "cursor", () -> routes.people(call(id, "", Map.of("cursor", "x"))));
        fails(ErrorCode.INVALID_FIELD, "limit", () -> routes.people(call(id, "", Map.of("limit", "0"))));
    }

    @Test
    void neverShowsOrUsesACohortOfAnotherTenant() {
        String id = made(BUYERS);
        String listed = made("{'name':'Chosen','kind':'static','user_ids':['a','b']}");
        for (String each : List.of(id, listed)) {
            fails(ErrorCode.NOT_FOUND, null, () -> routes.read(as(stranger, each, "")));
            fails(ErrorCode.NOT_FOUND, null, () -> routes.people(as(stranger, each, "")));
            fails(ErrorCode.NOT_FOUND, null, () -> routes.remove(as(stranger, each, "")));
            fails(ErrorCode.NOT_FOUND, null, () -> routes.replace(as(stranger, each, BUYERS)));
            fails(ErrorCode.NOT_FOUND, null, () -> routes.addMembers(as(stranger, each, "{'user_ids':['x']}")));
            assertThat(refusal(stranger, each)).isEqualTo(refusal(stranger, "never-existed"));
        }
        assertThat(count(tenant, id)).isEqualTo(3);
        assertThat(json(routes.list(as(stranger, "", ""))).get("cohorts")).isEmpty();
        DefinedCohort theirs =
                cohorts.create(stranger, parsed("{'name':'Chosen','kind':'static','user_ids':['a','b']}"));
        assertThat(count(stranger, theirs.id().value()))
                .as("the same members, other events")
                .isEqualTo(1);
        assertThat(count(tenant, listed)).isEqualTo(2);
        cohorts.remove(stranger, theirs.id(), OptionalLong.empty());
        assertThat(count(tenant, listed)).isEqualTo(2);
    }

    @Test
    void takesHostileTextAsText() {
        for (String text : List.of("'; DROP TABLE cohort_members; --", "{tenant:String}", "\\", "' OR 1=1 OR 'a'='")) {
            ObjectNode body = JSON.createObjectNode().put("name", text).put("kind", "static");
            body.putArray("user_ids").add(text).add("a");
            DefinedCohort listed = cohorts.create(tenant, body);
            assertThat(count(tenant, listed.id().value())).isEqualTo(1);
            ObjectNode rule = JSON.createObjectNode().put("name", text).put("kind", "dynamic");
            rule.putObject("definition")
                    .put("property", "user." + text)
                    .put("operator", "eq")
                    .put("value", text);
            assertThat(count(tenant, cohorts.create(tenant, rule).id().value())).isZero();
            ObjectNode did = JSON.createObjectNode().put("name", text).put("kind", "dynamic");
            did.putObject("definition").putObject("did_not").put("event", text);
            assertThat(count(tenant, cohorts.create(tenant, did).id().value())).isEqualTo(5);
        }
    }

    @Test
    void refusesToRemoveWhatAnotherCohortIsMadeOf() {
        String inner = made(BUYERS);
        String outer = made("{'name':'Outer','kind':'dynamic','definition':{'not':{'cohort':'" + inner + "'}}}");
        assertThatThrownBy(() -> routes.remove(call(inner, ""))).hasMessageContaining("Outer");
        fails(
                ErrorCode.INVALID_FIELD,
                "definition.cohort",
                () -> routes.replace(call(inner, "{'name':'x','definition':{'cohort':'" + outer + "'}}")));
        routes.remove(call(outer, ""));
        routes.remove(call(inner, ""));
        assertThat(refusal(tenant, inner)).contains("there is no cohort of this id");
    }

    @Test
    void namesWhatIsWrong() {
        fails(ErrorCode.INVALID_FIELD, "name", () -> routes.create(call("", "{'kind':'dynamic'}")));
        fails(ErrorCode.INVALID_FIELD, "kind", () -> routes.create(call("", "{'name':'x'}")));
        fails(ErrorCode.INVALID_FIELD, "kind", () -> routes.create(call("", "{'name':'x','kind':'odd'}")));
        fails(ErrorCode.INVALID_FIELD, "size", () -> routes.create(call("", "{'name':'x','size':3}")));
        String dynamic = "{'name':'x','kind':'dynamic'";
        fails(ErrorCode.INVALID_FIELD, "definition", () -> routes.create(call("", dynamic + "}")));
        fails(
                ErrorCode.INVALID_FIELD,
                "definition.did.times",
                () -> routes.create(call("", dynamic + ",'definition':{'did':{'times':3}}}")));
        fails(
                ErrorCode.INVALID_FIELD,
                "kind",
                () -> routes.create(call("", dynamic + ",'definition':{'did':{}},'user_ids':['a']}")));
        String fixed = "{'name':'x','kind':'static'";
        fails(ErrorCode.INVALID_FIELD, "user_ids", () -> routes.create(call("", fixed + "}")));
        fails(ErrorCode.INVALID_FIELD, "user_ids[1]", () -> routes.create(call("", fixed + ",'user_ids':['a',5]}")));
        fails(ErrorCode.INVALID_FIELD, "user_ids", () -> routes.create(call("", fixed + ",'user_ids':'a'}")));
        fails(ErrorCode.INVALID_FIELD, "from", () -> routes.create(call("", fixed + ",'from':{}}")));
        fails(
                ErrorCode.INVALID_FIELD,
                "from.definition.did.event",
                () -> routes.create(call("", fixed + ",'from':{'definition':{'did':{'event':1}}}}")));
        fails(
                ErrorCode.INVALID_FIELD,
                "definition",
                () -> routes.create(call("", fixed + ",'user_ids':['a'],'definition':{'did':{}}}")));
        String cohort = made(BUYERS);
        fails(ErrorCode.CONFLICT, null, () -> routes.addMembers(call(cohort, "{'user_ids':['a']}")));
        assertThat(store.abandoned()).isEmpty();
    }

    @Test
    void removesWhatACrashLeftBehind() {
        MemberList left = new MemberList("left-behind");
        store.abandon(new CohortStore.AbandonedList(tenant, left));
        events.insert(events.encodeCohortMembers("left-" + tenant, tenant, left.value(), List.of(1L, 2L)));
        assertThat(listsOf(tenant)).isEqualTo(1);
        cohorts.sweep();
        assertThat(listsOf(tenant)).isZero();
        assertThat(store.abandoned()).isEmpty();
    }

    @Test
    void tellsThatSomethingChanged() {
        long before = cohorts.of(tenant).revision();
        String id = made(BUYERS);
        long made = cohorts.of(tenant).revision();
        routes.replace(call(id, BUYERS));
        long replaced = cohorts.of(tenant).revision();
        routes.remove(call(id, ""));
        assertThat(List.of(before, made, replaced, cohorts.of(tenant).revision()))
                .doesNotHaveDuplicates();
        assertThat(cohorts.of(stranger).revision()).isEqualTo(before);
    }

    private String refusal(TenantId asker, String cohort) {
        try {
            count(asker, cohort);
            throw new AssertionError("no refusal");
        } catch (TidemarkException failure) {
            return failure.code() + " " + failure.field().orElse("") + " " + failure.detail();
        }
    }

    private long count(TenantId asker, String cohort) {
        QuestionContext context =
                QuestionContext.plain(time.instant(), ZoneOffset.UTC, DayOfWeek.MONDAY, cohorts.of(asker));
        JsonNode question = parsed("{'type':'metric','measures':[{'measure':'users'}],'range':{'last':'30d'},"
                + "'filter':{'cohort':'" + cohort + "'}}");
        MetricAnswer answer = (MetricAnswer) new QueryEngine(events, time, new SimpleMeterRegistry())
                .answer(asker, QuestionReader.read(question, context));
        Double users = answer.values().getFirst();
        return users == null ? -1 : users.longValue();
    }

    private long listsOf(TenantId of) {
        return events.query(
                        of,
                        Select.from(Table.COHORT_MEMBERS, new Parameters(of))
                                .column("uniqExact(list_id)", "n")
                                .build())
                .longAt(0, 0);
    }

    private void insert(TenantId of, String type, String... users) {
        List<StoredEvent> rows = new ArrayList<>();
        for (String user : users) {
            long millis = time.instant().toEpochMilli() - 86_400_000L;
            Event event = new Event(
                    of,
                    new EventId(UUID.randomUUID().toString()),
                    false,
                    type,
                    millis,
                    millis,
                    user,
                    null,
                    null,
                    Map.of(),
                    Attributes.NONE,
                    Attributes.NONE,
                    false,
                    Event.NEVER_EXPIRES);
            rows.add(new StoredEvent(event, new JournalAddress(0, rows.size()), Person.of(event), Attributes.NONE));
        }
        events.insert(events.encodeEvents(UUID.randomUUID().toString(), rows));
    }

    private String made(String body) {
        return json(routes.create(call("", body))).get("cohort_id").asText();
    }

    private int size(String id) {
        return json(routes.read(call(id, ""))).get("size").asInt();
    }

    private static void fails(ErrorCode code, @Nullable String field, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).as(failure.detail()).isEqualTo(code);
            if (field != null) {
                assertThat(failure.field()).hasValue(field);
            }
        });
    }

    private Call call(String id, String body) {
        return as(tenant, id, body);
    }

    private Call call(String id, String body, Map<String, String> query) {
        return new Call("GET", "/", "", Map.of("id", id), query, Map.of(), bytes(body), secret(tenant), "c");
    }

    private static Call as(TenantId of, String id, String body) {
        return new Call("POST", "/", "", Map.of("id", id), Map.of(), Map.of(), bytes(body), secret(of), "c");
    }

    private static Credential secret(TenantId of) {
        return new Credential.SecretKey(of, "key");
    }

    private static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(Reply reply) {
        return parsed(new String(reply.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
