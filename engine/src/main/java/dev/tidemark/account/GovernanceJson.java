package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of the settings' JSON form that says what is kept:
 * {@code {"retention_days_by_type":{},"consent":{"mode","category"},"schema_compatibility","alerts":{}}}, the last as {@link AlertsJson} has it.
 */
final class GovernanceJson {
    private static final String COMPATIBILITY = "schema_compatibility";
    static final List<String> MEMBERS = List.of("retention_days_by_type", "consent", COMPATIBILITY, AlertsJson.MEMBER);
    private static final int MAX_TYPES = 1_000;
    private static final int MAX_NAME = 200;

    private GovernanceJson() {}

    static void write(Governance governance, ObjectNode node) {
        ObjectNode byType = node.putObject("retention_days_by_type");
        new TreeMap<>(governance.retentionDaysByType()).forEach(byType::put);
        node.putObject("consent")
                .put("mode", governance.consent().mode().name().toLowerCase(Locale.ROOT))
                .put("category", governance.consent().category());
        node.put(COMPATIBILITY, governance.schemaCompatibility().wireName());
        node.set(AlertsJson.MEMBER, AlertsJson.write(governance.alerts()));
    }

    static Governance change(Governance known, JsonNode change) {
        return new Governance(
                change.has("retention_days_by_type")
                        ? byType(change.get("retention_days_by_type"))
                        : known.retentionDaysByType(),
                change.has("consent") ? consent(change.get("consent"), known.consent()) : known.consent(),
                change.has(AlertsJson.MEMBER)
                        ? AlertsJson.change(known.alerts(), change.get(AlertsJson.MEMBER))
                        : known.alerts(),
                change.has(COMPATIBILITY)
                        ? EventSchema.Compatibility.of(change.get(COMPATIBILITY).asText(""), COMPATIBILITY)
                        : known.schemaCompatibility());
    }

    private static Map<String, Integer> byType(JsonNode node) {
        String at = "retention_days_by_type";
        if (!node.isObject() || node.size() > MAX_TYPES) {
            throw invalid("must be an object of at most " + MAX_TYPES + " event types and their days", at);
        }
        Map<String, Integer> days = new HashMap<>();
        node.properties().forEach(entry -> {
            String place = at + "." + entry.getKey();
            if (entry.getKey().isBlank() || entry.getKey().length() > MAX_NAME) {
                throw invalid("an event type has 1 to " + MAX_NAME + " characters", place);
            }
            days.put(entry.getKey(), SettingsJson.days(entry.getValue(), place));
        });
        return days;
    }

    private static ConsentRule consent(JsonNode node, ConsentRule known) {
        if (!node.isObject()) {
            throw invalid("must be an object with mode and category", "consent");
        }
        Members.onlyKnown(node, "consent", List.of("mode", "category"));
        JsonNode category = node.path("category");
        if (!category.isMissingNode()
                && (!category.isTextual()
                        || category.textValue().isBlank()
                        || category.textValue().length() > MAX_NAME)) {
            throw invalid("must be a text of 1 to " + MAX_NAME + " characters", "consent.category");
        }
        return new ConsentRule(
                node.has("mode") ? mode(node.get("mode")) : known.mode(),
                category.isMissingNode() ? known.category() : category.textValue());
    }

    private static ConsentRule.Mode mode(JsonNode node) {
        for (ConsentRule.Mode mode : ConsentRule.Mode.values()) {
            if (node.isTextual() && mode.name().toLowerCase(Locale.ROOT).equals(node.textValue())) {
                return mode;
            }
        }
        throw invalid("must be ignore, anonymize or drop", "consent.mode");
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
