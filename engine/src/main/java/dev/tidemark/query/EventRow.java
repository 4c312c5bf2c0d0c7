package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.tidemark.base.ContextField;
import dev.tidemark.store.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exported events in CSV and JSON. Each carries the cursor that goes on after it. */
final class EventRow {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int FIRST_ID = 4;
    private static final int FIRST_CONTEXT = FIRST_ID + EventSelection.IDS.size();
    private static final int FIRST_MAP = FIRST_CONTEXT + ContextField.values().length;
    private static final int MAPS_OF_A_KIND = 3;

    private final Rows rows;

    /** @param values by {@link EventSelection#rows} */
    EventRow(List<@Nullable Object> values) {
        this.rows = Rows.of(List.of(), List.of(values));
    }

    ExportCursor.Place place() {
        return new ExportCursor.Place(
                rows.longAt(0, 0), rows.textAt(0, FIRST_ID + 1), (int) rows.longAt(0, 2), rows.longAt(0, 3));
    }

    /** The columns of CSV: ids, times, circumstances, properties and traits as JSON texts, the cursor. */
    static List<RowWriter.Column> columns() {
        List<String> names = new ArrayList<>(List.of("event_id", "event_type", "timestamp", "received_at"));
        names.addAll(EventSelection.IDS.subList(2, EventSelection.IDS.size()));
        for (ContextField field : ContextField.values()) {
            names.add(field.column());
        }
        names.addAll(List.of("properties", "user", "cursor"));
        return names.stream()
                .map(name -> new RowWriter.Column(name, RowWriter.Kind.TEXT))
                .toList();
    }

    List<@Nullable Object> cells(String cursor) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(rows.textAt(0, FIRST_ID));
        cells.add(rows.textAt(0, FIRST_ID + 1));
        cells.add(time(0));
        cells.add(time(1));
        for (int column = FIRST_ID + 2; column < FIRST_MAP; column++) {
            cells.add(textOrNull(column));
        }
        cells.add(merged(FIRST_MAP));
        cells.add(merged(FIRST_MAP + MAPS_OF_A_KIND));
        cells.add(cursor);
        return cells;
    }

    /** A line in the form in which the latest events are listed. */
    void writeJson(OutputStream target, String cursor) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter());
            json.writeStartObject();
            json.writeStringField("event_id", rows.textAt(0, FIRST_ID));
            json.writeStringField("event_type", rows.textAt(0, FIRST_ID + 1));
            json.writeStringField("timestamp", time(0));
            json.writeStringField("received_at", time(1));
            for (int id = 2; id < EventSelection.IDS.size(); id++) {
                json.writeStringField(EventSelection.IDS.get(id), textOrNull(FIRST_ID + id));
            }
            json.writeObjectFieldStart("context");
            for (ContextField field : ContextField.values()) {
                String text = rows.textAt(0, FIRST_CONTEXT + field.ordinal());
                if (!text.isEmpty()) {
                    json.writeStringField(field.column(), text);
                }
            }
            json.writeEndObject();
            json.writeFieldName("properties");
            json.writeRawValue(merged(FIRST_MAP));
            json.writeFieldName("user");
            json.writeRawValue(merged(FIRST_MAP + MAPS_OF_A_KIND));
            json.writeStringField("cursor", cursor);
            json.writeEndObject();
        }
        line.write('\n');
        line.writeTo(target);
    }

    private String time(int column) {
        return AnswerJson.time(Instant.ofEpochMilli(rows.longAt(0, column)), ZoneOffset.UTC);
    }

    private @Nullable String textOrNull(int column) {
        String text = rows.textAt(0, column);
        return text.isEmpty() ? null : text;
    }

    /** The members of three objects in one; no name is in two of them. */
    private String merged(int column) {
        StringBuilder text = new StringBuilder("{");
        for (int map = column; map < column + MAPS_OF_A_KIND; map++) {
            String members = rows.textAt(0, map);
            if (members.length() > 2) {
                text.append(text.length() > 1 ? "," : "").append(members, 1, members.length() - 1);
            }
        }
        return text.append('}').toString();
    }
}
