package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.store.StoredEvent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of filters, event by event, straight from the question's JSON. */
final class NaiveFilter {
    private NaiveFilter() {}

    static boolean holds(@Nullable JsonNode filter, StoredEvent event) {
        if (filter == null) {
            return true;
        }
        if (filter.has("and")) {
            for (JsonNode member : filter.get("and")) {
                if (!holds(member, event)) {
                    return false;
                }
            }
            return true;
        }
        if (filter.has("or")) {
            for (JsonNode member : filter.get("or")) {
                if (holds(member, event)) {
                    return true;
                }
            }
            return false;
        }
        if (filter.has("not")) {
            return !holds(filter.get("not"), event);
        }
        Object actual = property(filter.get("property").asText(), event);
        JsonNode value = filter.get("value");
        return switch (filter.get("operator").asText()) {
            case "eq" -> same(actual, value);
            case "neq" -> !same(actual, value);
            case "in" -> among(actual, value);
            case "not_in" -> !among(actual, value);
            case "contains" -> actual instanceof String text && text.contains(value.asText());
            case "not_contains" -> !(actual instanceof String text && text.contains(value.asText()));
            case "starts_with" -> actual instanceof String text && text.startsWith(value.asText());
            case "matches" ->
                actual instanceof String text
                        && Pattern.compile(value.asText(), Pattern.DOTALL)
                                .matcher(text)
                                .find();
            case "gt" -> comparable(actual, value) && compare(actual, value) > 0;
            case "gte" -> comparable(actual, value) && compare(actual, value) >= 0;
            case "lt" -> comparable(actual, value) && compare(actual, value) < 0;
            case "lte" -> comparable(actual, value) && compare(actual, value) <= 0;
            case "between" ->
                comparable(actual, value.get(0))
                        && compare(actual, value.get(0)) >= 0
                        && compare(actual, value.get(1)) <= 0;
            case "is_set" -> actual != null;
            case "is_not_set" -> actual == null;
            default -> throw new IllegalArgumentException(filter.toString());
        };
    }

    /** A String, Double or Boolean; null for an absent one. */
    static @Nullable Object property(String path, StoredEvent stored) {
        Event event = stored.event();
        if (path.startsWith("properties.")) {
            return attribute(event.properties(), path.substring("properties.".length()));
        }
        if (path.startsWith("user.")) {
            return attribute(stored.userTraits(), path.substring("user.".length()));
        }
        return switch (path) {
            case "event_type" -> event.type();
            case "user_id" -> event.userId();
            case "anonymous_id" -> event.anonymousId();
            case "session_id" -> event.sessionId();
            default -> event.context().get(ContextField.valueOf(path.toUpperCase(Locale.ROOT)));
        };
    }

    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Double number ->
                number == 0
                        ? "0"
                        : new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
            default -> value.toString();
        };
    }

    private static @Nullable Object attribute(Attributes attributes, String name) {
        if (attributes.strings().containsKey(name)) {
            return attributes.strings().get(name);
        }
        return attributes.numbers().containsKey(name)
                ? attributes.numbers().get(name)
                : (Object) attributes.booleans().get(name);
    }

    private static boolean among(@Nullable Object actual, JsonNode values) {
        for (JsonNode value : values) {
            if (same(actual, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(@Nullable Object actual, JsonNode value) {
        return switch (actual) {
            case String text -> value.isTextual() && text.equals(value.asText());
            case Double number -> value.isNumber() && number.doubleValue() == value.asDouble();
            case Boolean flag -> value.isBoolean() && flag == value.asBoolean();
            case null, default -> false;
        };
    }

    private static boolean comparable(@Nullable Object actual, JsonNode value) {
        return (actual instanceof String && value.isTextual()) || (actual instanceof Double && value.isNumber());
    }

    private static int compare(@Nullable Object actual, JsonNode value) {
        if (actual instanceof String text) {
            return compareBytes(text, value.asText());
        }
        double number = actual instanceof Double found ? found : Double.NaN;
        return Double.compare(number + 0.0, value.asDouble() + 0.0);
    }

    static int compareBytes(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
