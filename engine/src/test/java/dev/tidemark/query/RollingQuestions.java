package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;

/** Questions that a fold is for, in JSON, from a seed: about the last minutes, hours or days, or about fixed ranges. */
final class RollingQuestions {
    private static final List<String> MINUTES = List.of("1m", "5m", "30m", "30m", "90m");
    private static final List<String> HOURS = List.of("1h", "6h", "24h", "36h");
    private static final List<String> DAYS = List.of("1d", "2d", "7d", "30d", "3w", "2M");

    private final SplittableRandom random;
    private final RandomQuestions questions;

    RollingQuestions(ZoneId zone, Instant middle, long seed) {
        this.random = new SplittableRandom(seed);
        this.questions = new RandomQuestions(zone, middle, random.nextLong());
    }

    /** @param near whether of the last minutes */
    ObjectNode next(boolean near) {
        ObjectNode question = questions.next();
        foldable(question.withArray("measures"));
        boolean isTrend = question.path("type").asText().equals("trend");
        boolean isMetric = question.path("type").asText().equals("metric");
        if (near || random.nextInt(4) > 0) {
            String last = pick(near ? MINUTES : random.nextInt(3) == 0 ? HOURS : DAYS);
            question.putObject("range").put("last", last);
            if (isTrend) {
                question.put(
                        "interval",
                        switch (last.charAt(last.length() - 1)) {
                            case 'm' -> pick(List.of("minute", "minute", "hour", "auto"));
                            case 'h' -> pick(List.of("hour", "day", "auto"));
                            default -> pick(List.of("day", "day", "week", "month", "auto"));
                        });
            }
        }
        String interval = question.path("interval").asText();
        if (!near && !List.of("minute", "hour").contains(interval)) {
            trailing(question.withArray("measures"));
        }
        if (isMetric && random.nextInt(3) == 0) {
            question.put("sparkline", true);
        }
        if (isMetric && (near || random.nextInt(4) == 0)) {
            int minutes = random.nextInt(1, 60);
            question.withArray("measures").addObject().put("measure", "active_users_now");
            question.withArray("measures")
                    .addObject()
                    .put("name", "longer")
                    .put("measure", "active_users_now")
                    .put("minutes", minutes);
        }
        return question;
    }

    /** Makes some of them measures of trailing days. */
    private void trailing(ArrayNode measures) {
        for (JsonNode node : measures) {
            if (node instanceof ObjectNode measure && measure.has("measure") && random.nextInt(3) == 0) {
                measure.remove("property");
                measure.put("measure", pick(List.of("dau", "wau", "mau", "stickiness")));
            }
        }
    }

    private void foldable(ArrayNode measures) {
        for (JsonNode node : measures) {
            if (node instanceof ObjectNode measure) {
                measure.remove("exact");
                if (List.of("median", "p90", "p95", "p99")
                        .contains(measure.path("measure").asText())) {
                    measure.put("measure", pick(List.of("sum", "avg")));
                }
            }
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
