package dev.tidemark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One question that is timed, beside the best statement that a person writes for the same numbers. Question and statement stand in
 * the resources {@code analyses/<name>.json} and {@code .sql}; their range is of whole days of UTC and ends with the current one.
 */
enum Analysis {
    TREND(AnswerShape.SERIES),
    TREND_BY_COUNTRY(AnswerShape.LINES),
    METRIC(AnswerShape.VALUES),
    TABLE(AnswerShape.TABLE),
    DAU_BY_COUNTRY(AnswerShape.LINES),
    DAU(AnswerShape.SERIES),
    WAU(AnswerShape.SERIES),
    MAU(AnswerShape.SERIES),
    SESSIONS(AnswerShape.VALUES),
    FUNNEL(AnswerShape.FUNNEL),
    RETENTION(AnswerShape.RETENTION),
    STICKINESS(AnswerShape.STICKINESS),
    COHORT_FILTER(AnswerShape.SERIES),
    PATHS(AnswerShape.PATHS),
    PROPERTY_VALUES(AnswerShape.PROPERTY_VALUES);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DAYS = 30;
    private static final int WEEKS = 8;
    private static final String LIST_PATH = "/api/v1/property-values?property=country";

    private final AnswerShape shape;

    Analysis(AnswerShape shape) {
        this.shape = shape;
    }

    /** Days of UTC, the last one not included. */
    record Days(LocalDate first, LocalDate after) {
        Map<String, String> parameters(String tenant) {
            return Map.of("tenant", tenant, "first", first.toString(), "after", after.toString());
        }
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Analysis::wireName).toList();
    }

    String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    AnswerShape shape() {
        return shape;
    }

    /** The days that are asked about: 30, or 8 weeks. */
    Days days(Instant until) {
        LocalDate today = until.atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate first = this == RETENTION
                ? today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).minusWeeks(WEEKS - 1L)
                : today.minusDays(DAYS - 1L);
        return new Days(first, today.plusDays(1));
    }

    /** The address of an analysis that is a list, not a question. */
    Optional<String> listPath() {
        return this == PROPERTY_VALUES ? Optional.of(LIST_PATH) : Optional.empty();
    }

    /** Whether it needs a cohort of the tenant's. */
    boolean needsCohort() {
        return this == COHORT_FILTER;
    }

    /** The question in the API's form. */
    ObjectNode question(Days days, String cohort) throws IOException {
        String text = resource(".json")
                .replace("$start", days.first().toString())
                .replace("$end", days.after().minusDays(1).toString())
                .replace("$cohort", cohort);
        return (ObjectNode) JSON.readTree(text);
    }

    String statement() throws IOException {
        return resource(".sql");
    }

    private String resource(String extension) throws IOException {
        String path = "analyses/" + wireName() + extension;
        try (InputStream stream = Analysis.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IOException("the resource " + path + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
