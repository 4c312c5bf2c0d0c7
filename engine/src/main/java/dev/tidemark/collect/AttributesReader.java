package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.base.Attributes;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Flattens one JSON object into attributes: nested names joined by dots, arrays as JSON text, nulls left out. What passes a
 * limit becomes a fault of the event, and reading goes on to the end of the object. For one object.
 */
final class AttributesReader {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int EXACT_LONG_DIGITS = 18;

    private final JsonParser parser;
    private final RawEvent event;
    private final String root;
    private final Map<String, String> strings = new HashMap<>();
    private final Map<String, Double> numbers = new HashMap<>(8);
    private final Map<String, Boolean> booleans = new HashMap<>(4);
    /** Names of nulls and containers, which leave nothing in the maps. */
    private @Nullable Set<String> others;

    private int count;

    private AttributesReader(JsonParser parser, RawEvent event, String root) {
        this.parser = parser;
        this.event = event;
        this.root = root;
    }

    /** Reads the value that the parser stands on; null and an absent value are no attributes. */
    static Attributes read(JsonParser parser, RawEvent event, String root) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Attributes.NONE;
        }
        if (token != JsonToken.START_OBJECT) {
            event.fault(RejectReason.WRONG_TYPE, root, "must be an object");
            parser.skipChildren();
            return Attributes.NONE;
        }
        AttributesReader reader = new AttributesReader(parser, event, root);
        reader.object("", 0);
        return new Attributes(reader.strings, reader.numbers, reader.booleans);
    }

    private void object(String prefix, int depth) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            String path = depth == 0 ? name : prefix + '.' + name;
            if (event.escapes && !Texts.storable(name)) {
                event.fault(RejectReason.INVALID_TEXT, root, "a name holds a NUL or half of a surrogate pair");
                parser.skipChildren();
            } else if (name.isEmpty()) {
                event.fault(RejectReason.PROPERTY_NAME_EMPTY, field(path), "a name must not be empty");
                parser.skipChildren();
            } else if (path.length() > Limits.PROPERTY_NAME_CHARS) {
                event.fault(
                        RejectReason.PROPERTY_NAME_TOO_LONG,
                        field(Texts.head(path, 40) + "..."),
                        "a name, joined by dots, must have at most " + Limits.PROPERTY_NAME_CHARS + " characters");
                parser.skipChildren();
            } else {
                value(token, path, depth);
            }
        }
    }

    private void value(JsonToken token, String path, int depth) throws IOException {
        switch (token) {
            case VALUE_STRING -> text(path, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path, token);
            case VALUE_TRUE -> put(booleans, path, Boolean.TRUE);
            case VALUE_FALSE -> put(booleans, path, Boolean.FALSE);
            case START_OBJECT -> {
                noteOther(path);
                if (depth == Limits.NESTING) {
                    tooDeep(path);
                } else {
                    object(path, depth + 1);
                }
            }
            case START_ARRAY -> array(path, depth);
            default -> noteOther(path);
        }
    }

    private void text(String path, String text) {
        if (text.length() > Limits.TEXT_CHARS) {
            event.fault(
                    RejectReason.TEXT_TOO_LONG,
                    field(path),
                    "a text must have at most " + Limits.TEXT_CHARS + " characters");
        } else if (event.escapes && !Texts.storable(text)) {
            event.fault(RejectReason.INVALID_TEXT, field(path), "the text holds a NUL or half of a surrogate pair");
        } else {
            put(strings, path, text);
        }
    }

    private void number(String path, JsonToken token) throws IOException {
        int length = parser.getTextLength();
        if (token == JsonToken.VALUE_NUMBER_INT && length <= EXACT_LONG_DIGITS) {
            put(numbers, path, (double) parser.getLongValue());
        } else if (fits(length, path)) {
            put(numbers, path, parser.getDoubleValue());
        }
    }

    private boolean fits(int length, String path) throws IOException {
        if (length > Limits.NUMBER_CHARS || !Double.isFinite(parser.getDoubleValue())) {
            event.fault(
                    RejectReason.NUMBER_OUT_OF_RANGE,
                    field(path),
                    "a number must be a finite 64-bit floating point number of at most " + Limits.NUMBER_CHARS
                            + " characters");
            return false;
        }
        return true;
    }

    private void array(String path, int depth) throws IOException {
        StringWriter text = new StringWriter();
        Deque<Set<String>> names = new ArrayDeque<>();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            int level = depth;
            JsonToken token = JsonToken.START_ARRAY;
            while (true) {
                switch (token) {
                    case START_ARRAY, START_OBJECT -> {
                        if (level == Limits.NESTING) {
                            tooDeep(path);
                            out.writeNull();
                        } else {
                            level++;
                            if (token == JsonToken.START_OBJECT) {
                                names.push(new HashSet<>());
                            }
                            out.copyCurrentEvent(parser);
                        }
                    }
                    case END_ARRAY, END_OBJECT -> {
                        level--;
                        if (token == JsonToken.END_OBJECT) {
                            names.pop();
                        }
                        out.copyCurrentEvent(parser);
                    }
                    case FIELD_NAME -> {
                        if (!names.element().add(parser.currentName())) {
                            event.fault(RejectReason.DUPLICATE_KEY, field(path), "a key appears twice in one object");
                        }
                        out.writeFieldName(storable(parser.currentName(), path));
                    }
                    case VALUE_STRING -> out.writeString(storable(parser.getText(), path));
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                        if (fits(parser.getTextLength(), path)) {
                            out.writeNumber(parser.getText());
                        } else {
                            out.writeNull();
                        }
                    }
                    default -> out.copyCurrentEvent(parser);
                }
                if (level == depth) {
                    break;
                }
                token = parser.nextToken();
            }
        }
        text(path, text.toString());
    }

    private String storable(String text, String path) {
        if (event.escapes && !Texts.storable(text)) {
            event.fault(RejectReason.INVALID_TEXT, field(path), "a text holds a NUL or half of a surrogate pair");
            return "";
        }
        return text;
    }

    private void tooDeep(String path) throws IOException {
        event.fault(
                RejectReason.NESTING_TOO_DEEP,
                field(path),
                "objects and arrays must be nested at most " + Limits.NESTING + " deep");
        parser.skipChildren();
    }

    private <V> void put(Map<String, V> map, String path, V value) {
        if (++count > Limits.PROPERTIES) {
            event.fault(RejectReason.TOO_MANY_PROPERTIES, root, "at most " + Limits.PROPERTIES + " values are allowed");
            return;
        }
        if (has(path) || (others != null && others.contains(path))) {
            duplicate(path);
        }
        map.put(path, value);
    }

    private boolean has(String path) {
        return strings.containsKey(path) || numbers.containsKey(path) || booleans.containsKey(path);
    }

    private void noteOther(String path) {
        if (others == null) {
            others = new HashSet<>();
        }
        if (!others.add(path) || has(path)) {
            duplicate(path);
        }
    }

    private void duplicate(String path) {
        event.fault(
                RejectReason.DUPLICATE_KEY, field(path), "the key appears twice, counting nested names joined by dots");
    }

    private String field(String path) {
        return root + '.' + path;
    }
}
