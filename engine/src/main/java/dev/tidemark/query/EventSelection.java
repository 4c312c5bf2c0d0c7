package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.Call;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a tenant an export is of, and the statements that read them in its order, that of the table: by UTC day, event type,
 * time and journal address.
 *
 * @param cursor with the range, the cut and the event to go on after
 */
record EventSelection(
        TenantId tenant,
        @Nullable String eventType,
        @Nullable Filter filter,
        ExportCursor cursor) {
    static final List<String> IDS = List.of("event_id", "event_type", "user_id", "anonymous_id", "session_id");
    static final List<String> MAPS =
            List.of("props_str", "props_num", "props_bool", "user_str", "user_num", "user_bool");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ORDER =
            List.of("toDate(ts)", "events.event_type", "ts", "journal_partition", "journal_offset");

    /** What chooses the events besides range and cut, as it was written in the call. */
    record Choice(@Nullable String eventType, @Nullable Filter filter, int number) {
        static Choice of(Call call, QuestionContext context) {
            String type = call.query().get("event_type");
            Optional<String> filter = call.queryParameter("filter");
            JsonNode node = filter.isEmpty() ? null : parsed(filter.get());
            int number = (type == null ? "" : type).hashCode() * 31
                    + (node == null ? 0 : node.toString().hashCode());
            return new Choice(type, node == null ? null : FilterReader.read(node, "filter", context), number);
        }

        private static JsonNode parsed(String text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw Fields.invalid("filter", "is not valid JSON: " + e.getOriginalMessage());
            }
        }
    }

    EventSelection after(ExportCursor.Place place) {
        return new EventSelection(tenant, eventType, filter, cursor.after(place));
    }

    /** The highest offset that the tenant has in the store. */
    static Select highest(TenantId tenant) {
        return Select.from(Table.EVENTS, new Parameters(tenant))
                .column("count()", "n")
                .column("max(journal_offset)", "highest")
                .build();
    }

    /** The same events, but of some days only; with the same cursors. */
    EventSelection within(TimeRange days) {
        TimeRange range = cursor.range();
        TimeRange cut = new TimeRange(
                days.start().isAfter(range.start()) ? days.start() : range.start(),
                days.end().isBefore(range.end()) ? days.end() : range.end());
        return new EventSelection(
                tenant, eventType, filter, new ExportCursor(cursor.asOf(), cut, cursor.selection(), cursor.last()));
    }

    /** How many events each UTC day has that has any, oldest first. */
    Select days() {
        return opened(new Parameters(tenant), null)
                .column("toInt64(toDate(ts))", "day")
                .column("count()", "n")
                .groupBy("day")
                .orderBy("day")
                .build();
    }

    /** Events as rows: see {@link EventRow} for the columns. */
    Select rows(int limit) {
        Select.Builder select = opened(new Parameters(tenant), null)
                .column("toUnixTimestamp64Milli(ts)", "at")
                .column("toUnixTimestamp64Milli(received_at)", "received")
                .column("journal_partition", "p")
                .column("journal_offset", "o");
        IDS.forEach(id -> select.column("toString(events." + id + ")", id + "_text"));
        for (ContextField field : ContextField.values()) {
            select.column("toString(" + field.column() + ")", field.column() + "_text");
        }
        MAPS.forEach(map -> select.column(map, map + "_map"));
        return ordered(select).limit(limit, 0).build();
    }

    /** The place of one event, that many events further on. */
    Select place(long rows) {
        Select.Builder select = opened(new Parameters(tenant), null)
                .column("toUnixTimestamp64Milli(ts)", "at")
                .column("toString(events.event_type)", "type_text")
                .column("journal_partition", "p")
                .column("journal_offset", "o");
        return ordered(select).limit(1, rows - 1).build();
    }

    /**
     * Events with the columns of a Parquet file, in no order.
     *
     * @param upTo the last one; null for all
     */
    Select columns(ExportCursor.@Nullable Place upTo) {
        Select.Builder inner = opened(new Parameters(tenant), upTo)
                .column("toString(events.event_id)", "c_event_id")
                .column("toString(events.event_type)", "c_event_type")
                .column("ts", "c_timestamp")
                .column("received_at", "c_received_at");
        List<String> ids = IDS.subList(2, IDS.size());
        ids.forEach(id -> inner.column("nullIf(" + id + ", '')", "c_" + id));
        for (ContextField field : ContextField.values()) {
            inner.column("nullIf(toString(" + field.column() + "), '')", "c_" + field.column());
        }
        MAPS.forEach(map -> inner.column(map, "c_" + map));
        inner.column("journal_partition", "c_journal_partition").column("journal_offset", "c_journal_offset");
        Select.Builder named = Select.from(inner.build());
        List.of("event_id", "event_type", "timestamp", "received_at").forEach(name -> named.column("c_" + name, name));
        ids.forEach(name -> named.column("c_" + name, name));
        for (ContextField field : ContextField.values()) {
            named.column("c_" + field.column(), field.column());
        }
        MAPS.forEach(map -> named.column("c_" + map, parquetName(map)));
        return named.column("c_journal_partition", "journal_partition")
                .column("c_journal_offset", "journal_offset")
                .build();
    }

    /** As in {@code properties_text}. */
    static String parquetName(String map) {
        return map.replace("props_", "properties_")
                .replace("_str", "_text")
                .replace("_num", "_number")
                .replace("_bool", "_flag");
    }

    private static Select.Builder ordered(Select.Builder select) {
        ORDER.forEach(select::orderBy);
        return select;
    }

    private Select.Builder opened(Parameters parameters, ExportCursor.@Nullable Place upTo) {
        ExportCursor.Place last = cursor.last();
        TimeRange range = last == null ? cursor.range() : rest(last);
        Select.Builder select =
                Source.EVENTS.select(parameters, range).where("journal_offset <= " + parameters.integer(cursor.asOf()));
        if (eventType != null) {
            select.where("events.event_type = " + parameters.text(eventType));
        }
        new Conditions(parameters).limited(select, filter);
        if (last != null) {
            select.where(isAfter(last, parameters));
        }
        if (upTo != null) {
            select.where("NOT (" + isAfter(upTo, parameters) + ")");
        }
        return select;
    }

    /** The days from that of an event on. */
    private TimeRange rest(ExportCursor.Place last) {
        Instant day = Instant.ofEpochMilli(last.millis())
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
        TimeRange range = cursor.range();
        return day.isAfter(range.start()) && day.isBefore(range.end()) ? new TimeRange(day, range.end()) : range;
    }

    private static String isAfter(ExportCursor.Place place, Parameters parameters) {
        String at = "fromUnixTimestamp64Milli(" + parameters.integer(place.millis()) + ", 'UTC')";
        String type = parameters.text(place.eventType());
        return "toDate(ts) > toDate(" + at + ") OR (toDate(ts) = toDate(" + at + ") AND (events.event_type > " + type
                + " OR (events.event_type = " + type + " AND (ts > " + at + " OR (ts = " + at
                + " AND (journal_partition, journal_offset) > (" + parameters.integer(place.partition()) + ", "
                + parameters.integer(place.offset()) + "))))))";
    }
}
