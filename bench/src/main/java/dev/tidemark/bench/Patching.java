package dev.tidemark.bench;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies a JSON Patch (RFC 6902) of {@code add}, {@code remove} and {@code replace} in place. */
final class Patching {
    private Patching() {}

    /** The document as patched, which is another one where its root was replaced. Fails on an operation that does not fit. */
    static JsonNode apply(JsonNode document, JsonNode patch) {
        JsonNode root = document;
        for (JsonNode operation : patch) {
            JsonPointer path = JsonPointer.compile(operation.path("path").asText());
            if (path.matches()) {
                root = value(operation);
                continue;
            }
            JsonNode parent = root.at(path.head());
            String last = path.last().getMatchingProperty();
            switch (parent) {
                case ObjectNode object -> member(object, last, operation);
                case ArrayNode array -> element(array, last, operation);
                default -> throw misfit(operation);
            }
        }
        return root;
    }

    private static void member(ObjectNode object, String name, JsonNode operation) {
        switch (operation.path("op").asText()) {
            case "add" -> object.set(name, value(operation));
            case "replace" -> {
                if (object.replace(name, value(operation)) == null) {
                    throw misfit(operation);
                }
            }
            case "remove" -> {
                if (object.remove(name) == null) {
                    throw misfit(operation);
                }
            }
            default -> throw misfit(operation);
        }
    }

    private static void element(ArrayNode array, String place, JsonNode operation) {
        int index = place.equals("-") ? array.size() : place.matches("\\d{1,9}") ? Integer.parseInt(place) : -1;
        boolean adds = operation.path("op").asText().equals("add");
        if (index < 0 || index > array.size() || (!adds && index == array.size())) {
            throw misfit(operation);
        }
        switch (operation.path("op").asText()) {
            case "add" -> array.insert(index, value(operation));
            case "replace" -> array.set(index, value(operation));
            case "remove" -> array.remove(index);
            default -> throw misfit(operation);
        }
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw misfit(operation);
        }
        return value;
    }

    private static IllegalArgumentException misfit(JsonNode operation) {
        String text = operation.toString();
        return new IllegalArgumentException(
                "a change that does not fit: " + text.substring(0, Math.min(200, text.length())));
    }
}
