package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the events of a type look like, as a draft of a schema and held against the schema in force. */
public final class SchemaReportRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 50;

    private final Catalog catalog;
    private final EventStore store;
    private final TenantDirectory tenants;

    public SchemaReportRoutes(Catalog catalog, EventStore store, TenantDirectory tenants) {
        this.catalog = catalog;
        this.store = store;
        this.tenants = tenants;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.GET, "/api/v1/schemas/:eventType/draft", Access.needs(Permission.SCHEMAS_READ), this::draft);
        table.blocking(
                HttpMethod.GET, "/api/v1/schemas/:eventType/drift", Access.needs(Permission.SCHEMAS_READ), this::drift);
    }

    Reply draft(Call call) {
        String eventType = call.pathParameter("eventType");
        ObservedEvents observed = ObservedEvents.of(
                eventType, catalog.observed(call.tenant(), eventType).entries());
        ObjectNode answer = AnswerJson.JSON.objectNode();
        answer.put("event_type", observed.eventType());
        answer.put("observed_events", observed.events());
        answer.set("schema", observed.draft());
        return Reply.json(200, answer);
    }

    Reply drift(Call call) {
        String eventType = call.pathParameter("eventType");
        CatalogPage<CatalogPage.FoundProperty> page = catalog.observed(call.tenant(), eventType);
        ObservedEvents observed = ObservedEvents.of(eventType, page.entries());
        EventSchema schema = tenants.schema(call.tenant(), observed.eventType())
                .orElseThrow(
                        () -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no schema for this event type"));
        List<ObservedEvents.Drift> all = observed.drift(parsed(schema.json()));
        List<ObservedEvents.Drift> shown = all.subList(0, Math.min(MOST, all.size()));
        List<String> examples = examples(call.tenant(), page.sample(), shown);
        ObjectNode answer = AnswerJson.JSON.objectNode();
        answer.put("event_type", observed.eventType());
        answer.put("version", schema.version());
        answer.put("observed_events", observed.events());
        answer.put("total", all.size());
        ArrayNode list = answer.putArray("drift");
        for (int index = 0; index < shown.size(); index++) {
            ObservedEvents.Drift drift = shown.get(index);
            ObjectNode each = list.addObject();
            each.put("kind", drift.kind()).put("property", drift.property()).put("events", drift.events());
            EventList.putText(each, "seen", drift.seen());
            EventList.putText(each, "expected", drift.expected());
            EventList.putText(each, "example_event_id", examples.get(index));
        }
        return Reply.json(200, answer);
    }

    /** An event in which it is so, for each, of those that were looked at. */
    private List<String> examples(TenantId tenant, @Nullable CatalogSample sample, List<ObservedEvents.Drift> drift) {
        if (sample == null || drift.isEmpty()) {
            return drift.stream().map(_ -> "").toList();
        }
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = sample.select(parameters, null);
        for (int index = 0; index < drift.size(); index++) {
            select.column("anyIf(event_id, " + condition(drift.get(index), parameters) + ")", "example" + index);
        }
        Rows rows = store.query(tenant, select.build());
        return IntStream.range(0, drift.size())
                .mapToObj(column -> rows.textAt(0, column))
                .toList();
    }

    private static String condition(ObservedEvents.Drift drift, Parameters parameters) {
        String name = parameters.text(drift.property());
        String text = "mapContains(props_str, " + name + ")";
        String number = "mapContains(props_num, " + name + ")";
        String flag = "mapContains(props_bool, " + name + ")";
        return switch (drift.kind()) {
            case "missing_required" ->
                "NOT (" + text + " OR " + number + " OR " + flag
                        + below(drift, "props_str", parameters)
                        + below(drift, "props_num", parameters)
                        + below(drift, "props_bool", parameters) + ")";
            case "type_mismatch" ->
                drift.seen().equals("string") ? text : drift.seen().equals("number") ? number : flag;
            default -> text + " OR " + number + " OR " + flag;
        };
    }

    /** An object is there where one of its members is. */
    private static String below(ObservedEvents.Drift drift, String map, Parameters parameters) {
        return " OR arrayExists(name -> startsWith(name, " + parameters.text(drift.property() + ".") + "), mapKeys("
                + map + "))";
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored schema is not JSON", e);
        }
    }
}
