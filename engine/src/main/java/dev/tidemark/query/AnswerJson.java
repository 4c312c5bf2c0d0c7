package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How numbers and times look in answers. */
final class AnswerJson {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int FIRST_PLAIN_YEAR = 1_000;
    private static final int LAST_PLAIN_YEAR = 9_999;
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

    /** As {@link DateTimeFormatter#ISO_OFFSET_DATE_TIME}; of whole seconds, which most are, at a fraction of its cost. */
    static String time(Instant instant, ZoneId zone) {
        ZonedDateTime at = instant.atZone(zone);
        if (at.getNano() != 0 || at.getYear() < FIRST_PLAIN_YEAR || at.getYear() > LAST_PLAIN_YEAR) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at);
        }
        StringBuilder text = new StringBuilder(25).append(at.getYear());
        two(text.append('-'), at.getMonthValue());
        two(text.append('-'), at.getDayOfMonth());
        two(text.append('T'), at.getHour());
        two(text.append(':'), at.getMinute());
        two(text.append(':'), at.getSecond());
        return text.append(at.getOffset().getId()).toString();
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    static void putRange(ObjectNode data, TimeRange range, ZoneId zone) {
        data.put("zone", zone.getId());
        data.put("start_time", time(range.start(), zone));
        data.put("end_time", time(range.end(), zone));
    }
}
