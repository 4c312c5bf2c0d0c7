package dev.tidemark.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.PatternSyntaxException;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a tenant's settings: {@code {"zone","week_start","retention_days","masking":[{"field","pattern","detect","action"}]}} and
 * what {@link GovernanceJson} adds.
 */
public final class SettingsJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
    private static final List<String> MEMBERS = Stream.concat(
                    Stream.of("zone", "week_start", "retention_days", "masking"), GovernanceJson.MEMBERS.stream())
            .toList();
    private static final List<String> RULE_MEMBERS = List.of("field", "pattern", "detect", "action");
    private static final int MAX_RETENTION_DAYS = 36_500;
    private static final int MAX_RULES = 50;
    private static final int MAX_PATTERN_LENGTH = 500;
    private static final int MAX_FIELD_LENGTH = 255;
    private static final Pattern RULE_FIELD =
            Pattern.compile("\\*|user_id|anonymous_id|session_id|(properties|traits|context)\\.(\\*|[^*]+(\\.\\*)?)");

    private SettingsJson() {}

    public static ObjectNode write(TenantSettings settings) {
        ObjectNode node = JSON.createObjectNode();
        node.put(
                "zone",
                settings.zone().equals(ZoneOffset.UTC) ? "UTC" : settings.zone().getId());
        node.put("week_start", settings.weekStart().name().toLowerCase(Locale.ROOT));
        node.put("retention_days", settings.retentionDays());
        ArrayNode masking = node.putArray("masking");
        for (MaskingRule rule : settings.masking()) {
            ObjectNode each = masking.addObject().put("field", rule.field()).put("pattern", rule.pattern());
            if (rule.detect() != null) {
                each.put("detect", rule.detect().name().toLowerCase(Locale.ROOT));
            }
            each.put("action", rule.action().name().toLowerCase(Locale.ROOT));
        }
        GovernanceJson.write(settings.governance(), node);
        return node;
    }

    /** The settings with what the JSON object names changed; what it leaves out stays. A failure names the field. */
    public static TenantSettings change(TenantSettings settings, JsonNode change) {
        Members.onlyKnown(change, "", MEMBERS);
        ZoneId zone = change.has("zone") ? zone(change.get("zone")) : settings.zone();
        DayOfWeek weekStart = change.has("week_start") ? weekStart(change.get("week_start")) : settings.weekStart();
        Integer retentionDays =
                change.has("retention_days") ? retentionDays(change.get("retention_days")) : settings.retentionDays();
        List<MaskingRule> masking = change.has("masking") ? masking(change.get("masking")) : settings.masking();
        return new TenantSettings(
                zone, weekStart, retentionDays, masking, GovernanceJson.change(settings.governance(), change));
    }

    static String text(TenantSettings settings) {
        ObjectNode node = write(settings);
        node.set(AlertsJson.MEMBER, AlertsJson.stored(settings.governance().alerts()));
        return node.toString();
    }

    static TenantSettings parse(String text) {
        try {
            return change(TenantSettings.DEFAULTS, JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "stored settings are not JSON", e);
        }
    }

    private static ZoneId zone(JsonNode node) {
        String id = node.asText("");
        if (id.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        if (!node.isTextual() || !ZONES.contains(id)) {
            throw invalid("zone must be the name of a time zone, as in Europe/Berlin or UTC", "zone");
        }
        return ZoneId.of(id);
    }

    private static DayOfWeek weekStart(JsonNode node) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (node.isTextual() && day.name().toLowerCase(Locale.ROOT).equals(node.textValue())) {
                return day;
            }
        }
        throw invalid("week_start must be a day of the week, as in monday", "week_start");
    }

    private static @Nullable Integer retentionDays(JsonNode node) {
        return node.isNull() ? null : days(node, "retention_days");
    }

    static int days(JsonNode node, String at) {
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > MAX_RETENTION_DAYS) {
            throw invalid(
                    "must be a whole number of days from 1 to " + MAX_RETENTION_DAYS
                            + (at.equals("retention_days") ? ", or null to keep events for ever" : ""),
                    at);
        }
        return node.intValue();
    }

    private static List<MaskingRule> masking(JsonNode node) {
        if (node.isTextual() && node.textValue().equals("recommended")) {
            return MaskingRule.RECOMMENDED;
        }
        if (!node.isArray() || node.size() > MAX_RULES) {
            throw invalid("masking must be a list of at most " + MAX_RULES + " rules, or 'recommended'", "masking");
        }
        List<MaskingRule> rules = new ArrayList<>();
        for (int index = 0; index < node.size(); index++) {
            rules.add(rule(node.get(index), "masking[" + index + "]"));
        }
        return rules;
    }

    private static MaskingRule rule(JsonNode node, String at) {
        if (!node.isObject()) {
            throw invalid("a rule is an object with field, pattern and action", at);
        }
        Members.onlyKnown(node, at, RULE_MEMBERS);
        String field = node.path("field").asText("");
        if (field.length() > MAX_FIELD_LENGTH || !RULE_FIELD.matcher(field).matches()) {
            throw invalid(
                    "field must be *, user_id, anonymous_id, session_id, or a name after properties., traits. or context.,"
                            + " where * may stand for the last part",
                    at + ".field");
        }
        JsonNode pattern = node.path("pattern");
        boolean whole = pattern.isMissingNode() || pattern.isNull();
        MaskingRule.Detect detect = detect(node.path("detect"), at + ".detect");
        if (detect != null && !whole) {
            throw invalid("a rule has either a pattern or something to detect", at + ".detect");
        }
        MaskingRule.Action action = action(node, at + ".action");
        if (action == MaskingRule.Action.TRUNCATE && detect != MaskingRule.Detect.IP && !field.equals("context.ip")) {
            throw invalid("only addresses can be truncated: detect must be ip, or field context.ip", at + ".action");
        }
        return new MaskingRule(field, whole ? null : pattern(pattern, at + ".pattern"), detect, action);
    }

    private static MaskingRule.@Nullable Detect detect(JsonNode node, String at) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        for (MaskingRule.Detect detect : MaskingRule.Detect.values()) {
            if (detect.name().toLowerCase(Locale.ROOT).equals(node.asText())) {
                return detect;
            }
        }
        throw invalid("detect must be email, card or ip", at);
    }

    private static String pattern(JsonNode node, String at) {
        String text = node.asText("");
        if (!node.isTextual() || text.isEmpty() || text.length() > MAX_PATTERN_LENGTH) {
            throw invalid("pattern must be an expression of 1 to " + MAX_PATTERN_LENGTH + " characters", at);
        }
        try {
            com.google.re2j.Pattern compiled = com.google.re2j.Pattern.compile(text);
            if (compiled.matches("")) {
                throw invalid("pattern must not match an empty text", at);
            }
            return text;
        } catch (PatternSyntaxException e) {
            throw invalid("pattern is not an RE2 expression: " + e.getDescription(), at);
        }
    }

    private static MaskingRule.Action action(JsonNode node, String at) {
        for (MaskingRule.Action action : MaskingRule.Action.values()) {
            if (action.name()
                    .toLowerCase(Locale.ROOT)
                    .equals(node.path("action").asText())) {
                return action;
            }
        }
        throw invalid("action must be drop, hash, redact or truncate", at);
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
