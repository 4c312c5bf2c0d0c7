package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON object a line, with a member for each column. Whole numbers are written without a fraction. */
final class JsonRows implements RowWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final OutputStream target;
    private List<Column> columns = List.of();

    JsonRows(OutputStream target) {
        this.target = target;
    }

    @Override
    public void columns(List<Column> all) {
        columns = List.copyOf(all);
    }

    @Override
    public void row(List<@Nullable Object> values) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter());
            json.writeStartObject();
            for (int i = 0; i < columns.size(); i++) {
                json.writeFieldName(columns.get(i).name());
                write(json, values.get(i));
            }
            json.writeEndObject();
        }
        line.write('\n');
        line.writeTo(target);
    }

    @Override
    public void finish() {}

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean flag -> json.writeBoolean(flag);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeRawValue(AnswerJson.number(number).asText());
            default -> json.writeString(value.toString());
        }
    }
}
