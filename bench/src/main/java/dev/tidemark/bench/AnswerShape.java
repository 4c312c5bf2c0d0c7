package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How the numbers of an answer become rows that can be compared with those of a statement: each row a text of its cells, numbers to
 * nine digits, without the rows whose last cell is nothing or 0 (which a statement does not give).
 */
enum AnswerShape {
    SERIES {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("series").forEach(point -> rows.add(List.of(point.path("time"), point.path("value"))));
        }
    },
    /** Of each value, and of all together. */
    LINES {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("lines").forEach(line -> points(line.path("breakdown"), line, rows));
            data.path("totals").forEach(line -> points("$total", line, rows));
        }

        private void points(Object label, JsonNode line, List<List<Object>> rows) {
            line.path("points").forEach(point -> rows.add(List.of(label, point.path("time"), point.path("value"))));
        }
    },
    VALUES {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("values").forEach(value -> rows.add(List.of("", value.path("measure"), value.path("value"))));
        }

        /** The first cell of a statement's row is the pair that the other two are of. */
        @Override
        List<Object> ofStatement(JsonNode row) {
            return List.of("", row.get(1), row.get(2));
        }
    },
    TABLE {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("rows").forEach(row -> rows.add(cells(row)));
        }
    },
    /** With the seconds from the step before, of which the first has none. */
    FUNNEL {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            for (JsonNode step : data.path("steps")) {
                List<Object> row = new ArrayList<>(List.of(step.path("step")));
                JsonNode seconds = step.path("seconds");
                for (String kind : List.of("median", "avg", "p90")) {
                    row.add(seconds.isNull() ? seconds : seconds.path(kind));
                }
                row.add(step.path("count"));
                rows.add(row);
            }
        }
    },
    RETENTION {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            for (JsonNode cohort : data.path("cohorts")) {
                rows.add(List.of(cohort.path("time"), -1, cohort.path("size")));
                cohort.path("cells")
                        .forEach(cell ->
                                rows.add(List.of(cohort.path("time"), cell.path("period"), cell.path("returned"))));
            }
        }
    },
    STICKINESS {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("distribution").forEach(each -> rows.add(List.of(each.path("active"), each.path("users"))));
        }
    },
    PATHS {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            for (JsonNode path : data.path("paths")) {
                List<String> events = new ArrayList<>();
                path.path("events").forEach(event -> events.add(event.asText()));
                rows.add(List.of(String.join(" > ", events), path.path("count")));
            }
        }
    },
    /** The values alone: of large tenants the server counts a sample. */
    PROPERTY_VALUES {
        @Override
        void read(JsonNode data, List<List<Object>> rows) {
            data.path("values").forEach(value -> rows.add(List.of(value.path("value"))));
        }

        @Override
        List<Object> ofStatement(JsonNode row) {
            return List.of(row.get(0));
        }
    };

    private static final MathContext NINE_DIGITS = new MathContext(9);

    abstract void read(JsonNode data, List<List<Object>> rows);

    List<Object> ofStatement(JsonNode row) {
        return cells(row);
    }

    /** The rows of a server's answer. */
    SortedSet<String> rows(JsonNode data) {
        List<List<Object>> rows = new ArrayList<>();
        read(data, rows);
        return texts(rows);
    }

    /** The rows of what a statement returned in JSONCompact. */
    SortedSet<String> rowsOfStatement(JsonNode result) {
        List<List<Object>> rows = new ArrayList<>();
        result.path("data").forEach(row -> rows.add(ofStatement(row)));
        return texts(rows);
    }

    private static List<Object> cells(JsonNode row) {
        List<Object> cells = new ArrayList<>();
        row.forEach(cells::add);
        return cells;
    }

    private static SortedSet<String> texts(List<List<Object>> rows) {
        SortedSet<String> texts = new TreeSet<>();
        for (List<Object> row : rows) {
            String last = text(row.getLast());
            if (!last.equals("0") && !last.equals("null")) {
                texts.add(String.join(" | ", row.stream().map(AnswerShape::text).toList()));
            }
        }
        return texts;
    }

    private static String text(Object cell) {
        if (cell instanceof JsonNode node) {
            return node.isNumber() ? number(node.decimalValue()) : node.asText();
        }
        return cell.toString();
    }

    private static String number(BigDecimal value) {
        return value.signum() == 0
                ? "0"
                : value.round(NINE_DIGITS).stripTrailingZeros().toPlainString();
    }
}
