package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells in what a later schema is stricter than an earlier one: where it might refuse events that the earlier one accepts. What it
 * cannot compare counts as stricter when it differs. A property that is declared for the first time and not required is no
 * problem, although an event might have had one of that name before.
 */
final class SchemaCompatibility {
    /** Those whose every difference may refuse something. */
    private static final List<String> OPAQUE = List.of(
            "$ref",
            "$dynamicRef",
            "unevaluatedItems",
            "minContains",
            "maxContains",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
            "contains",
            "prefixItems",
            "pattern",
            "format",
            "const",
            "multipleOf");

    private static final List<String> LOWER_BOUNDS =
            List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final List<String> UPPER_BOUNDS =
            List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");

    private final List<String> problems = new ArrayList<>();

    private SchemaCompatibility() {}

    /** Empty when the later schema accepts all that the earlier one does. */
    static List<String> problems(JsonNode earlier, JsonNode later) {
        SchemaCompatibility compared = new SchemaCompatibility();
        compared.compare(earlier, later, "schema");
        return compared.problems;
    }

    private void compare(JsonNode earlier, JsonNode later, String at) {
        if (earlier.equals(later) || later.isBoolean() && later.booleanValue()) {
            return;
        }
        if (!earlier.isObject() || !later.isObject()) {
            problems.add(at + " is another kind of schema");
            return;
        }
        Set<String> refused = types(earlier);
        refused.removeAll(types(later));
        if (!refused.isEmpty()) {
            problems.add(at + ".type no longer allows "
                    + String.join(", ", refused.stream().sorted().toList()));
        }
        required(earlier, later, at);
        values(earlier, later, at);
        bounds(earlier, later, at);
        for (String keyword : OPAQUE) {
            if (later.has(keyword) && !Objects.equals(earlier.get(keyword), later.get(keyword))) {
                problems.add(at + "." + keyword + " is new or different");
            }
        }
        if (earlier.has("$defs") && !earlier.get("$defs").equals(later.get("$defs"))) {
            problems.add(at + ".$defs is different, which a reference may point into");
        }
        if (later.path("uniqueItems").asBoolean()
                && !earlier.path("uniqueItems").asBoolean()) {
            problems.add(at + ".uniqueItems is new");
        }
        members(earlier, later, at);
        if (later.has("items")) {
            compare(
                    earlier.path("items").isMissingNode() ? anything() : earlier.get("items"),
                    later.get("items"),
                    at + ".items");
        }
    }

    private void required(JsonNode earlier, JsonNode later, String at) {
        Set<String> before = texts(earlier.path("required"));
        for (String name : texts(later.path("required"))) {
            if (!before.contains(name)) {
                problems.add(at + ".required has " + name + ", which was not required");
            }
        }
    }

    private void values(JsonNode earlier, JsonNode later, String at) {
        if (!later.has("enum")) {
            return;
        }
        if (!earlier.has("enum")) {
            problems.add(at + ".enum is new");
            return;
        }
        Set<JsonNode> allowed = new HashSet<>();
        later.get("enum").forEach(allowed::add);
        for (JsonNode value : earlier.get("enum")) {
            if (!allowed.contains(value)) {
                problems.add(at + ".enum no longer has " + value);
            }
        }
    }

    private void bounds(JsonNode earlier, JsonNode later, String at) {
        for (String bound : LOWER_BOUNDS) {
            if (later.has(bound)
                    && (!earlier.has(bound)
                            || later.get(bound).asDouble() > earlier.get(bound).asDouble())) {
                problems.add(at + "." + bound + " is higher");
            }
        }
        for (String bound : UPPER_BOUNDS) {
            if (later.has(bound)
                    && (!earlier.has(bound)
                            || later.get(bound).asDouble() < earlier.get(bound).asDouble())) {
                problems.add(at + "." + bound + " is lower");
            }
        }
    }

    private void members(JsonNode earlier, JsonNode later, String at) {
        boolean wasOpen = !earlier.path("additionalProperties").isBoolean()
                || earlier.path("additionalProperties").booleanValue();
        JsonNode others = later.path("additionalProperties");
        if (!others.isMissingNode() && !others.equals(earlier.path("additionalProperties")) && wasOpen) {
            if (!others.isBoolean() || !others.booleanValue()) {
                problems.add(at + ".additionalProperties allows less");
            }
        }
        boolean closed = isFalse(others) || isFalse(later.path("unevaluatedProperties"));
        earlier.path("properties").properties().forEach(member -> {
            JsonNode same = later.path("properties").path(member.getKey());
            String place = at + ".properties." + member.getKey();
            if (!same.isMissingNode()) {
                compare(member.getValue(), same, place);
            } else if (closed) {
                problems.add(place + " is no longer allowed");
            } else if (others.isObject()) {
                compare(member.getValue(), others, place);
            }
        });
        JsonNode othersBefore = earlier.path("additionalProperties");
        if (othersBefore.isObject()) {
            later.path("properties").properties().forEach(member -> {
                if (earlier.path("properties").path(member.getKey()).isMissingNode()) {
                    compare(othersBefore, member.getValue(), at + ".properties." + member.getKey());
                }
            });
        }
    }

    private static boolean isFalse(JsonNode schema) {
        return schema.isBoolean() && !schema.booleanValue();
    }

    /** An integer is a number too. */
    private static Set<String> types(JsonNode schema) {
        Set<String> types = new HashSet<>();
        JsonNode type = schema.path("type");
        if (type.isTextual()) {
            types.add(type.textValue());
        } else if (type.isArray()) {
            type.forEach(each -> types.add(each.asText()));
        } else {
            types.addAll(List.of("object", "array", "string", "number", "boolean", "null"));
        }
        if (types.contains("number")) {
            types.add("integer");
        }
        return types;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static JsonNode anything() {
        return JsonNodeFactory.instance.objectNode();
    }
}
