package dev.tidemark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values that a reader has chosen, by property: an event counts where each property has one of its values. Null stands for
 * events without the property. However they were written, the same choice is the same object by {@code equals}.
 *
 * @param values texts, numbers and flags; not to be modified
 */
public record Picks(SortedMap<String, List<JsonNode>> values) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int MAX_CHARACTERS = 8_000;
    private static final int MAX_PROPERTIES = 20;
    private static final int MAX_VALUES = 100;
    private static final int MAX_TEXT = 1_000;

    public Picks {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Reads {@code {"country":["DE","FR"],"properties.seats":[5,null]}}; a failure names its field below {@code filters}. */
    static Picks read(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw invalid("must have at most " + MAX_CHARACTERS + " characters", "filters");
        }
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid("is not valid JSON: " + e.getOriginalMessage(), "filters");
        }
        if (!node.isObject() || node.isEmpty() || node.size() > MAX_PROPERTIES) {
            throw invalid(
                    "must be an object with 1 to " + MAX_PROPERTIES + " properties and a list of values for each",
                    "filters");
        }
        SortedMap<String, List<JsonNode>> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String at = "filters." + entry.getKey();
            if (Property.parse(entry.getKey()).isEmpty()) {
                throw invalid("is no property", at);
            }
            values.put(entry.getKey(), values(entry.getValue(), at));
        }
        return new Picks(values);
    }

    private static List<JsonNode> values(JsonNode list, String at) {
        if (!list.isArray() || list.isEmpty() || list.size() > MAX_VALUES) {
            throw invalid("must be a list of 1 to " + MAX_VALUES + " values", at);
        }
        List<JsonNode> values = new ArrayList<>();
        for (int index = 0; index < list.size(); index++) {
            JsonNode value = list.get(index);
            boolean good = value.isNull()
                    || value.isBoolean()
                    || (value.isNumber() && Double.isFinite(value.doubleValue()))
                    || (value.isTextual() && value.textValue().length() <= MAX_TEXT);
            if (!good) {
                throw invalid("must be a text, a number, true, false or null", at + "[" + index + "]");
            }
            values.add(value);
        }
        return values.stream()
                .sorted(Comparator.comparing(JsonNode::toString))
                .distinct()
                .toList();
    }

    /** As a filter in the question's JSON form. */
    ObjectNode filter() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode members = all.putArray("and");
        values.forEach((property, chosen) -> {
            ArrayNode present = JsonNodeFactory.instance.arrayNode();
            chosen.stream().filter(value -> !value.isNull()).forEach(present::add);
            ArrayNode either = JsonNodeFactory.instance.arrayNode();
            if (!present.isEmpty()) {
                either.addObject()
                        .put("property", property)
                        .put("operator", "in")
                        .set("value", present);
            }
            if (present.size() < chosen.size()) {
                either.addObject().put("property", property).put("operator", "is_not_set");
            }
            members.addObject().set("or", either);
        });
        return all;
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
