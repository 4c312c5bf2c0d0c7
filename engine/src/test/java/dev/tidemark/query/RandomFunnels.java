package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Funnels of every mode, from a seed. */
final class RandomFunnels {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SplittableRandom random;
    private final String zone;
    private final Instant around;
    private final long stepMillis;
    private final int spread;

    RandomFunnels(String zone, Instant around, long stepMillis, int spread, long seed) {
        this.zone = zone;
        this.around = around;
        this.stepMillis = stepMillis;
        this.spread = spread;
        this.random = new SplittableRandom(seed);
    }

    ObjectNode next() {
        ObjectNode question = JSON.objectNode();
        question.put("type", "funnel").put("zone", zone);
        ObjectNode range = question.putObject("range");
        range.put("start_time", moment(-spread, 0).toString());
        range.put("end_time", moment(0, spread).plusMillis(1).toString());
        int steps = random.nextInt(6) == 0 ? random.nextInt(4, 7) : random.nextInt(2, 4);
        boolean plain = random.nextInt(3) == 0;
        ArrayNode nodes = question.putArray("steps");
        for (int step = 0; step < steps; step++) {
            if (plain && steps <= FunnelSets.TYPES.size()) {
                nodes.addObject().put("event", FunnelSets.TYPES.get(step));
            } else {
                scope(nodes.addObject());
            }
        }
        long seconds = Math.max(1, random.nextLong(1, 2L * spread) * stepMillis / 1000);
        question.put("window", seconds + "s");
        question.put("order", List.of("ordered", "strict", "any").get(random.nextInt(3)));
        question.put("entry", random.nextInt(3) == 0 ? "first_entry" : "any_entry");
        question.put("count", List.of("users", "sessions", "totals").get(random.nextInt(3)));
        if (random.nextInt(3) == 0) {
            ArrayNode exclusions = question.putArray("exclusions");
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                int from = random.nextInt(1, steps);
                scope(exclusions.addObject().put("from", from).put("to", random.nextInt(from + 1, steps + 1)));
            }
        }
        if (random.nextInt(3) == 0) {
            ObjectNode breakdown = question.putObject("breakdown");
            breakdown.put("property", random.nextBoolean() ? "properties.p" : "country");
            breakdown.put("limit", random.nextInt(1, 4));
            switch (random.nextInt(4)) {
                case 0 -> breakdown.put("step", "first");
                case 1 -> breakdown.put("step", "last");
                case 2 -> breakdown.put("step", random.nextInt(1, steps + 1));
                default -> {}
            }
        }
        if (random.nextInt(3) == 0) {
            question.put("interval", stepMillis < 600_000 ? "minute" : random.nextBoolean() ? "hour" : "day");
        }
        if (random.nextInt(4) == 0) {
            question.putObject("filter")
                    .put("property", "properties.p")
                    .put("operator", "neq")
                    .put("value", "x");
        }
        return question;
    }

    private void scope(ObjectNode node) {
        switch (random.nextInt(6)) {
            case 0 -> {}
            case 1 -> {
                node.putArray("event").add("a").add(FunnelSets.TYPES.get(random.nextInt(4)));
            }
            default -> node.put("event", FunnelSets.TYPES.get(random.nextInt(4)));
        }
        if (random.nextInt(4) == 0) {
            node.putObject("filter")
                    .put("property", "properties.p")
                    .put("operator", "eq")
                    .put("value", random.nextBoolean() ? "x" : "y");
        }
    }

    private Instant moment(int from, int to) {
        return around.plusMillis(random.nextInt(from, to) * stepMillis);
    }
}
