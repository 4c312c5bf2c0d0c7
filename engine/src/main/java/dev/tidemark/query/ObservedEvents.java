package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the newest events of one type look like, as a schema and held against one. Texts and arrays cannot be told apart where events are
 * kept, nor whole numbers from others.
 *
 * @param events how many were looked at
 * @param properties by name without prefix, nested names with dots
 */
record ObservedEvents(String eventType, long events, List<Found> properties) {

    /** One property, and in how many events it is a text (or an array), a number, a boolean. */
    record Found(String name, long texts, long numbers, long flags) {
        long events() {
            return texts + numbers + flags;
        }
    }

    /** @param kind {@code unknown_property}, {@code type_mismatch} or {@code missing_required} */
    record Drift(String kind, String property, long events, String seen, String expected) {}

    static ObservedEvents of(String eventType, List<CatalogPage.FoundProperty> all) {
        long events = 0;
        List<Found> properties = new ArrayList<>();
        for (CatalogPage.FoundProperty each : all) {
            if (each.path().equals("event_type")) {
                events = each.events();
            } else if (each.path().startsWith(Property.SENT)) {
                properties.add(new Found(
                        each.path().substring(Property.SENT.length()), each.texts(), each.numbers(), each.flags()));
            }
        }
        return new ObservedEvents(eventType, events, properties);
    }

    /** A schema that these events fit: required is what every one of them has; the rest may be null, which is not kept. */
    ObjectNode draft() {
        ObjectNode schema = AnswerJson.JSON.objectNode().put("type", "object");
        for (Found found : properties) {
            ObjectNode at = schema;
            String[] names = found.name().split("\\.", -1);
            for (int depth = 0; depth < names.length; depth++) {
                if (found.events() == events && events > 0) {
                    require(at, names[depth]);
                }
                at = at.withObjectProperty("properties").withObjectProperty(names[depth]);
                if (depth < names.length - 1) {
                    allow(at, "object");
                    if (isRare(names, depth + 1)) {
                        allow(at, "null");
                    }
                }
            }
            types(found, at);
        }
        return schema;
    }

    private void types(Found found, ObjectNode at) {
        if (found.texts() > 0) {
            allow(at, "string");
            allow(at, "array");
        }
        if (found.numbers() > 0) {
            allow(at, "number");
        }
        if (found.flags() > 0) {
            allow(at, "boolean");
        }
        if (found.events() < events) {
            allow(at, "null");
        }
    }

    /** Whether no property below these names is in every event. */
    private boolean isRare(String[] names, int depth) {
        String below = String.join(".", Arrays.asList(names).subList(0, depth)) + ".";
        return properties.stream().noneMatch(each -> each.name().startsWith(below) && each.events() == events);
    }

    private static void allow(ObjectNode at, String type) {
        ArrayNode types = at.withArrayProperty("type");
        for (JsonNode each : types) {
            if (each.asText().equals(type)) {
                return;
            }
        }
        types.add(type);
    }

    private static void require(ObjectNode schema, String name) {
        ArrayNode required = schema.withArrayProperty("required");
        for (JsonNode each : required) {
            if (each.asText().equals(name)) {
                return;
            }
        }
        required.add(name);
    }

    /** In what these events differ from a schema. */
    List<Drift> drift(JsonNode schema) {
        List<Drift> drift = new ArrayList<>();
        for (Found found : properties) {
            JsonNode declared = declared(schema, found.name());
            if (declared.isMissingNode()) {
                drift.add(new Drift("unknown_property", found.name(), found.events(), seen(found), ""));
            } else {
                mismatches(found, declared, drift);
            }
        }
        missing(schema, "", drift);
        return drift;
    }

    private static void mismatches(Found found, JsonNode declared, List<Drift> drift) {
        Set<String> types = new HashSet<>();
        JsonNode type = declared.path("type");
        if (type.isTextual()) {
            types.add(type.textValue());
        }
        type.forEach(each -> types.add(each.asText()));
        if (types.isEmpty()) {
            return;
        }
        String expected = String.join(", ", types.stream().sorted().toList());
        if (found.texts() > 0 && !types.contains("string") && !types.contains("array")) {
            drift.add(new Drift("type_mismatch", found.name(), found.texts(), "string", expected));
        }
        if (found.numbers() > 0 && !types.contains("number") && !types.contains("integer")) {
            drift.add(new Drift("type_mismatch", found.name(), found.numbers(), "number", expected));
        }
        if (found.flags() > 0 && !types.contains("boolean")) {
            drift.add(new Drift("type_mismatch", found.name(), found.flags(), "boolean", expected));
        }
    }

    private void missing(JsonNode schema, String at, List<Drift> drift) {
        for (JsonNode required : schema.path("required")) {
            String name = at + required.asText();
            long having = 0;
            for (Found found : properties) {
                if (found.name().equals(name) || found.name().startsWith(name + ".")) {
                    having = Math.max(having, found.events());
                }
            }
            if (having < events) {
                drift.add(new Drift("missing_required", name, events - having, "", "required"));
            }
        }
        schema.path("properties").properties().forEach(member -> {
            if (at.isEmpty() && member.getValue().has("required") && isRequired(schema, member.getKey())) {
                missing(member.getValue(), member.getKey() + ".", drift);
            }
        });
    }

    private static boolean isRequired(JsonNode schema, String name) {
        for (JsonNode each : schema.path("required")) {
            if (each.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The schema of a property: under its whole name, or nested. What a schema leaves open below an object counts as declared. */
    private static JsonNode declared(JsonNode schema, String name) {
        JsonNode whole = schema.path("properties").path(name);
        if (!whole.isMissingNode()) {
            return whole;
        }
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            JsonNode outer = schema.path("properties").path(name.substring(0, dot));
            if (!outer.isMissingNode()) {
                return outer.has("properties")
                        ? declared(outer, name.substring(dot + 1))
                        : AnswerJson.JSON.objectNode();
            }
        }
        return whole;
    }

    private static String seen(Found found) {
        List<String> seen = new ArrayList<>();
        if (found.texts() > 0) {
            seen.add("string");
        }
        if (found.numbers() > 0) {
            seen.add("number");
        }
        if (found.flags() > 0) {
            seen.add("boolean");
        }
        return String.join(", ", seen);
    }
}
