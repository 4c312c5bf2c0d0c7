package dev.tidemark.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies masking rules to JSON as it was received, in whatever format: for payloads of dead letters and for arrays. */
final class MaskedTree {
    private static final Map<String, String> NAMES =
            Map.of("userId", "user_id", "previousId", "user_id", "anonymousId", "anonymous_id");
    private static final List<String> CREDENTIALS = List.of("write_key", "writeKey");

    private final MaskingRules rules;

    MaskedTree(MaskingRules rules) {
        this.rules = rules;
    }

    /** An event without its credentials, masked; nothing of it when the rules leave nothing. */
    JsonNode event(JsonNode event) {
        if (event instanceof ObjectNode object) {
            CREDENTIALS.forEach(object::remove);
        }
        JsonNode masked = rules.isEmpty() ? event : mask("", event);
        return masked == null ? JsonNodeFactory.instance.objectNode() : masked;
    }

    @Nullable
    JsonNode mask(String at, JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                ObjectNode kept = JsonNodeFactory.instance.objectNode();
                node.properties().forEach(member -> {
                    JsonNode masked = mask(path(at, member.getKey()), member.getValue());
                    if (masked != null) {
                        kept.set(rules.nameOf(member.getKey()), masked);
                    }
                });
                yield kept;
            }
            case ARRAY -> {
                ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                node.forEach(element -> {
                    JsonNode masked = mask(at, element);
                    if (masked != null) {
                        kept.add(masked);
                    }
                });
                yield kept;
            }
            case STRING, NUMBER, BOOLEAN -> {
                String plain =
                        node.isNumber() && !node.isIntegralNumber() ? Numbers.plain(node.doubleValue()) : node.asText();
                String masked = rules.text(RawContext.canonical(at), at, plain);
                yield plain.equals(masked) ? node : masked == null ? null : TextNode.valueOf(masked);
            }
            default -> node;
        };
    }

    private static String path(String at, String name) {
        return at.isEmpty() ? NAMES.getOrDefault(name, name) : at + '.' + name;
    }
}
