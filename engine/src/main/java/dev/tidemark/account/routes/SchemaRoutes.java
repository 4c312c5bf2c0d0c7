package dev.tidemark.account.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Event schemas of the caller's tenant. A new schema is a new version; the highest of an event type is in force. */
public final class SchemaRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Accounts accounts;

    public SchemaRoutes(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/schemas", Access.needs(Permission.SCHEMAS_READ), this::list);
        table.blocking(HttpMethod.POST, "/api/v1/schemas", Access.needs(Permission.SCHEMAS_EDIT), this::add);
        table.blocking(
                HttpMethod.GET, "/api/v1/schemas/:eventType", Access.needs(Permission.SCHEMAS_READ), this::versions);
        table.blocking(
                HttpMethod.POST,
                "/api/v1/schemas/:eventType/check",
                Access.needs(Permission.SCHEMAS_READ),
                this::check);
        table.blocking(
                HttpMethod.PATCH, "/api/v1/schemas/:eventType", Access.needs(Permission.SCHEMAS_EDIT), this::change);
    }

    private Reply list(Call call) {
        return Reply.json(200, array("schemas", accounts.schemas(call.tenant())));
    }

    private Reply add(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("event_type", "mode", "schema", "compatibility"));
        String eventType = Call.text(body, "event_type");
        EventSchema.Mode mode = Accounts.mode(body.path("mode").asText(""));
        EventSchema added = accounts.addSchema(
                call.tenant(), eventType, mode, compatibility(body.path("compatibility")), body.path("schema"));
        Change.tell(null, json(added));
        return Reply.json(201, json(added));
    }

    private Reply check(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("schema"));
        List<String> problems =
                accounts.incompatibilities(call.tenant(), call.pathParameter("eventType"), body.path("schema"));
        ObjectNode answer = JSON.createObjectNode().put("compatible", problems.isEmpty());
        ArrayNode list = answer.putArray("problems");
        problems.forEach(list::add);
        return Reply.json(200, answer);
    }

    private static EventSchema.@Nullable Compatibility compatibility(JsonNode named) {
        return named.isMissingNode() || named.isNull()
                ? null
                : EventSchema.Compatibility.of(named.asText(), "compatibility");
    }

    private Reply versions(Call call) {
        return Reply.json(200, array("versions", existing(call)));
    }

    /** What is left out stays as it is. */
    private Reply change(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("mode", "compatibility"));
        if (body.isEmpty()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "name mode or compatibility", "mode");
        }
        EventSchema known = existing(call).getLast();
        EventSchema changed = accounts.changeSchema(
                call.tenant(),
                call.pathParameter("eventType"),
                body.has("mode") ? Accounts.mode(body.path("mode").asText("")) : known.mode(),
                body.has("compatibility") ? compatibility(body.get("compatibility")) : known.compatibility());
        Change.tell(json(known), json(changed));
        return Reply.json(200, json(changed));
    }

    private List<EventSchema> existing(Call call) {
        List<EventSchema> versions = accounts.schemaVersions(call.tenant(), call.pathParameter("eventType"));
        if (versions.isEmpty()) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no schema for this event type");
        }
        return versions;
    }

    private ObjectNode array(String name, List<EventSchema> schemas) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode array = answer.putArray(name);
        schemas.forEach(schema -> array.add(json(schema)));
        return answer;
    }

    private ObjectNode json(EventSchema schema) {
        try {
            ObjectNode node = JSON.createObjectNode();
            node.put("event_type", schema.eventType());
            node.put("version", schema.version());
            node.put("mode", schema.mode().name().toLowerCase(Locale.ROOT));
            EventSchema.Compatibility own = schema.compatibility();
            node.put("compatibility", own == null ? null : own.wireName());
            node.put("compatibility_in_force", accounts.compatibility(schema).wireName());
            node.set("schema", JSON.readTree(schema.json()));
            return node;
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored schema is not JSON", e);
        }
    }
}
