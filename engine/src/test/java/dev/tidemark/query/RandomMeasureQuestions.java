package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;

/** Questions about visits in JSON, from a seed, for measures of every kind, most of them not of the events of a range. */
final class RandomMeasureQuestions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> TRAILING = List.of("dau", "wau", "mau", "stickiness");
    private static final List<String> SESSIONS = List.of(
            "session_duration",
            "median_session_duration",
            "p90_session_duration",
            "bounce_rate",
            "engagement_rate",
            "events_per_session",
            "pages_per_session");
    private static final List<String> PLAIN = List.of("events", "users", "sessions", "events_per_user");
    private static final List<String> PATHS = List.of("country", "event_type", "properties.plan", "user_id");

    private final SplittableRandom random;
    private final ZoneId zone;
    private final LocalDate middle;
    private boolean ofTypes;
    private boolean trailing;

    RandomMeasureQuestions(ZoneId zone, Instant middle, long seed) {
        this.random = new SplittableRandom(seed);
        this.zone = zone;
        this.middle = middle.atZone(zone).toLocalDate();
    }

    ObjectNode next() {
        ofTypes = random.nextInt(3) == 0;
        ObjectNode question = JSON.objectNode();
        String type = pick(List.of("trend", "trend", "metric", "table"));
        question.put("type", type).put("zone", zone.getId());
        question.set("measures", measures(type.equals("metric")));
        if (random.nextInt(3) == 0) {
            question.set("filter", filter());
        }
        question.set("range", range());
        switch (type) {
            case "trend" -> {
                question.put(
                        "interval",
                        trailing ? pick(List.of("day", "day", "week", "month")) : pick(List.of("hour", "day", "week")));
                if (random.nextInt(2) == 0) {
                    question.putObject("breakdown").put("property", path()).put("limit", 1 + random.nextInt(3));
                }
            }
            case "table" -> {
                ArrayNode breakdowns = question.putArray("breakdowns").add(path());
                String second = path();
                if (!breakdowns.get(0).asText().equals(second)) {
                    breakdowns.add(second);
                }
                question.put("limit", 1000);
            }
            default -> {}
        }
        if (!type.equals("table") && random.nextInt(3) == 0) {
            boolean ofMonths = question.path("interval").asText().equals("month");
            question.put("compare", ofMonths ? "month" : pick(List.of("previous_period", "week", "month")));
        }
        return question;
    }

    private ArrayNode measures(boolean now) {
        ArrayNode measures = JSON.arrayNode();
        int count = 1 + random.nextInt(4);
        int kinds = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            ObjectNode measure = measures.addObject().put("name", "m" + i);
            int kind = kinds < 2 ? kinds : random.nextInt(now && !ofTypes ? 4 : 3);
            String word = switch (kind) {
                case 0 -> pick(TRAILING);
                case 1 -> ofTypes ? pick(TRAILING) : pick(SESSIONS);
                case 2 -> ofTypes ? pick(PLAIN.subList(0, 3)) : pick(PLAIN);
                default -> "active_users_now";
            };
            measure.put("measure", word);
            trailing |= TRAILING.contains(word);
            if (word.equals("engagement_rate") && random.nextBoolean()) {
                measure.putArray("conversion").add("buy").add("größe ✓");
            }
            if (word.equals("active_users_now") && random.nextBoolean()) {
                measure.put("minutes", 1 + random.nextInt(60));
            }
            if (TRAILING.contains(word) && !ofTypes && random.nextInt(5) == 0) {
                measure.put("exact", true);
            }
            switch (random.nextInt(5)) {
                case 0 -> measure.put("event", pick(VisitEvents.TYPES));
                case 1 -> measure.putArray("event").add("buy").add(pick(VisitEvents.TYPES));
                case 2 -> measure.set("filter", filter());
                default -> {}
            }
        }
        if (count >= 3 && random.nextInt(2) == 0) {
            measures.insert(
                    random.nextInt(2), JSON.objectNode().put("name", "f").put("formula", "(m0 + 2 * m1) / m2"));
        }
        return measures;
    }

    private ObjectNode filter() {
        ObjectNode filter = JSON.objectNode();
        switch (ofTypes ? 0 : random.nextInt(3)) {
            case 0 ->
                filter.put("property", "event_type")
                        .put("operator", pick(List.of("eq", "neq")))
                        .put("value", pick(VisitEvents.TYPES));
            case 1 ->
                filter.put("property", "country")
                        .put("operator", pick(List.of("eq", "neq")))
                        .put("value", pick(VisitEvents.COUNTRIES));
            default -> filter.put("property", "properties.plan").put("operator", pick(List.of("is_set", "is_not_set")));
        }
        return filter;
    }

    private String path() {
        return ofTypes ? "event_type" : pick(PATHS);
    }

    private ObjectNode range() {
        LocalDate first = middle.minusDays(random.nextInt(10));
        LocalDate last = middle.plusDays(random.nextInt(random.nextInt(4) == 0 ? 40 : 8));
        ObjectNode range = JSON.objectNode();
        if (random.nextInt(3) > 0) {
            return range.put("start_time", first.toString()).put("end_time", last.toString());
        }
        Instant start =
                first.atStartOfDay(zone).plusMinutes(random.nextInt(30) * 45L).toInstant();
        Instant end = last.plusDays(1)
                .atStartOfDay(zone)
                .plusMinutes(random.nextInt(30) * 45L)
                .toInstant();
        return range.put("start_time", start.toString()).put("end_time", end.toString());
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
