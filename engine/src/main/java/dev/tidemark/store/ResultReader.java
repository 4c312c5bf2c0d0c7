package dev.tidemark.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a result in the engine's JSONCompact form into {@link Rows}, or row by row. Arrays, tuples and maps become their JSON text. */
final class ResultReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();
    private static final Pattern WRAPPED = Pattern.compile("(?:Nullable|LowCardinality)\\((.*)\\)");
    private static final double MILLIS_PER_SECOND = 1000.0;

    private enum Kind {
        INTEGER,
        NUMBER,
        BOOLEAN,
        OTHER
    }

    private final List<String> columns = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final RowSink sink;
    private @Nullable List<@Nullable Object> totals;
    private long unlimited = -1;
    private boolean complete;
    private long rowsRead;
    private double elapsedMillis;

    private ResultReader(RowSink sink) {
        this.sink = sink;
    }

    static Rows read(InputStream input) throws IOException {
        List<List<@Nullable Object>> values = new ArrayList<>();
        ResultReader reader = stream(input, new RowSink() {
            @Override
            public void columns(List<String> names) {}

            @Override
            public void row(List<@Nullable Object> row) {
                values.add(row);
            }
        });
        return new Rows(
                List.copyOf(reader.columns),
                Collections.unmodifiableList(values),
                reader.totals,
                reader.unlimited < 0 ? values.size() : reader.unlimited,
                reader.rowsRead,
                reader.elapsedMillis);
    }

    /** Hands over row by row. Fails at the end when the result is not whole, be it that the engine said why within it. */
    static ResultReader stream(InputStream input, RowSink sink) throws IOException {
        ResultReader reader = new ResultReader(sink);
        try (JsonParser parser = FACTORY.createParser(input)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    reader.readPart(parser);
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || !reader.complete) {
                throw new IOException("the engine's answer breaks off");
            }
        }
        return reader;
    }

    private void readPart(JsonParser parser) throws IOException {
        String part = parser.currentName();
        parser.nextToken();
        switch (part) {
            case "meta" -> readMeta(JSON.readTree(parser));
            case "data" -> readData(parser);
            case "totals" -> totals = readRow(parser);
            case "rows_before_limit_at_least" -> unlimited = parser.getLongValue();
            case "statistics" -> {
                JsonNode statistics = JSON.readTree(parser);
                complete = true;
                rowsRead = statistics.path("rows_read").asLong();
                elapsedMillis = statistics.path("elapsed").asDouble() * MILLIS_PER_SECOND;
            }
            default -> parser.skipChildren();
        }
    }

    private void readMeta(JsonNode meta) throws IOException {
        for (JsonNode column : meta) {
            columns.add(column.path("name").asText());
            kinds.add(kind(column.path("type").asText()));
        }
        sink.columns(List.copyOf(columns));
    }

    private void readData(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            sink.row(readRow(parser));
        }
    }

    private List<@Nullable Object> readRow(JsonParser parser) throws IOException {
        List<@Nullable Object> row = new ArrayList<>(columns.size());
        for (int column = 0; parser.nextToken() != JsonToken.END_ARRAY; column++) {
            row.add(value(parser, kinds.get(column)));
        }
        return Collections.unmodifiableList(row);
    }

    private static @Nullable Object value(JsonParser parser, Kind kind) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY, START_OBJECT -> JSON.readTree(parser).toString();
            case VALUE_NUMBER_INT ->
                kind == Kind.NUMBER
                        ? (Object) parser.getDoubleValue()
                        : kind == Kind.BOOLEAN
                                ? (Object) (parser.getLongValue() != 0)
                                : (Object) parser.getBigIntegerValue().longValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getText();
        };
    }

    private static Kind kind(String type) {
        Matcher wrapped = WRAPPED.matcher(type);
        if (wrapped.matches()) {
            return kind(wrapped.group(1));
        }
        if (type.startsWith("Int") || type.startsWith("UInt")) {
            return Kind.INTEGER;
        }
        if (type.startsWith("Float") || type.startsWith("Decimal")) {
            return Kind.NUMBER;
        }
        return type.equals("Bool") ? Kind.BOOLEAN : Kind.OTHER;
    }
}
