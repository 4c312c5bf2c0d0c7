package dev.tidemark.query;

import static dev.tidemark.query.RowWriter.Kind.FLAG;
import static dev.tidemark.query.RowWriter.Kind.NUMBER;
import static dev.tidemark.query.RowWriter.Kind.TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers of analyses as flat rows: a row for each number that a picture shows, in the order of the answer. It starts from the documented
 * JSON form, so that an export has what callers see and nothing else.
 */
final class FlatRows {
    private final List<RowWriter.Column> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    private FlatRows(List<RowWriter.Column> columns) {
        this.columns = columns;
    }

    /**
     * The rows of an answer. Fails with {@code INVALID_FIELD} for a type that has no flat form.
     *
     * @param type of the question
     * @param data of the answer
     */
    static FlatRows of(String type, ObjectNode data) {
        return switch (type) {
            case "trend" -> trend(data);
            case "metric" -> metric(data);
            case "table" -> table(data);
            case "funnel" -> funnel(data);
            case "retention" -> retention(data);
            case "cohort" -> cohort(data);
            case "stickiness" ->
                list(data.path("distribution"), number("active"), number("users"), number("share"), number("at_least"));
            case "paths" -> list(data.path("paths"), text("events"), number("count"), number("share"));
            default -> throw Fields.invalid("type", "a question of type " + type + " cannot be exported");
        };
    }

    void writeTo(RowWriter writer) throws IOException {
        writer.columns(columns);
        for (List<@Nullable Object> row : rows) {
            writer.row(row);
        }
    }

    private static FlatRows trend(ObjectNode data) {
        FlatRows flat = new FlatRows(List.of(
                text("time"), text("measure"), text("breakdown"), flag("compare"), number("value"), flag("partial")));
        for (JsonNode line : data.path("lines")) {
            for (JsonNode point : line.path("points")) {
                flat.add(Map.of("partial", point.path("partial").asBoolean()), point, line);
            }
        }
        return flat;
    }

    private static FlatRows metric(ObjectNode data) {
        FlatRows flat = new FlatRows(List.of(
                text("measure"), text("time"), number("value"), number("previous"), number("change"), flag("partial")));
        data.path("values").forEach(value -> flat.add(Map.of(), value));
        JsonNode sparkline = data.path("sparkline");
        for (JsonNode line : sparkline.has("lines") ? sparkline.path("lines") : data.path("sparklines")) {
            for (JsonNode point : line.path("points")) {
                flat.add(Map.of("partial", point.path("partial").asBoolean()), point, line);
            }
        }
        return flat;
    }

    private static FlatRows table(ObjectNode data) {
        List<RowWriter.Column> columns = new ArrayList<>();
        data.path("columns")
                .forEach(column -> columns.add(new RowWriter.Column(
                        column.path("name").asText(),
                        column.path("kind").asText().equals("measure") ? NUMBER : TEXT)));
        FlatRows flat = new FlatRows(columns);
        for (JsonNode cells : data.path("rows")) {
            List<@Nullable Object> row = new ArrayList<>();
            cells.forEach(cell -> row.add(value(cell)));
            flat.rows.add(row);
        }
        return flat;
    }

    private static FlatRows funnel(ObjectNode data) {
        FlatRows flat = new FlatRows(List.of(
                text("group"),
                text("time"),
                number("step"),
                text("name"),
                number("count"),
                number("from_first"),
                number("from_previous"),
                number("dropped"),
                number("median_seconds"),
                number("avg_seconds"),
                number("p90_seconds"),
                flag("partial")));
        data.path("steps").forEach(step -> flat.step(null, step));
        for (JsonNode group : data.path("groups")) {
            group.path("steps").forEach(step -> flat.step(group.path("value"), step));
        }
        for (JsonNode moment : data.path("over_time")) {
            JsonNode counts = moment.path("counts");
            for (int i = 0; i < counts.size(); i++) {
                Map<String, Object> more = new LinkedHashMap<>();
                more.put("step", (double) (i + 1));
                more.put("name", data.path("steps").path(i).path("name").asText());
                more.put("count", counts.get(i));
                more.put("partial", moment.path("partial").asBoolean());
                flat.add(more, moment);
            }
        }
        return flat;
    }

    private void step(@Nullable JsonNode group, JsonNode step) {
        JsonNode seconds = step.path("seconds");
        Map<String, Object> more = new LinkedHashMap<>();
        if (group != null) {
            more.put("group", group);
        }
        more.put("median_seconds", seconds.path("median"));
        more.put("avg_seconds", seconds.path("avg"));
        more.put("p90_seconds", seconds.path("p90"));
        add(more, step);
    }

    private static FlatRows retention(ObjectNode data) {
        FlatRows flat = new FlatRows(List.of(
                text("group"),
                text("time"),
                number("size"),
                number("period"),
                number("returned"),
                number("rate"),
                flag("partial")));
        cells(flat, Map.of(), data.path("cohorts"));
        for (JsonNode group : data.path("groups")) {
            cells(flat, Map.of("group", group.path("value")), group.path("cohorts"));
        }
        return flat;
    }

    private static FlatRows cohort(ObjectNode data) {
        FlatRows flat = new FlatRows(List.of(
                text("name"), text("time"), number("size"), number("period"), number("value"), flag("partial")));
        cells(flat, Map.of(), data.path("rows"));
        return flat;
    }

    /** A row for each cell, with what its line says where the cell does not. */
    private static void cells(FlatRows flat, Map<String, Object> group, JsonNode lines) {
        for (JsonNode line : lines) {
            for (JsonNode cell : line.path("cells")) {
                Map<String, Object> more = new LinkedHashMap<>(group);
                more.put("partial", cell.path("partial").asBoolean());
                if (line.has("time")) {
                    more.put("time", line.path("time"));
                }
                flat.add(more, cell, line);
            }
        }
    }

    private static FlatRows list(JsonNode nodes, RowWriter.Column... columns) {
        FlatRows flat = new FlatRows(List.of(columns));
        nodes.forEach(node -> flat.add(Map.of(), node));
        return flat;
    }

    /** Takes each column from the map, else from the first node that has it. */
    private void add(Map<String, Object> more, JsonNode... nodes) {
        List<@Nullable Object> row = new ArrayList<>();
        for (RowWriter.Column column : columns) {
            Object value = more.get(column.name());
            for (JsonNode node : nodes) {
                value = value == null && node.has(column.name()) ? node.get(column.name()) : value;
            }
            row.add(value instanceof JsonNode node ? value(node) : value);
        }
        rows.add(row);
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isTextual() ? node.textValue() : node.toString();
    }

    private static RowWriter.Column text(String name) {
        return new RowWriter.Column(name, TEXT);
    }

    private static RowWriter.Column number(String name) {
        return new RowWriter.Column(name, NUMBER);
    }

    private static RowWriter.Column flag(String name) {
        return new RowWriter.Column(name, FLAG);
    }
}
