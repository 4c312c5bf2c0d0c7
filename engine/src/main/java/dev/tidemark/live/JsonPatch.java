package dev.tidemark.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/**
 * The difference of JSON values as a JSON Patch (RFC 6902) of {@code add}, {@code remove} and {@code replace}. Lists of equal
 * length are compared element by element, others are replaced: rows of a report have no identity to follow. Not thread-safe.
 */
final class JsonPatch {
    private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    private final StringBuilder path = new StringBuilder();

    JsonPatch() {}

    /** What turns the first into the second; empty when they are equal. */
    static ArrayNode between(JsonNode before, JsonNode after) {
        JsonPatch patch = new JsonPatch();
        patch.compare("", before, after);
        return patch.operations;
    }

    ArrayNode operations() {
        return operations;
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    /** Adds what turns a value at a place into another. */
    void compare(String place, JsonNode before, JsonNode after) {
        path.setLength(0);
        path.append(place);
        compare(before, after);
    }

    /** Adds that the value at a place is another. */
    void replace(String place, JsonNode value) {
        path.setLength(0);
        path.append(place);
        operation("replace").set("value", value);
    }

    private void compare(JsonNode before, JsonNode after) {
        if (before == after) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            compareMembers((ObjectNode) before, (ObjectNode) after);
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int index = 0; index < before.size(); index++) {
                int length = path.length();
                path.append('/').append(index);
                compare(before.get(index), after.get(index));
                path.setLength(length);
            }
        } else if (!before.equals(after)) {
            operation("replace").set("value", after);
        }
    }

    private void compareMembers(ObjectNode before, ObjectNode after) {
        int length = path.length();
        for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!after.has(name)) {
                enter(name);
                operation("remove");
                path.setLength(length);
            }
        }
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            enter(member.getKey());
            JsonNode known = before.get(member.getKey());
            if (known == null) {
                operation("add").set("value", member.getValue());
            } else {
                compare(known, member.getValue());
            }
            path.setLength(length);
        }
    }

    private void enter(String name) {
        path.append('/');
        boolean isPlain = name.indexOf('~') < 0 && name.indexOf('/') < 0;
        path.append(isPlain ? name : name.replace("~", "~0").replace("/", "~1"));
    }

    private ObjectNode operation(String word) {
        return operations.addObject().put("op", word).put("path", path.toString());
    }
}
