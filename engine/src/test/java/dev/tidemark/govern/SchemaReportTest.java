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
        with.ok("POST", "/api/v1/schemas", schema.formatted("none", "'amount','gift'"));
        assertThat(with.get("/api/v1/schemas/order").path("versions")).hasSize(2);
        assertThat(with.send("POST", "/api/v1/schemas", schema.formatted("forward", ""))
                        .body())
                .contains("\"field\":\"compatibility\"");
    }
}
