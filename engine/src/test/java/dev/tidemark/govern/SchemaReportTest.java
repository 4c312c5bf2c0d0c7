package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SchemaReportTest {
    @TempDir
    Path directory;

    private GovernFixture with;

    @BeforeEach
    void open() {
        with = new GovernFixture(directory);
        with.ok("POST", "/api/v1/events", """
                {'batch':[
                 {'event_type':'order','event_id':'a','properties':{'amount':1,'to':{'city':'Rome'},'gift':true}},
                 {'event_type':'order','event_id':'b','properties':{'amount':'2','to':{'city':'Oslo'},'note':'x'}},
                 {'event_type':'other','event_id':'c','properties':{'secret':1}}]}""");
        with.settle();
    }

    @AfterEach
    void close() {
        with.close();
    }

    @Test
    void theDraftIsWhatTheEventsFitAndCanBeEnforced() {
        JsonNode draft = with.get("/api/v1/schemas/order/draft");
        assertThat(draft.path("observed_events").asInt()).isEqualTo(2);
        assertThat(draft.at("/schema/properties/amount/type").toString())
                .isEqualTo("[\"string\",\"array\",\"number\"]");
        assertThat(draft.at("/schema/properties/to/properties/city/type").toString())
                .contains("string");
        assertThat(draft.at("/schema/required").toString())
                .contains("amount", "to")
                .doesNotContain("gift");
        assertThat(draft.toString()).doesNotContain("secret");

        with.ok(
                "POST",
                "/api/v1/schemas",
                "{'event_type':'order','mode':'enforce','schema':" + draft.path("schema") + "}");
        JsonNode again = with.ok("POST", "/api/v1/events", """
                {'batch':[{'event_type':'order','properties':{'amount':1,'to':{'city':'Rome'},'gift':true}},
                 {'event_type':'order','properties':{'amount':'2','to':{'city':'Oslo'},'note':'x'}}]}""");
        assertThat(again.path("accepted").asInt()).isEqualTo(2);
        with.settle();
        assertThat(with.get("/api/v1/schemas/order/drift").path("drift")).isEmpty();
    }

    @Test
    void theDraftAllowsWhatIsNotKeptAndOneNameForATextAndAnObject() {
        String events = """
                {'batch':[{'event_type':'odd','event_id':'o1','properties':{'x':'text','coupon':null,'deep':{'a':1,'b':null}}},
                 {'event_type':'odd','event_id':'o2','properties':{'x':{'y':2},'coupon':'c','deep':null}}]}""";
        with.ok("POST", "/api/v1/events", events);
        with.settle();
        JsonNode draft = with.get("/api/v1/schemas/odd/draft");
        with.ok(
                "POST",
                "/api/v1/schemas",
                "{'event_type':'odd','mode':'enforce','schema':" + draft.path("schema") + "}");

        JsonNode again = with.ok("POST", "/api/v1/events", events.replace("'o", "'p"));

        assertThat(again.toString()).contains("\"accepted\":2");
    }

    @Test
    void anObjectIsThereWhereOneOfItsMembersIs() {
        with.ok("POST", "/api/v1/events", "{'event_type':'order','event_id':'bare','properties':{'amount':1}}");
        with.ok("POST", "/api/v1/schemas", "{'event_type':'order','mode':'warn','schema':{'required':['to']}}");
        with.settle();

        assertThat(with.get("/api/v1/schemas/order/drift").path("drift").toString())
                .contains("\"property\":\"to\",\"events\":1", "\"example_event_id\":\"bare\"");
    }

    @Test
    void anEventTypeIsAText() {
        assertThat(with.send("POST", "/api/v1/schemas", "{'event_type':5,'mode':'warn','schema':{}}")
                        .body())
                .contains("\"field\":\"event_type\"");
    }

    @Test
    void theDriftNamesWhatDiffersWithCountsAndAnExample() {
        with.ok("POST", "/api/v1/schemas", """
                {'event_type':'order','mode':'warn','schema':{'required':['amount','gift'],
                 'properties':{'amount':{'type':'number'},'gift':{'type':'boolean'},'to':{'type':'object'}}}}""");

        JsonNode drift = with.get("/api/v1/schemas/order/drift");

        assertThat(drift.path("drift").toString())
                .contains(
                        "{\"kind\":\"unknown_property\",\"property\":\"note\",\"events\":1,\"seen\":\"string\",\"expected\":null,\"example_event_id\":\"b\"}")
                .contains(
                        "{\"kind\":\"type_mismatch\",\"property\":\"amount\",\"events\":1,\"seen\":\"string\",\"expected\":\"number\",\"example_event_id\":\"b\"}")
                .contains(
                        "{\"kind\":\"missing_required\",\"property\":\"gift\",\"events\":1,\"seen\":null,\"expected\":\"required\",\"example_event_id\":\"b\"}");
        assertThat(drift.path("total").asInt()).isEqualTo(3);
        assertThat(with.send("GET", "/api/v1/schemas/none/drift", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aStricterVersionIsRefusedWhereItMustBeCompatible() {
        String schema = "{'event_type':'order','mode':'warn','compatibility':'%s','schema':{'required':[%s]}}";
        with.ok("POST", "/api/v1/schemas", schema.formatted("backward", "'amount'"));
        var refused = with.send("POST", "/api/v1/schemas", schema.formatted("backward", "'amount','gift'"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("schema.required has gift");
        JsonNode check = with.ok("POST", "/api/v1/schemas/order/check", "{'schema':{'required':['gift']}}");
        assertThat(check.path("compatible").asBoolean()).isFalse();
        assertThat(with.get("/api/v1/schemas/order").path("versions")).hasSize(1);
        assertThat(with.send("POST", "/api/v1/schemas", schema.formatted("forward", ""))
                        .body())
                .contains("\"field\":\"compatibility\"");
    }

    @Test
    void whatIsChosenForASchemaHoldsForEveryLaterVersion() {
        String version = "{'event_type':'order','mode':'warn'%s,'schema':{'required':[%s]}}";
        with.ok("POST", "/api/v1/schemas", version.formatted(",'compatibility':'backward'", "'amount'"));

        assertThat(refused(version.formatted("", "'amount','gift'"))).contains("\"field\":\"schema\"");
        assertThat(refused(version.formatted(",'compatibility':null", "'amount','gift'")))
                .contains("schema.required has gift");
        assertThat(refused(version.formatted(",'compatibility':'none'", "'amount','gift'")))
                .as("what is sent with a version cannot loosen what holds")
                .contains("\"field\":\"compatibility\"");
        assertThat(refused(version.formatted(",'compatibility':'none'", "'amount'")))
                .contains("\"field\":\"compatibility\"");
        JsonNode looser = with.ok("POST", "/api/v1/schemas", version.formatted("", ""));
        assertThat(looser.path("version").asInt()).isEqualTo(2);
        assertThat(looser.path("compatibility").asText())
                .as("goes on to the next version")
                .isEqualTo("backward");
        assertThat(refused(version.formatted("", "'amount'"))).contains("schema.required has amount");

        with.ok("PATCH", "/api/v1/schemas/order", "{'mode':'enforce'}");
        assertThat(refused(version.formatted("", "'amount'")))
                .as("another mode is another thing")
                .contains("schema.required has amount");
        JsonNode open = with.ok("PATCH", "/api/v1/schemas/order", "{'compatibility':'none'}");
        assertThat(open.path("mode").asText()).isEqualTo("enforce");
        with.ok("POST", "/api/v1/schemas", version.formatted("", "'amount'"));
        assertThat(with.get("/api/v1/audit?action=schemas").toString())
                .contains("\"compatibility\":\"backward\"", "\"compatibility\":\"none\"");
    }

    @Test
    void theTenantsChoiceHoldsWhereASchemaHasNone() {
        String version = "{'event_type':'%s','mode':'warn','schema':{'required':[%s]}}";
        with.ok("POST", "/api/v1/schemas", version.formatted("order", "'a'"));
        with.ok("POST", "/api/v1/schemas", version.formatted("order", "'a','b'"));
        with.ok("POST", "/api/v1/schemas", version.formatted("view", "'a'"));
        with.ok("PATCH", "/api/v1/schemas/view", "{'compatibility':'none'}");

        with.settings("{'schema_compatibility':'backward'}");

        assertThat(with.get("/api/v1/schemas/order")
                        .at("/versions/1/compatibility_in_force")
                        .asText())
                .isEqualTo("backward");
        assertThat(refused(version.formatted("order", "'a','b','c'"))).contains("schema.required has c");
        with.ok("POST", "/api/v1/schemas", version.formatted("view", "'a','b'"));
        with.ok("PATCH", "/api/v1/schemas/view", "{'compatibility':null}");
        assertThat(refused(version.formatted("view", "'a','b','c'"))).contains("schema.required has c");
        with.ok("POST", "/api/v1/schemas", version.formatted("fresh", "'a','b','c'"));
        assertThat(with.send("PUT", "/api/v1/settings", "{'schema_compatibility':'forward'}")
                        .body())
                .contains("\"field\":\"schema_compatibility\"");
        assertThat(with.send("PATCH", "/api/v1/schemas/view", "{}").statusCode())
                .isEqualTo(400);
        assertThat(with.send("PATCH", "/api/v1/schemas/none", "{'compatibility':'none'}")
                        .statusCode())
                .isEqualTo(404);
        with.settings("{'schema_compatibility':'none'}");
        with.ok("POST", "/api/v1/schemas", version.formatted("order", "'a','b','c'"));
    }

    private String refused(String version) {
        var answer = with.send("POST", "/api/v1/schemas", version);
        assertThat(answer.statusCode()).as(version).isEqualTo(409);
        return answer.body();
    }
}
