package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The events of a tenant that were received last, newest first. */
final class EventList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> IDS = List.of("event_id", "event_type", "user_id", "anonymous_id", "session_id");
    private static final List<String> PROPERTIES = List.of("props_str", "props_num", "props_bool");
    private static final List<String> TRAITS = List.of("user_str", "user_num", "user_bool");

    private EventList() {}

    static ObjectNode latest(EventStore store, TenantId tenant, Call call) {
        Rows rows = store.query(tenant, select(tenant, call));
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode events = answer.putArray("events");
        for (int row = 0; row < rows.size(); row++) {
            add(events.addObject(), rows, row);
        }
        return answer;
    }

    private static Select select(TenantId tenant, Call call) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(Table.EVENTS, parameters)
                .column("toUnixTimestamp64Milli(ts)", "at")
                .column("toUnixTimestamp64Milli(received_at)", "received");
        IDS.forEach(id -> select.column("toString(" + id + ")", id + "_text"));
        for (ContextField field : ContextField.values()) {
            select.column("toString(" + field.column() + ")", field.column() + "_text");
        }
        PROPERTIES.forEach(map -> select.column(map, map + "_map"));
        TRAITS.forEach(map -> select.column(map, map + "_map"));
        call.queryParameter("event_type").ifPresent(type -> select.where("event_type = " + parameters.text(type)));
        ListParameters.time(call, "since")
                .ifPresent(since -> select.where(
                        "received_at >= fromUnixTimestamp64Milli(" + parameters.integer(since) + ", 'UTC')"));
        return select.orderBy("received_at DESC")
                .orderBy("journal_offset DESC")
                .limit(ListParameters.limit(call), 0)
                .build();
    }

    private static void add(ObjectNode event, Rows rows, int row) {
        int column = 2;
        event.put("event_id", rows.textAt(row, column++));
        event.put("event_type", rows.textAt(row, column++));
        event.put("timestamp", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, 0)), ZoneOffset.UTC));
        event.put("received_at", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, 1)), ZoneOffset.UTC));
        for (String id : IDS.subList(2, IDS.size())) {
            putText(event, id, rows.textAt(row, column++));
        }
        ObjectNode context = event.putObject("context");
        for (ContextField field : ContextField.values()) {
            String text = rows.textAt(row, column++);
            if (!text.isEmpty()) {
                context.put(field.column(), text);
            }
        }
        ObjectNode properties = event.putObject("properties");
        for (int i = 0; i < PROPERTIES.size(); i++) {
            putAll(properties, rows.textAt(row, column++));
        }
        ObjectNode user = event.putObject("user");
        for (int i = 0; i < TRAITS.size(); i++) {
            putAll(user, rows.textAt(row, column++));
        }
    }

    static void putAll(ObjectNode target, String map) {
        try {
            JSON.readTree(map).properties().forEach(entry -> target.set(entry.getKey(), readable(entry.getValue())));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the store gave properties that are not JSON", e);
        }
    }

    private static JsonNode readable(JsonNode value) {
        return value.isNumber() ? AnswerJson.number(value.doubleValue()) : value;
    }

    /** Null where the store has nothing. */
    static void putText(ObjectNode target, String name, String text) {
        target.put(name, text.isEmpty() ? null : text);
    }
}
