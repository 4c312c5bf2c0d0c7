package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether two answers for a report show the same. When they were generated and how their widgets are kept up to date does not count.
 * Whole numbers must be equal; others may differ by a billionth, because their sums depend on the order in which they are added, which
 * is not even the same for two plain requests.
 */
final class Likeness {
    private static final double TOLERANCE = 1e-9;
    private static final Comparator<JsonNode> VALUES = (one, other) -> alike(one, other) ? 0 : 1;

    private Likeness() {}

    static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
        return one != null && other != null && compared(one).equals(VALUES, compared(other));
    }

    /** Where two answers differ first, with both values. */
    static String firstDifference(JsonNode asked, JsonNode shown) {
        return firstDifference("", compared(asked), compared(shown));
    }

    private static String firstDifference(String path, JsonNode asked, JsonNode shown) {
        if (asked.getNodeType() == shown.getNodeType() && asked.size() == shown.size()) {
            for (int i = 0; asked.isArray() && i < asked.size(); i++) {
                if (!asked.get(i).equals(VALUES, shown.get(i))) {
                    return firstDifference(path + "/" + i, asked.get(i), shown.get(i));
                }
            }
            for (Map.Entry<String, JsonNode> member : asked.properties()) {
                JsonNode other = shown.path(member.getKey());
                if (!member.getValue().equals(VALUES, other)) {
                    return firstDifference(path + "/" + member.getKey(), member.getValue(), other);
                }
            }
        }
        return path + " is " + asked + ", shown is " + shown;
    }

    private static JsonNode compared(JsonNode report) {
        if (!(report.deepCopy() instanceof ObjectNode copy)) {
            return report;
        }
        copy.remove("generated_at");
        for (JsonNode widget : copy.path("widgets")) {
            if (widget instanceof ObjectNode object) {
                object.remove("live");
            }
        }
        return copy;
    }

    private static boolean alike(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return true;
        }
        if (!one.isNumber() || !other.isNumber() || (one.isIntegralNumber() && other.isIntegralNumber())) {
            return false;
        }
        double a = one.doubleValue();
        double b = other.doubleValue();
        return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
    }
}
