package dev.tidemark.app.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180) with a header line; quoted fields may span lines. A value in the form of a JSON number or boolean
 * becomes one, unless its column is listed as text: {@code 007} stays text in any case.
 */
final class CsvFormat implements RecordFormat {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?([eE][+-]?\\d{1,2})?");
    private static final int MAX_RECORD_CHARS = 1 << 20;

    private final Mapping mapping;
    private final char separator;
    private final Set<String> textColumns;
    private final CsvMapper csv =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();
    private @Nullable List<String> header;

    CsvFormat(Mapping mapping, char separator, Set<String> textColumns) {
        this.mapping = mapping;
        this.separator = separator;
        this.textColumns = Set.copyOf(textColumns);
    }

    @Override
    public String identity() {
        return "csv|" + separator + "|"
                + String.join(",", textColumns.stream().sorted().toList()) + "|" + mapping.identity();
    }

    @Override
    public boolean continues(String text) {
        return text.length() < MAX_RECORD_CHARS
                && text.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    @Override
    public Formed form(String text, String name) {
        if (text.isBlank()) {
            return new Formed.Nothing();
        }
        if (header == null) {
            header = header(text);
            return new Formed.Nothing();
        }
        List<String> values;
        try {
            values = fields(text);
        } catch (IOException e) {
            String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "not readable";
            return new Formed.Unusable("unparseable_line", null, "not valid CSV: " + what);
        }
        if (values.size() != header.size()) {
            return new Formed.Unusable(
                    "unparseable_line",
                    null,
                    "the record has " + values.size() + " fields, the header has " + header.size());
        }
        Map<String, JsonNode> record = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            record.put(header.get(i), typed(header.get(i), values.get(i)));
        }
        return mapping.form(record, name);
    }

    private List<String> header(String text) {
        List<String> names;
        try {
            names = fields(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "the header is not valid CSV", e);
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the header names a column twice: " + String.join(", ", names));
        }
        mapping.check(names);
        return names;
    }

    private List<String> fields(String text) throws IOException {
        try (MappingIterator<List<String>> rows = csv.readerForListOf(String.class)
                .with(CsvSchema.emptySchema().withColumnSeparator(separator))
                .readValues(text)) {
            return rows.hasNextValue() ? rows.nextValue() : List.of();
        }
    }

    private JsonNode typed(String column, String value) {
        if (textColumns.contains(column)) {
            return TextNode.valueOf(value);
        }
        if (value.equals("true") || value.equals("false")) {
            return BooleanNode.valueOf(value.equals("true"));
        }
        return NUMBER.matcher(value).matches() ? DecimalNode.valueOf(new BigDecimal(value)) : TextNode.valueOf(value);
    }
}
