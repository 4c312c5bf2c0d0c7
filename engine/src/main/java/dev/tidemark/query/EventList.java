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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The events of a tenant, those received last first, by page; all of them or those of a type, a person, a time or a filter. */
final class EventList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> IDS = List.of("event_id", "event_type", "user_id", "anonymous_id", "session_id");
    private static final List<String> PROPERTIES = List.of("props_str", "props_num", "props_bool");
    private static final List<String> TRAITS = List.of("user_str", "user_num", "user_bool");

    private static final int RECEIVED = 1;
    private static final int FIRST_ID = 4;
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    private EventList() {}

    static ObjectNode page(EventStore store, TenantId tenant, Call call, QuestionContext context) {
        int limit = ListParameters.limit(call);
        Rows rows = store.query(tenant, select(tenant, call, limit + 1, context));
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode events = answer.putArray("events");
        int shown = Math.min(limit, rows.size());
        for (int row = 0; row < shown; row++) {
            add(events.addObject(), rows, row);
        }
        if (rows.size() > limit) {
            answer.put("next_cursor", after(rows, shown - 1).text());
        } else {
            answer.putNull("next_cursor");
        }
        return answer;
    }

    private static Select select(TenantId tenant, Call call, int limit, QuestionContext context) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = columns(Select.from(Table.EVENTS, parameters));
        call.queryParameter("event_type").ifPresent(type -> select.where("event_type = " + parameters.text(type)));
        call.queryParameter("person").ifPresent(person -> select.where(of(parameters.text(person))));
        ListParameters.time(call, "since")
                .ifPresent(since -> select.where("received_at >= " + time(parameters, since)));
        ListParameters.time(call, "until").ifPresent(until -> select.where("received_at < " + time(parameters, until)));
        new Conditions(parameters)
                .limited(select, EventSelection.Choice.of(call, context).filter());
        ListParameters.cursor(call).ifPresent(cursor -> select.where(before(cursor, parameters)));
        return select.orderBy("received_at DESC")
                .orderBy("journal_partition DESC")
                .orderBy("journal_offset DESC")
                .limit(limit, 0)
                .build();
    }

    /** The columns that {@link #add} reads. */
    static Select.Builder columns(Select.Builder select) {
        select.column("toUnixTimestamp64Milli(ts)", "at")
                .column("toUnixTimestamp64Milli(received_at)", "received")
                .column("journal_partition", "p")
                .column("journal_offset", "o");
        IDS.forEach(id -> select.column("toString(" + id + ")", id + "_text"));
        for (ContextField field : ContextField.values()) {
            select.column("toString(" + field.column() + ")", field.column() + "_text");
        }
        PROPERTIES.forEach(map -> select.column(map, map + "_map"));
        TRAITS.forEach(map -> select.column(map, map + "_map"));
        return select;
    }

    /** Whether an event is of a person: who it names as its user, else as its anonymous visitor. */
    private static String of(String person) {
        return "user_id = " + person + " OR (user_id = '' AND anonymous_id = " + person + ")";
    }

    private static String time(Parameters parameters, long millis) {
        return "fromUnixTimestamp64Milli(" + parameters.integer(millis) + ", 'UTC')";
    }

    /** The cursor of what follows a row: its time of receipt and its journal address. */
    private static ListParameters.Cursor after(Rows rows, int row) {
        return new ListParameters.Cursor(
                rows.longAt(row, RECEIVED), rows.longAt(row, RECEIVED + 1) + ":" + rows.longAt(row, RECEIVED + 2));
    }

    private static String before(ListParameters.Cursor cursor, Parameters parameters) {
        Matcher address = ADDRESS.matcher(cursor.id());
        if (!address.matches()) {
            throw Fields.invalid("cursor", "is not a cursor that this list gave");
        }
        String at = time(parameters, cursor.millis());
        return "received_at < " + at + " OR (received_at = " + at + " AND (journal_partition, journal_offset) < ("
                + parameters.integer(Long.parseLong(address.group(1))) + ", "
                + parameters.integer(Long.parseLong(address.group(2))) + "))";
    }

    /** Writes an event of {@link #columns}. */
    static void add(ObjectNode event, Rows rows, int row) {
        int column = FIRST_ID;
        event.put("event_id", rows.textAt(row, column++));
        event.put("event_type", rows.textAt(row, column++));
        event.put("timestamp", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, 0)), ZoneOffset.UTC));
        event.put("received_at", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, RECEIVED)), ZoneOffset.UTC));
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
