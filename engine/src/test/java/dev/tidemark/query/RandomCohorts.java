package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;

/** Rules of cohorts, filters that name cohorts, and cohort reports in JSON, from a seed. */
final class RandomCohorts {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> MEASURES = List.of(
            "events", "users", "sessions", "sum", "avg", "min", "max", "median", "p90", "distinct", "events_per_user");

    private final SplittableRandom random;
    private final LocalDate middle;
    private final ZoneId zone;
    private final List<String> cohorts;

    /**
     * Around an instant.
     *
     * @param cohorts the ids that may be named
     */
    RandomCohorts(Instant middle, ZoneId zone, List<String> cohorts, long seed) {
        this.random = new SplittableRandom(seed);
        this.middle = middle.atZone(zone).toLocalDate();
        this.zone = zone;
        this.cohorts = cohorts;
    }

    ObjectNode rule(int depth) {
        ObjectNode rule = JSON.objectNode();
        switch (depth == 0 ? 3 + random.nextInt(6) : random.nextInt(9)) {
            case 0, 1 -> {
                ArrayNode members = rule.putArray(random.nextBoolean() ? "and" : "or");
                for (int i = random.nextInt(3); i >= 0; i--) {
                    members.add(rule(depth - 1));
                }
            }
            case 2 -> rule.set("not", rule(depth - 1));
            case 3, 4 -> {
                ObjectNode did = behaviour(rule.putObject("did"), random.nextInt(4) > 0);
                if (random.nextInt(4) > 0) {
                    switch (random.nextInt(3)) {
                        case 0 -> did.putObject("times").put("at_least", 1 + random.nextInt(3));
                        case 1 -> did.putObject("times").put("at_most", random.nextInt(3));
                        default -> did.putObject("times").put("exactly", random.nextInt(3));
                    }
                }
            }
            case 5 -> behaviour(rule.putObject("did_not"), random.nextInt(4) > 0);
            case 6 -> behaviour(rule.putObject("first_did"), true);
            case 7 -> trait(rule);
            default -> {
                if (cohorts.isEmpty()) {
                    trait(rule);
                } else {
                    rule.put("cohort", pick(cohorts));
                }
            }
        }
        return rule;
    }

    private ObjectNode behaviour(ObjectNode did, boolean ranged) {
        events(did, 1);
        if (ranged) {
            did.set("range", random.nextInt(3) == 0 ? JSON.objectNode().put("last", last()) : range(6));
        }
        return did;
    }

    private String last() {
        return pick(List.of("1d", "2d", "7d", "1w", "20d", "1M"));
    }

    private void events(ObjectNode target, int depth) {
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> target.putArray("event").add("view").add("buy");
            default -> target.put("event", pick(RandomPeople.TYPES));
        }
        if (random.nextInt(3) == 0) {
            target.set("filter", filter(depth));
        }
    }

    ObjectNode filter(int depth) {
        ObjectNode filter = JSON.objectNode();
        int kind = random.nextInt(depth == 0 ? 5 : 8);
        switch (kind) {
            case 0 -> test(filter, "properties.plan", pick(RandomPeople.PLANS));
            case 1 ->
                filter.put("property", "properties.amount")
                        .put("operator", "gt")
                        .put("value", 1);
            case 2 -> test(filter, "country", "DE");
            case 3, 4 -> {
                if (cohorts.isEmpty()) {
                    filter.put("property", "user.beta").put("operator", "is_set");
                } else {
                    filter.put("cohort", pick(cohorts));
                }
            }
            case 5 -> filter.set("not", filter(depth - 1));
            default ->
                filter.putArray(kind == 6 ? "and" : "or").add(filter(depth - 1)).add(filter(depth - 1));
        }
        return filter;
    }

    private void trait(ObjectNode rule) {
        switch (random.nextInt(6)) {
            case 0 ->
                rule.put("property", "user.amount")
                        .put("operator", pick(List.of("gt", "lte")))
                        .put("value", 1);
            case 1 ->
                rule.put("property", "user." + pick(List.of("beta", "plan", "amount")))
                        .put("operator", pick(List.of("is_set", "is_not_set")));
            case 2 ->
                rule.put("property", "user.plan")
                        .put("operator", pick(List.of("eq", "neq")))
                        .put("value", 1);
            case 3 -> rule.put("property", "user.beta").put("operator", "eq").put("value", true);
            case 4 -> {
                rule.put("property", "user.plan").put("operator", pick(List.of("in", "not_in")));
                rule.putArray("value").add("free").add(2);
            }
            default -> test(rule, "user.plan", pick(RandomPeople.PLANS));
        }
    }

    private void test(ObjectNode filter, String property, String value) {
        filter.put("property", property)
                .put("operator", pick(List.of("eq", "neq", "contains", "not_contains", "starts_with")))
                .put("value", value);
    }

    ObjectNode metric() {
        ObjectNode question = JSON.objectNode().put("type", "metric").put("zone", zone.getId());
        question.set("range", range(20));
        question.set("filter", filter(2));
        question.putArray("measures")
                .add(JSON.objectNode().put("name", "m").put("measure", pick(MEASURES.subList(0, 3))));
        return question;
    }

    ObjectNode report() {
        ObjectNode question = JSON.objectNode().put("type", "cohort").put("zone", zone.getId());
        question.put("period", pick(List.of("day", "week", "week", "month")));
        question.set("range", range(question.get("period").asText().equals("day") ? 4 : 12));
        if (!cohorts.isEmpty() && random.nextInt(3) == 0) {
            ArrayNode named = question.putArray("cohorts");
            cohorts.forEach(named::add);
        } else {
            events(question.putObject("start"), 0);
            question.put("entry", pick(List.of("recurring", "first_time")));
            question.put("periods", 1 + random.nextInt(5));
        }
        if (random.nextInt(3) == 0) {
            question.set("filter", filter(1));
        }
        question.put("per_member", random.nextInt(4) == 0);
        String word = pick(MEASURES);
        ObjectNode measure = question.putObject("measure").put("name", "m").put("measure", word);
        if (!List.of("events", "users", "sessions", "events_per_user").contains(word)) {
            measure.put("property", pick(List.of("properties.amount", "user.amount")));
        }
        if (List.of("users", "sessions", "distinct").contains(word)) {
            measure.put("exact", random.nextBoolean());
        }
        if (random.nextBoolean()) {
            measure.put("event", pick(RandomPeople.TYPES));
        }
        return question;
    }

    private ObjectNode range(int days) {
        LocalDate first = middle.minusDays(random.nextInt(days));
        LocalDate last = middle.plusDays(random.nextInt(days));
        ObjectNode range = JSON.objectNode();
        if (random.nextBoolean()) {
            return range.put("start_time", first.toString()).put("end_time", last.toString());
        }
        return range.put(
                        "start_time",
                        first.atStartOfDay(zone)
                                .plusMinutes(45L * random.nextInt(30))
                                .toInstant()
                                .toString())
                .put(
                        "end_time",
                        last.plusDays(2)
                                .atStartOfDay(zone)
                                .minusMinutes(30L * random.nextInt(3))
                                .toInstant()
                                .toString());
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
