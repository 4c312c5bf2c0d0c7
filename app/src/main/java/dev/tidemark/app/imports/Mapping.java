package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a file becomes which field of an event, as in {@code event_type=action,timestamp=at,properties.*}: the last takes
 * every column that nothing else names. Immutable.
 */
final class Mapping {
    private static final List<String> FIELDS =
            List.of("event_type", "event_id", "timestamp", "user_id", "anonymous_id", "session_id");
    private static final List<String> GROUPS = List.of("properties.", "traits.", "context.");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,16}");

    private final Map<String, String> columns;
    private final boolean otherProperties;
    private final @Nullable String eventType;
    private final ZoneId zone;

    private Mapping(Map<String, String> columns, boolean otherProperties, @Nullable String eventType, ZoneId zone) {
        this.columns = columns;
        this.otherProperties = otherProperties;
        this.eventType = eventType;
        this.zone = zone;
    }

    /**
     * Reads the pairs of {@code --map}.
     *
     * @param eventType of every event where no column holds it; null for none
     * @param zone of times that name none
     */
    static Mapping parse(List<String> pairs, @Nullable String eventType, ZoneId zone) {
        Map<String, String> columns = new LinkedHashMap<>();
        boolean others = false;
        for (String pair : pairs) {
            if (pair.equals("properties.*")) {
                others = true;
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals <= 0 || equals == pair.length() - 1) {
                throw wrong("'" + pair + "' is not of the form field=column or properties.*");
            }
            String field = pair.substring(0, equals);
            if (!FIELDS.contains(field) && GROUPS.stream().noneMatch(group -> isIn(group, field))) {
                throw wrong("unknown field '" + field + "'; known are " + String.join(", ", FIELDS)
                        + ", properties.NAME, traits.NAME, context.NAME");
            }
            if (columns.put(field, pair.substring(equals + 1)) != null) {
                throw wrong("'" + field + "' is mapped twice");
            }
        }
        if (eventType == null && !columns.containsKey("event_type")) {
            throw wrong("no column holds the event type: map one (event_type=COLUMN) or give --event-type");
        }
        return new Mapping(columns, others, eventType, zone);
    }

    private static boolean isIn(String group, String field) {
        return field.startsWith(group) && field.length() > group.length();
    }

    /** Fails on a mapped column that the file does not have. */
    void check(List<String> header) {
        for (String column : columns.values()) {
            if (!header.contains(column)) {
                throw wrong("there is no column '" + column + "'; the file has " + String.join(", ", header));
            }
        }
    }

    String identity() {
        return new TreeMap<>(columns) + "|" + otherProperties + "|" + eventType + "|" + zone;
    }

    /** An event of one record. Absent and empty columns are left out; the event id is made of the name where none is mapped. */
    Formed form(Map<String, JsonNode> record, String name) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        if (eventType != null) {
            event.put("event_type", eventType);
        }
        event.put("event_id", "row-" + name);
        Set<String> used = new HashSet<>();
        for (Map.Entry<String, String> pair : columns.entrySet()) {
            used.add(pair.getValue());
            JsonNode value = record.get(pair.getValue());
            if (value == null
                    || value.isNull()
                    || (value.isTextual() && value.textValue().isEmpty())) {
                continue;
            }
            if (pair.getKey().equals("timestamp")) {
                Instant time = time(value);
                if (time == null) {
                    return new Formed.Unusable(
                            "invalid_timestamp",
                            "timestamp",
                            "'" + pair.getValue()
                                    + "' holds no time that is understood: write ISO 8601 or a Unix time");
                }
                event.put("timestamp", time.toString());
            } else {
                set(event, pair.getKey(), value);
            }
        }
        if (!event.hasNonNull("event_type")) {
            return new Formed.Unusable(
                    "missing_event_type", "event_type", "'" + columns.get("event_type") + "' is empty");
        }
        if (otherProperties) {
            ObjectNode properties = event.withObjectProperty("properties");
            record.forEach((column, value) -> {
                if (!used.contains(column)
                        && !(value.isTextual() && value.textValue().isEmpty())) {
                    properties.set(column, value);
                }
            });
        }
        return new Formed.Ready(event);
    }

    private static void set(ObjectNode event, String field, JsonNode value) {
        if (FIELDS.contains(field)) {
            event.set(field, value.isTextual() ? value : TextNode.valueOf(value.asText()));
            return;
        }
        int dot = field.indexOf('.');
        String group = field.substring(0, dot);
        String rest = field.substring(dot + 1);
        ObjectNode node = event.withObjectProperty(group);
        if (group.equals("context")) {
            while (rest.indexOf('.') > 0) {
                node = node.withObjectProperty(rest.substring(0, rest.indexOf('.')));
                rest = rest.substring(rest.indexOf('.') + 1);
            }
        }
        node.set(rest, value);
    }

    /** ISO 8601 with or without offset, time or the T; Unix seconds below 10^11, milliseconds above. */
    private @Nullable Instant time(JsonNode value) {
        String text = value.asText().strip();
        if (WHOLE_NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            return Math.abs(number) < 100_000_000_000L ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        }
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11) : text;
        try {
            if (iso.length() == 10) {
                return LocalDate.parse(iso).atStartOfDay(zone).toInstant();
            }
            boolean zoned = iso.endsWith("Z") || iso.indexOf('+') > 10 || iso.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).atZone(zone).toInstant();
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static TidemarkException wrong(String message) {
        return new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "--map: " + message);
    }
}
