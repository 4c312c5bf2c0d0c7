package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import dev.tidemark.query.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What those who see a report embedded may choose in it, as its author allows. A token can take some of it away and add nothing.
 *
 * @param dateRange whether the period and its interval may be chosen
 * @param maxDays how long a chosen period can be
 * @param breakdown the properties by which may be split
 * @param filters the properties whose values may be chosen
 * @param drillDown what may be seen of what is behind a number
 */
public record Controls(
        boolean dateRange, int maxDays, List<String> breakdown, List<String> filters, DrillDown drillDown) {
    public static final int DEFAULT_MAX_DAYS = 366;
    public static final Controls NONE = new Controls(false, DEFAULT_MAX_DAYS, List.of(), List.of(), DrillDown.NONE);
    public static final List<String> MEMBERS = List.of("date_range", "max_days", "breakdown", "filters", "drill_down");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_DAYS = 3_660;
    private static final int MAX_PROPERTIES = 20;
    private static final int MAX_PATH = 255;

    /** How far down one may look; each includes the ones before. */
    public enum DrillDown {
        NONE,
        /** The events, without who did them. */
        EVENTS,
        /** The people, and the events with the ids and traits of those who did them. */
        PEOPLE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Controls {
        breakdown = List.copyOf(breakdown);
        filters = List.copyOf(filters);
    }

    /** Reads them from JSON, where everything that is absent is not allowed; a failure names its field below a path. */
    public static Controls read(JsonNode node, String at) {
        if (!node.isObject()) {
            throw invalid("must be an object", at);
        }
        Call.onlyKnownFields(node, at, MEMBERS);
        return new Controls(
                flag(node.path("date_range"), at + ".date_range"),
                days(node.path("max_days"), at + ".max_days"),
                properties(node.path("breakdown"), at + ".breakdown"),
                properties(node.path("filters"), at + ".filters"),
                drillDown(node.path("drill_down"), at + ".drill_down"));
    }

    /** What is left of these once a token has said what it leaves; what it does not mention stays, what cannot be read goes. */
    Controls narrowed(@Nullable JsonNode narrowing) {
        if (narrowing == null) {
            return this;
        }
        Controls given;
        try {
            given = read(narrowing, "controls");
        } catch (TidemarkException _) {
            return NONE;
        }
        return new Controls(
                dateRange && (!narrowing.hasNonNull("date_range") || given.dateRange),
                narrowing.hasNonNull("max_days") ? Math.min(maxDays, given.maxDays) : maxDays,
                narrowing.hasNonNull("breakdown") ? common(breakdown, given.breakdown) : breakdown,
                narrowing.hasNonNull("filters") ? common(filters, given.filters) : filters,
                narrowing.hasNonNull("drill_down") && given.drillDown.compareTo(drillDown) < 0
                        ? given.drillDown
                        : drillDown);
    }

    /** Checks that what a token is to say takes away only; fails with the field that would add something. */
    public void requireCovers(JsonNode narrowing, String at) {
        Controls given = read(narrowing, at);
        requireAllowed(!given.dateRange || dateRange, at + ".date_range");
        requireAllowed(!narrowing.hasNonNull("max_days") || given.maxDays <= maxDays, at + ".max_days");
        requireCovers(breakdown, given.breakdown, at + ".breakdown");
        requireCovers(filters, given.filters, at + ".filters");
        requireAllowed(given.drillDown.compareTo(drillDown) <= 0, at + ".drill_down");
    }

    /** Whether there is nothing to choose. */
    public boolean isNone() {
        return !dateRange && breakdown.isEmpty() && filters.isEmpty() && drillDown == DrillDown.NONE;
    }

    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode().put("date_range", dateRange).put("max_days", maxDays);
        ArrayNode split = node.putArray("breakdown");
        breakdown.forEach(split::add);
        ArrayNode chosen = node.putArray("filters");
        filters.forEach(chosen::add);
        return node.put("drill_down", drillDown.wireName());
    }

    private static List<String> common(List<String> some, List<String> others) {
        return some.stream().filter(others::contains).toList();
    }

    private static void requireCovers(List<String> allowed, List<String> given, String at) {
        for (int index = 0; index < given.size(); index++) {
            requireAllowed(allowed.contains(given.get(index)), at + "[" + index + "]");
        }
    }

    private static void requireAllowed(boolean allowed, String at) {
        if (!allowed) {
            throw invalid("the report's own controls do not allow it; a token can only take away", at);
        }
    }

    private static boolean flag(JsonNode node, String at) {
        if (!isAbsent(node) && !node.isBoolean()) {
            throw invalid("must be true or false", at);
        }
        return node.asBoolean(false);
    }

    private static int days(JsonNode node, String at) {
        if (isAbsent(node)) {
            return DEFAULT_MAX_DAYS;
        }
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > MAX_DAYS) {
            throw invalid("must be a whole number of days from 1 to " + MAX_DAYS, at);
        }
        return node.intValue();
    }

    private static List<String> properties(JsonNode node, String at) {
        if (isAbsent(node)) {
            return List.of();
        }
        if (!node.isArray() || node.size() > MAX_PROPERTIES) {
            throw invalid("must be a list of at most " + MAX_PROPERTIES + " properties", at);
        }
        List<String> paths = new ArrayList<>();
        for (int index = 0; index < node.size(); index++) {
            String path = node.get(index).asText();
            if (!node.get(index).isTextual()
                    || path.length() > MAX_PATH
                    || Property.parse(path).isEmpty()) {
                throw invalid(
                        "must be a property, as in country, properties.plan or user.company", at + "[" + index + "]");
            }
            if (paths.contains(path)) {
                throw invalid("is in the list already", at + "[" + index + "]");
            }
            paths.add(path);
        }
        return paths;
    }

    private static DrillDown drillDown(JsonNode node, String at) {
        if (isAbsent(node)) {
            return DrillDown.NONE;
        }
        return Arrays.stream(DrillDown.values())
                .filter(level -> level.wireName().equals(node.asText()))
                .findFirst()
                .orElseThrow(() -> invalid(
                        "must be one of "
                                + Arrays.stream(DrillDown.values())
                                        .map(DrillDown::wireName)
                                        .collect(Collectors.joining(", ")),
                        at));
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
