package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;

/** Questions for retention and paths in JSON, about {@link DenseEvents} around an instant. */
final class RandomJourneys {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SplittableRandom random;
    private final ZoneId zone;
    private final Instant middle;

    RandomJourneys(ZoneId zone, Instant middle, SplittableRandom random) {
        this.zone = zone;
        this.middle = middle;
        this.random = random;
    }

    JsonNode retention() {
        ObjectNode question = common("retention", 5);
        String period = pick(List.of("day", "day", "week", "month"));
        question.put("period", period);
        question.put("periods", random.nextInt(20) == 0 ? 70 : random.nextInt(1, 9));
        if (random.nextInt(6) > 0) {
            question.set("start", scope());
        }
        if (random.nextInt(6) > 0) {
            question.set("return", question.has("start") && random.nextInt(3) == 0 ? question.get("start") : scope());
        }
        put(question, "entry", "recurring", "first_time");
        put(question, "alignment", "calendar", "rolling");
        put(question, "criterion", "on", "on_or_after");
        if (random.nextInt(3) == 0) {
            question.putObject("breakdown")
                    .put("property", pick(List.of("country", "event_type", "properties.amount")))
                    .put("limit", random.nextInt(1, 4));
        }
        return question;
    }

    JsonNode paths() {
        ObjectNode question = common("paths", 2);
        question.set("anchor", random.nextInt(5) == 0 ? JSON.objectNode() : scope());
        put(question, "direction", "after", "before");
        put(question, "repeats", "keep", "collapse");
        question.put("steps", random.nextInt(1, 5));
        question.put("limit", random.nextInt(1, 5));
        question.put("by", pick(List.of("event_type", "event_type", "country", "properties.amount")));
        return question;
    }

    private ObjectNode common(String type, int days) {
        ObjectNode question = JSON.objectNode().put("type", type).put("zone", zone.getId());
        ObjectNode range = question.putObject("range");
        LocalDate start = middle.atZone(zone).toLocalDate().minusDays(random.nextInt(0, days));
        if (random.nextInt(4) == 0) {
            Instant from = middle.minusSeconds(random.nextInt(days * 24) * 3_600L);
            range.put("start_time", from.toString());
            range.put(
                    "end_time",
                    from.plusSeconds(random.nextInt(1, days * 48) * 1_800L).toString());
        } else {
            range.put("start_time", start.toString());
            range.put("end_time", start.plusDays(random.nextInt(0, days * 2)).toString());
        }
        if (random.nextInt(4) == 0) {
            question.set("filter", filter());
        }
        return question;
    }

    private ObjectNode scope() {
        ObjectNode scope = JSON.objectNode();
        switch (random.nextInt(4)) {
            case 0 -> {
                ArrayNode types = scope.putArray("event");
                types.add(pick(DenseEvents.TYPES)).add(pick(DenseEvents.TYPES));
            }
            case 1 -> scope.set("filter", filter());
            default -> scope.put("event", pick(DenseEvents.TYPES));
        }
        return scope;
    }

    private ObjectNode filter() {
        ObjectNode filter = JSON.objectNode();
        return random.nextBoolean()
                ? filter.put("property", "country").put("operator", "neq").put("value", pick(DenseEvents.COUNTRIES))
                : filter.put("property", "properties.amount")
                        .put("operator", "gte")
                        .put("value", 1);
    }

    private void put(ObjectNode question, String name, String usual, String other) {
        if (random.nextBoolean()) {
            question.put(name, random.nextInt(4) == 0 ? usual : other);
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
