package dev.tidemark.app.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object a line: an event in the form of the HTTP API, or, with a mapping, any object; nested fields are named with dots. */
final class NdjsonFormat implements RecordFormat {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final @Nullable Mapping mapping;

    /** @param mapping null when the lines are events already */
    NdjsonFormat(@Nullable Mapping mapping) {
        this.mapping = mapping;
    }

    @Override
    public String identity() {
        return "ndjson|" + (mapping == null ? "" : mapping.identity());
    }

    @Override
    public Formed form(String text, String name) {
        if (text.isBlank()) {
            return new Formed.Nothing();
        }
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return new Formed.Unusable("unparseable_line", null, "not valid JSON: " + e.getOriginalMessage());
        }
        if (!(node instanceof ObjectNode object)) {
            return new Formed.Unusable("unparseable_line", null, "the line is not a JSON object");
        }
        if (mapping == null) {
            if (!object.hasNonNull("event_id")) {
                object.put("event_id", "row-" + name);
            }
            return new Formed.Ready(object);
        }
        Map<String, JsonNode> flat = new LinkedHashMap<>();
        flatten("", object, flat);
        return mapping.form(flat, name);
    }

    private static void flatten(String at, JsonNode object, Map<String, JsonNode> into) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String key = at.isEmpty() ? member.getKey() : at + "." + member.getKey();
            if (member.getValue().isObject()) {
                flatten(key, member.getValue(), into);
            } else {
                into.put(key, member.getValue());
            }
        }
    }
}
