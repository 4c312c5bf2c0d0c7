package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question does not say itself.
 *
 * @param zone where the question names none
 * @param startTime replaces the start of the question's range
 * @param endTime replaces the end of the question's range
 * @param interval replaces a trend's interval
 * @param lockedFilter in the question's JSON form; holds in addition to whatever the question says
 * @param pickedFilter another one that does, which the reader has chosen
 * @param cohorts those of the tenant that asks
 */
public record QuestionContext(
        Instant now,
        ZoneId zone,
        DayOfWeek weekStart,
        @Nullable String startTime,
        @Nullable String endTime,
        @Nullable String interval,
        @Nullable JsonNode lockedFilter,
        @Nullable JsonNode pickedFilter,
        KnownCohorts cohorts) {

    /** One whose reader has chosen no values. */
    public QuestionContext(
            Instant now,
            ZoneId zone,
            DayOfWeek weekStart,
            @Nullable String startTime,
            @Nullable String endTime,
            @Nullable String interval,
            @Nullable JsonNode lockedFilter,
            KnownCohorts cohorts) {
        this(now, zone, weekStart, startTime, endTime, interval, lockedFilter, null, cohorts);
    }

    /** One that changes nothing of the question, which can name no cohort. */
    public static QuestionContext plain(Instant now, ZoneId zone, DayOfWeek weekStart) {
        return plain(now, zone, weekStart, KnownCohorts.NONE);
    }

    /** One that changes nothing of the question. */
    public static QuestionContext plain(Instant now, ZoneId zone, DayOfWeek weekStart, KnownCohorts cohorts) {
        return new QuestionContext(now, zone, weekStart, null, null, null, null, cohorts);
    }

    /** What replaces parts of the question does not touch the cohorts in it. */
    QuestionContext forCohorts() {
        return plain(now, zone, weekStart, cohorts);
    }

    /** For what stands inside a cohort, which may not name it again. */
    public QuestionContext within(String cohort) {
        List<String> ids = new ArrayList<>();
        KnownCohorts all = cohorts;
        if (cohorts instanceof CohortReader.Within around) {
            ids.addAll(around.ids());
            all = around.all();
        }
        ids.add(cohort);
        return plain(now, zone, weekStart, new CohortReader.Within(all, ids));
    }
}
