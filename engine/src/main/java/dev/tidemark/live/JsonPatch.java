package dev.tidemark.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;

/**
 * The difference of two JSON values as a JSON Patch (RFC 6902) of {@code add}, {@code remove} and {@code replace}. Lists of equal
 * length are compared element by element, others are replaced: rows of a report have no identity to follow.
 */
final class JsonPatch {
    private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

    private JsonPatch() {}

    /** What turns the first into the second; empty when they are equal. */
    static ArrayNode between(JsonNode before, JsonNode after) {
        JsonPatch patch = new JsonPatch();
        patch.compare("", before, after);
        return patch.operations;
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            compareMembers(path, (ObjectNode) before, (ObjectNode) after);
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int index = 0; index < before.size(); index++) {
                compare(path + "/" + index, before.get(index), after.get(index));
            }
        } else {
            operation("replace", path).set("value", after);
        }
    }

    private void compareMembers(String path, ObjectNode before, ObjectNode after) {
        for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!after.has(name)) {
                operation("remove", path + "/" + escaped(name));
            }
        }
        after.properties().forEach(member -> {
            String place = path + "/" + escaped(member.getKey());
            JsonNode known = before.get(member.getKey());
            if (known == null) {
                operation("add", place).set("value", member.getValue());
            } else {
                compare(place, known, member.getValue());
            }
        });
    }

    private ObjectNode operation(String word, String path) {
        return operations.addObject().put("op", word).put("path", path);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
