package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How numbers and times look in answers. */
final class AnswerJson {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final double EXACT_INTEGERS = 9_007_199_254_740_992.0;

    private AnswerJson() {}

    /** Whole numbers are written without a fraction. */
    static JsonNode number(@Nullable Double value) {
        if (value == null) {
            return JSON.nullNode();
        }
        return value == Math.rint(value) && Math.abs(value) <= EXACT_INTEGERS
                ? JSON.numberNode(value.longValue())
                : JSON.numberNode(value);
    }

    static String time(Instant instant, ZoneId zone) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
    }

    static void putRange(ObjectNode data, TimeRange range, ZoneId zone) {
        data.put("zone", zone.getId());
        data.put("start_time", time(range.start(), zone));
        data.put("end_time", time(range.end(), zone));
    }
}
