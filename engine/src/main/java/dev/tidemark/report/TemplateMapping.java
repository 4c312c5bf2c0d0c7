package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a tenant names what a template looks at.
 *
 * @param events own event types by the template's; one may stand for several, given as a list
 * @param properties own paths by the template's
 */
record TemplateMapping(Map<String, List<String>> events, Map<String, String> properties) {
    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_EVENT_TYPES = 20;

    /** Reads the members {@code events} and {@code properties} of a request, which both may be absent. */
    static TemplateMapping read(JsonNode body, Template template) {
        Map<String, List<String>> events = new LinkedHashMap<>();
        members(body, "events", template.eventTypes()).forEach((name, own) -> events.put(name, eventTypes(own, name)));
        Map<String, String> properties = new LinkedHashMap<>();
        members(body, "properties", template.properties())
                .forEach((path, own) -> properties.put(path, property(own, path)));
        return new TemplateMapping(events, properties);
    }

    /** The same question or widget in the tenant's words. */
    JsonNode applied(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(applied(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(member -> object.set(member.getKey(), member(member.getKey(), member.getValue())));
        return object;
    }

    private JsonNode member(String name, JsonNode value) {
        return switch (name) {
            case "event", "conversion" -> ownEvent(value);
            case "property" -> ownProperty(value);
            case "breakdowns" -> {
                ArrayNode paths = JsonNodeFactory.instance.arrayNode();
                value.forEach(path -> paths.add(ownProperty(path)));
                yield paths;
            }
            default -> applied(value);
        };
    }

    private JsonNode ownEvent(JsonNode value) {
        List<String> types = new ArrayList<>();
        for (JsonNode type : value.isArray() ? value : List.of(value)) {
            types.addAll(events.getOrDefault(type.textValue(), List.of(type.textValue())));
        }
        if (types.size() == 1) {
            return TextNode.valueOf(types.getFirst());
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        types.forEach(array::add);
        return array;
    }

    private JsonNode ownProperty(JsonNode value) {
        return TextNode.valueOf(properties.getOrDefault(value.textValue(), value.textValue()));
    }

    private static Map<String, JsonNode> members(JsonNode body, String member, Set<String> known) {
        JsonNode node = body.path(member);
        Map<String, JsonNode> members = new LinkedHashMap<>();
        if (node.isMissingNode() || node.isNull()) {
            return members;
        }
        if (!node.isObject()) {
            throw invalid("must be an object of the template's names and your own", member);
        }
        node.properties().forEach(entry -> {
            if (!known.contains(entry.getKey())) {
                throw invalid(
                        known.isEmpty()
                                ? "the template looks at none"
                                : "the template does not look at it; it looks at " + String.join(", ", known),
                        member + "." + entry.getKey());
            }
            members.put(entry.getKey(), entry.getValue());
        });
        return members;
    }

    private static List<String> eventTypes(JsonNode own, String name) {
        String at = "events." + name;
        if (!own.isArray()) {
            return List.of(text(own, at));
        }
        if (own.isEmpty() || own.size() > MAX_EVENT_TYPES) {
            throw invalid("must be an event type or a list of 1 to " + MAX_EVENT_TYPES + " of them", at);
        }
        List<String> types = new ArrayList<>();
        for (int index = 0; index < own.size(); index++) {
            types.add(text(own.get(index), at + "[" + index + "]"));
        }
        return types;
    }

    private static String property(JsonNode own, String path) {
        String at = "properties." + path;
        String text = text(own, at);
        if (Property.parse(text).isEmpty()) {
            throw invalid("is no property; write it as properties.amount, user.plan or country", at);
        }
        return text;
    }

    private static String text(JsonNode node, String at) {
        if (!node.isTextual() || node.textValue().isBlank() || node.textValue().length() > MAX_NAME_LENGTH) {
            throw invalid("must be a text of 1 to " + MAX_NAME_LENGTH + " characters", at);
        }
        return node.textValue();
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
