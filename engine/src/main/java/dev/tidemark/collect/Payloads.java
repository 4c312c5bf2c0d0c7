package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;

/** What was received, as it may be kept: without credentials, masked by the tenant's rules. */
final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Payloads() {}

    static String of(RawEvent raw, MaskingRules rules) {
        try {
            return new MaskedTree(rules).event(tree(raw)).toString();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an event that was read could not be read again", e);
        }
    }

    /** Of a text that may or may not be JSON. */
    static String of(String payload, MaskingRules rules) {
        try {
            JsonNode node = JSON.readTree(payload);
            if (node != null && node.isContainerNode()) {
                return new MaskedTree(rules).event(node).toString();
            }
        } catch (JsonProcessingException _) {
            return text(payload, rules);
        }
        return text(payload, rules);
    }

    static JsonNode tree(RawEvent raw) throws IOException {
        return JSON.readTree(raw.source, raw.start, raw.bytes());
    }

    private static String text(String payload, MaskingRules rules) {
        String masked = rules.text("payload", payload);
        return masked == null ? "" : masked;
    }
}
