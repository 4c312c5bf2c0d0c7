package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Questions in JSON, from a seed, about events around an instant. */
final class RandomQuestions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> MEASURES = List.of(
            "events",
            "users",
            "sessions",
            "sum",
            "avg",
            "min",
            "max",
            "median",
            "p90",
            "p95",
            "p99",
            "distinct",
            "events_per_user");
    private static final List<String> ROLLED_UP = List.of("events", "users", "sessions");
    private static final List<String> NUMERIC =
            List.of("properties.amount", "properties.mixed", "user.amount", "user.mixed");
    private static final List<String> COMPARE = List.of("previous_period", "week", "month", "year");
    private static final List<String> PATTERNS = List.of("^f", "e$", "[0-9]+", "r.e|k.t", "'", "(?i)TEAM", "\\\\", "");

    private final SplittableRandom random;
    private final ZoneId zone;
    private final LocalDate middle;
    private boolean simple;

    RandomQuestions(ZoneId zone, Instant middle, long seed) {
        this.random = new SplittableRandom(seed);
        this.zone = zone;
        this.middle = middle.atZone(zone).toLocalDate();
    }

    ObjectNode next() {
        simple = random.nextInt(3) == 0;
        ObjectNode question = JSON.objectNode();
        String type = pick(List.of("trend", "trend", "metric", "table"));
        question.put("type", type).put("zone", zone.getId());
        question.set("measures", measures());
        if (random.nextInt(2) == 0) {
            question.set("filter", filter(3));
        }
        switch (type) {
            case "trend" -> trend(question);
            case "metric" -> {
                question.set("range", range(40));
                compare(question);
            }
            default -> table(question);
        }
        return question;
    }

    private void trend(ObjectNode question) {
        String interval = pick(List.of("minute", "hour", "hour", "day", "day", "week", "month"));
        question.put("interval", interval);
        question.set(
                "range",
                switch (interval) {
                    case "minute" -> minutes();
                    case "hour" -> range(2);
                    default -> range(40);
                });
        if (random.nextInt(2) == 0) {
            question.putObject("breakdown").put("property", path()).put("limit", 1 + random.nextInt(4));
        }
        compare(question);
    }

    private void table(ObjectNode question) {
        question.set("range", range(40));
        ArrayNode breakdowns = question.putArray("breakdowns");
        List<String> paths = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        while (paths.size() < count) {
            String path = simple ? List.of("event_type", "country", "page_path").get(paths.size()) : path();
            if (!paths.contains(path)) {
                paths.add(path);
                breakdowns.add(path);
            }
        }
        String direction = pick(List.of("asc", "desc"));
        if (random.nextInt(3) == 0) {
            question.putObject("sort").put("breakdown", pick(paths)).put("direction", direction);
        } else {
            String name = question.get("measures")
                    .get(random.nextInt(question.get("measures").size()))
                    .get("name")
                    .asText();
            question.putObject("sort").put("measure", name).put("direction", direction);
        }
        question.put("limit", 1 + random.nextInt(20)).put("offset", random.nextInt(3) * 3);
    }

    private void compare(ObjectNode question) {
        if (random.nextInt(3) == 0) {
            question.put("compare", pick(COMPARE));
        }
    }

    private ObjectNode minutes() {
        Instant start = middle.atStartOfDay(zone)
                .plusHours(random.nextInt(5))
                .plusSeconds(random.nextInt(200))
                .toInstant();
        return range(start, start.plusSeconds(60L * random.nextInt(1, 150) + random.nextInt(2)));
    }

    private ObjectNode range(int days) {
        LocalDate first = middle.minusDays(random.nextInt(days));
        LocalDate last = middle.plusDays(random.nextInt(days));
        if (random.nextInt(2) == 0) {
            ObjectNode range = JSON.objectNode();
            return range.put("start_time", first.toString()).put("end_time", last.toString());
        }
        Instant start =
                first.atStartOfDay(zone).plusMinutes(random.nextInt(4) * 45L).toInstant();
        Instant end = last.plusDays(1)
                .atStartOfDay(zone)
                .plusMinutes(random.nextInt(4) * 45L)
                .toInstant();
        return range(start, end);
    }

    private static ObjectNode range(Instant start, Instant end) {
        ObjectNode range = JSON.objectNode();
        return range.put("start_time", start.toString()).put("end_time", end.toString());
    }

    private ArrayNode measures() {
        ArrayNode measures = JSON.arrayNode();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            ObjectNode measure = measures.addObject().put("name", "m" + i);
            String word = pick(simple ? ROLLED_UP : MEASURES);
            measure.put("measure", word);
            if (word.equals("distinct")) {
                measure.put("property", path());
            } else if (!List.of("events", "users", "sessions", "events_per_user")
                    .contains(word)) {
                measure.put("property", pick(NUMERIC));
            }
            switch (random.nextInt(4)) {
                case 0 -> measure.put("event", pick(RandomEvents.TYPES));
                case 1 ->
                    measure.putArray("event").add(RandomEvents.TYPES.get(0)).add(pick(RandomEvents.TYPES));
                default -> {}
            }
            if (random.nextInt(4) == 0) {
                measure.set("filter", filter(1));
            }
            if (!simple && random.nextInt(5) == 0) {
                measure.put("exact", true);
            }
        }
        if (count >= 3 && random.nextInt(2) == 0) {
            ObjectNode formula = JSON.objectNode().put("name", "f").put("formula", "(m0 + 2 * m1) / m2");
            measures.insert(random.nextInt(2), formula);
        }
        return measures;
    }

    private JsonNode filter(int depth) {
        ObjectNode filter = JSON.objectNode();
        int kind = depth == 0 ? 3 : random.nextInt(6);
        switch (kind) {
            case 0 -> group(filter.putArray("and"), depth);
            case 1 -> group(filter.putArray("or"), depth);
            case 2 -> filter.set("not", filter(depth - 1));
            default -> test(filter);
        }
        return filter;
    }

    private void group(ArrayNode members, int depth) {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            members.add(filter(depth - 1));
        }
    }

    private void test(ObjectNode filter) {
        String path = simple ? "event_type" : path();
        filter.put("property", path);
        String operator = pick(List.of(
                "eq",
                "neq",
                "in",
                "not_in",
                "contains",
                "not_contains",
                "starts_with",
                "matches",
                "gt",
                "gte",
                "lt",
                "lte",
                "between",
                "is_set",
                "is_not_set"));
        filter.put("operator", operator);
        switch (operator) {
            case "eq", "neq" -> filter.set("value", value(path, true));
            case "in", "not_in" ->
                filter.putArray("value")
                        .add(value(path, true))
                        .add(value(path, true))
                        .add(value(path, true));
            case "contains", "not_contains", "starts_with" -> {
                String text = text(path);
                int length = text.codePointCount(0, text.length());
                filter.put("value", text.substring(0, text.offsetByCodePoints(0, Math.min(length, 2))));
            }
            case "matches" -> filter.put("value", pick(PATTERNS));
            case "gt", "gte", "lt", "lte" -> filter.set("value", value(path, false));
            case "between" -> {
                if (random.nextInt(2) == 0) {
                    filter.putArray("value").add(-1).add(pick(RandomEvents.NUMBERS));
                } else {
                    filter.putArray("value").add("a").add(text(path));
                }
            }
            default -> {}
        }
    }

    private JsonNode value(String path, boolean flags) {
        return switch (random.nextInt(flags ? 4 : 3)) {
            case 0 -> JSON.numberNode(pick(RandomEvents.NUMBERS));
            case 3 -> JSON.booleanNode(random.nextBoolean());
            default -> JSON.textNode(text(path));
        };
    }

    private String text(String path) {
        return switch (path) {
            case "event_type" -> pick(RandomEvents.TYPES);
            case "country" -> pick(RandomEvents.COUNTRIES);
            case "user_id" -> "user-" + random.nextInt(12);
            default -> pick(RandomEvents.TEXTS);
        };
    }

    private String path() {
        return switch (random.nextInt(8)) {
            case 0 -> "event_type";
            case 1 -> "country";
            case 2 -> "page_path";
            case 3 -> pick(List.of("user_id", "anonymous_id", "session_id"));
            case 4 -> "user." + pick(RandomEvents.NAMES);
            default -> "properties." + pick(RandomEvents.NAMES);
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
