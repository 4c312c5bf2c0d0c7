package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.util.List;

/** What was received, as it may be kept: without credentials, masked by the tenant's rules. */
final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> OF_THE_PERSON =
            List.of("user_id", "userId", "anonymous_id", "anonymousId", "session_id", "previousId", "traits");
    private static final List<String> OF_THE_CALLER = List.of("ip", "user_agent", "userAgent", "traits", "device");

    private Payloads() {}

    /**
     * With the moment at which its request was sent, where only the request said it, so that its time can be told later too; without
     * what tells of whom it is, where that may not be kept.
     */
    static String of(Draft draft) {
        RawEvent raw = draft.raw;
        Intake intake = draft.intake;
        try {
            JsonNode kept = new MaskedTree(intake.masking()).event(tree(raw));
            if (kept instanceof ObjectNode object) {
                if (draft.anonymous) {
                    object.remove(OF_THE_PERSON);
                    if (object.get("context") instanceof ObjectNode context) {
                        context.remove(OF_THE_CALLER);
                    }
                }
                if (raw.sentAt == RawEvent.ABSENT && intake.sentAt() != RawEvent.ABSENT) {
                    object.put(intake.format().sentAtField(), Timestamps.format(intake.sentAt()));
                }
            }
            return kept.toString();
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
