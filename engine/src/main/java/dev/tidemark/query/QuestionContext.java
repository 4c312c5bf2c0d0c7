package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a question does not say itself.
 *
 * @param zone where the question names none
 * @param startTime replaces the start of the question's range
 * @param endTime replaces the end of the question's range
 * @param interval replaces a trend's interval
 * @param lockedFilter in the question's JSON form; holds in addition to whatever the question says
 */
public record QuestionContext(
        Instant now,
        ZoneId zone,
        DayOfWeek weekStart,
        @Nullable String startTime,
        @Nullable String endTime,
        @Nullable String interval,
        @Nullable JsonNode lockedFilter) {

    /** One that changes nothing of the question. */
    public static QuestionContext plain(Instant now, ZoneId zone, DayOfWeek weekStart) {
        return new QuestionContext(now, zone, weekStart, null, null, null, null);
    }
}
