package dev.tidemark.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies JSON Patches of add, remove and replace, by RFC 6902. */
final class Patching {
    private Patching() {}

    static JsonNode patched(JsonNode value, JsonNode patch) {
        JsonNode root = value.deepCopy();
        for (JsonNode operation : patch) {
            String path = operation.get("path").asText();
            if (path.isEmpty()) {
                root = operation.get("value").deepCopy();
                continue;
            }
            int cut = path.lastIndexOf('/');
            JsonNode parent = root.at(path.substring(0, cut));
            String key = path.substring(cut + 1).replace("~1", "/").replace("~0", "~");
            boolean there = parent instanceof ObjectNode object ? object.has(key) : parent.has(Integer.parseInt(key));
            String word = operation.get("op").asText();
            if (there == word.equals("add")) {
                throw new AssertionError(word + " of " + path);
            }
            if (parent instanceof ArrayNode list) {
                list.set(Integer.parseInt(key), operation.get("value").deepCopy());
            } else if (word.equals("remove")) {
                ((ObjectNode) parent).remove(key);
            } else {
                ((ObjectNode) parent).set(key, operation.get("value").deepCopy());
            }
        }
        return root;
    }
}
