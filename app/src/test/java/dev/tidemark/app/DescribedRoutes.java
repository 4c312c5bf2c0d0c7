package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.http.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Makes good parameters and bodies for a route, by what the API document says of it. */
final class DescribedRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");
    private static final int DEEPEST = 9;
    /** What a place of that name takes, where its schema says too little. */
    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            Map.entry("event", List.of("order", "page_view")),
            Map.entry("event_type", List.of("order", "page_view")),
            Map.entry("property", List.of("country", "properties.plan", "user.plan", "event_type", "user_id")),
            Map.entry("last", List.of("7d", "24h", "2w", "3M")),
            Map.entry("start_time", List.of("2026-01-01T00:00:00Z", "2026-03-01")),
            Map.entry("end_time", List.of("2026-01-08T00:00:00Z", "2026-03-31")),
            Map.entry("since", List.of("2026-01-01T00:00:00Z")),
            Map.entry("until", List.of("2026-12-31T00:00:00Z")),
            Map.entry("zone", List.of("Europe/Berlin", "UTC", "America/St_Johns")),
            Map.entry("email", List.of("somebody@example.com")),
            Map.entry("owner_email", List.of("owner@example.com")),
            Map.entry("role", List.of("viewer", "editor")),
            Map.entry("measure", List.of("events", "users", "sum")),
            Map.entry("formula", List.of("n / n", "n * 2")),
            Map.entry("name", List.of("n", "m")),
            Map.entry("filter", List.of("{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"DE\"}")),
            Map.entry("password", List.of("correct horse battery")),
            Map.entry("algorithm", List.of("HS256")),
            Map.entry("issuer", List.of("https://id.somewhere.example")),
            Map.entry("pattern", List.of("[0-9]+")),
            Map.entry("origin", List.of("https://app.example.com")),
            Map.entry("user_id", List.of("ada")),
            Map.entry("limit", List.of("5")),
            Map.entry("rows", List.of("10")),
            Map.entry("expires_in", List.of("60")),
            Map.entry("width", List.of("100%")),
            Map.entry("height", List.of("300px")));

    private final JsonNode document = OpenApiRoutes.parse(OpenApiRoutes.read());
    private final Random random;

    DescribedRoutes(Random random) {
        this.random = random;
    }

    /** A good body; an empty object where the route takes none. */
    JsonNode body(RouteTable.Entry route) {
        if (route.path().startsWith("/v1/")) {
            ObjectNode event = JSON.createObjectNode()
                    .put("type", "track")
                    .put("event", "order")
                    .put("userId", "ada")
                    .put("messageId", "m-" + random.nextInt());
            event.putObject("properties").put("plan", "pro").putArray("items").add(1);
            return random.nextBoolean()
                    ? event
                    : JSON.createObjectNode()
                            .set("batch", JSON.createArrayNode().add(event));
        }
        JsonNode content = operation(route).path("requestBody").path("content");
        if (content.isEmpty()) {
            return JSON.createObjectNode();
        }
        return instance(content.properties().iterator().next().getValue().path("schema"), "", 0);
    }

    /** The names of what goes into the query, with good values. */
    List<Map.Entry<String, String>> query(RouteTable.Entry route) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        for (JsonNode each : operation(route).path("parameters")) {
            JsonNode parameter = resolved(each);
            if (parameter.path("in").asText().equals("query")) {
                String name = parameter.path("name").asText();
                JsonNode value = instance(parameter.path("schema"), name, 0);
                parameters.add(Map.entry(name, value.isTextual() ? value.textValue() : value.toString()));
            }
        }
        return parameters;
    }

    /** The method and path of every operation in the document. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>();
        OpenApiRoutes.parse(OpenApiRoutes.read())
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    /** As the document writes it. */
    static String pathOf(RouteTable.Entry route) {
        return PARAMETER.matcher(route.path()).replaceAll("{$1}").replace("/*", "/{path}");
    }

    private JsonNode operation(RouteTable.Entry route) {
        return document.path("paths").path(pathOf(route)).path(route.method().toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private JsonNode instance(JsonNode described, String name, int depth) {
        JsonNode schema = resolved(described);
        if (depth > DEEPEST) {
            return JSON.getNodeFactory().textNode("deep");
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.has("enum")) {
            return one(schema.get("enum"));
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                JsonNode made = instance(one(schema.get(choice)), name, depth + 1);
                return schema.has("properties") && made instanceof ObjectNode object
                        ? object.setAll((ObjectNode) object(schema, depth))
                        : made;
            }
        }
        if (schema.has("allOf")) {
            ObjectNode all = (ObjectNode) object(schema, depth);
            schema.get("allOf").forEach(part -> {
                if (instance(part, name, depth + 1) instanceof ObjectNode object) {
                    all.setAll(object);
                }
            });
            return all;
        }
        JsonNode types = schema.path("type");
        String type = types.isArray() ? one(types).asText() : types.asText(schema.has("properties") ? "object" : "");
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "boolean" -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case "integer", "number" -> number(schema);
            case "null" -> JSON.nullNode();
            default -> JSON.getNodeFactory().textNode(text(name));
        };
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.createObjectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(each -> required.add(each.asText()));
        for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
            if (required.contains(member.getKey()) || random.nextInt(3) == 0) {
                object.set(member.getKey(), instance(member.getValue(), member.getKey(), depth + 1));
            }
        }
        if (!schema.has("properties") && schema.path("additionalProperties").isObject()) {
            object.set("plan", instance(schema.path("additionalProperties"), "plan", depth + 1));
        }
        return object;
    }

    private JsonNode array(JsonNode schema, String name, int depth) {
        ArrayNode array = JSON.createArrayNode();
        int least = Math.max(1, schema.path("minItems").asInt(0));
        for (int count = least + random.nextInt(2); count > 0; count--) {
            array.add(instance(schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private JsonNode number(JsonNode schema) {
        int least = schema.path("minimum").asInt(1);
        int most = schema.path("maximum").asInt(least + 20);
        return JSON.getNodeFactory().numberNode(least + random.nextInt(Math.max(1, Math.min(most - least, 20))));
    }

    private String text(String name) {
        List<String> known = KNOWN.get(name);
        return known == null ? "thing-" + random.nextInt(40) : known.get(random.nextInt(known.size()));
    }

    private JsonNode one(JsonNode array) {
        return array.get(random.nextInt(array.size()));
    }
}
