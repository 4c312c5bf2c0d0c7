package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, read by name; whatever is wrong fails with the JSON path of it. An explicit null is the same as
 * an absent member.
 */
final class Fields {
    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Reads an object that may have these members only. */
    static Fields of(JsonNode node, String path, List<String> known) {
        Fields fields = open(node, path);
        Call.onlyKnownFields(node, path, known);
        return fields;
    }

    /** Reads an object whose members are not checked yet. */
    static Fields open(JsonNode node, String path) {
        if (!node.isObject()) {
            throw invalid(path, "must be an object");
        }
        return new Fields(node, path);
    }

    /** The same members, which name themselves without the path of the object. */
    Fields asRoot() {
        return new Fields(object, "");
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    @Nullable
    JsonNode node(String name) {
        return object.hasNonNull(name) ? object.get(name) : null;
    }

    JsonNode required(String name) {
        JsonNode node = node(name);
        if (node == null) {
            throw invalid(at(name), "is missing");
        }
        return node;
    }

    Optional<String> text(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(text(node, at(name)));
    }

    String requiredText(String name) {
        return text(required(name), at(name));
    }

    int integer(String name, int otherwise) {
        JsonNode node = node(name);
        if (node == null) {
            return otherwise;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw invalid(at(name), "must be a whole number");
        }
        return node.intValue();
    }

    boolean flag(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw invalid(at(name), "must be true or false");
        }
        return node.booleanValue();
    }

    /** One of some words; the first of them when it is absent. */
    String word(String name, List<String> words) {
        String word = text(name).orElse(words.getFirst());
        if (!words.contains(word)) {
            throw invalid(at(name), "'" + abbreviated(word) + "' must be one of " + String.join(", ", words));
        }
        return word;
    }

    /** The elements of a list; empty when it is absent. */
    List<JsonNode> list(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw invalid(at(name), "must be a list");
        }
        List<JsonNode> elements = new ArrayList<>();
        node.forEach(elements::add);
        return elements;
    }

    /** The path of the object. */
    String path() {
        return path;
    }

    /** The path of a member. */
    String at(String name) {
        return at(path, name);
    }

    static String at(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String text(JsonNode node, String path) {
        if (!node.isTextual()) {
            throw invalid(path, "must be a text");
        }
        return node.textValue();
    }

    static Property property(String text, String path) {
        return Property.parse(text)
                .orElseThrow(() -> invalid(
                        path,
                        "'" + abbreviated(text)
                                + "' is no property; known are event_type, properties.NAME, user.NAME, user_id,"
                                + " anonymous_id, session_id and context fields as country or page_path"));
    }

    /** Lets a failure of what is made inside name its field from the root on. */
    static <T> T within(String path, Supplier<T> made) {
        try {
            return made.get();
        } catch (TidemarkException e) {
            throw new TidemarkException(
                    e.code(),
                    e.detail(),
                    e.field().map(field -> at(path, field)).orElse(path));
        }
    }

    /** Lets a failure that names one field name another. */
    static <T> T renamed(String field, String name, Supplier<T> made) {
        try {
            return made.get();
        } catch (TidemarkException e) {
            throw e.field().filter(field::equals).isPresent() ? invalid(name, e.detail()) : e;
        }
    }

    static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    static TidemarkException invalid(String field, String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
