package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;

/**
 * What neighbours waited for.
 *
 * @param flooded while one tenant does what it can
 * @param unlimited what that tenant managed to do
 * @param withLimits the same under the limits of a plan
 */
record NeighboursResult(
        int tenants,
        Duration window,
        Waits quiet,
        Waits flooded,
        Misbehaver.Done unlimited,
        Waits withLimits,
        Misbehaver.Done limited) {

    /** Milliseconds, in order: from an event to its 202, and from a question to its answer. */
    record Waits(double[] acknowledged, double[] answered) {
        static double of(double[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))];
        }

        private ObjectNode toJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("ack_p50_ms", rounded(of(acknowledged, 0.5)))
                    .put("ack_p99_ms", rounded(of(acknowledged, 0.99)))
                    .put("query_p50_ms", rounded(of(answered, 0.5)))
                    .put("query_p99_ms", rounded(of(answered, 0.99)))
                    .put("acks", acknowledged.length)
                    .put("queries", answered.length);
        }

        private double[] ratios(Waits before) {
            return new double[] {
                of(acknowledged, 0.5) / of(before.acknowledged, 0.5),
                of(acknowledged, 0.99) / of(before.acknowledged, 0.99),
                of(answered, 0.5) / of(before.answered, 0.5),
                of(answered, 0.99) / of(before.answered, 0.99)
            };
        }
    }

    /** Whether nobody waits more than so many times as long under a plan's limits. */
    boolean good(double most) {
        for (double ratio : withLimits.ratios(quiet)) {
            if (!(ratio <= most)) {
                return false;
            }
        }
        return true;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tenants", tenants).put("seconds", window.toSeconds());
        json.set("quiet", quiet.toJson());
        json.set("flood", flooded(flooded, unlimited));
        json.set("flood_with_limits", flooded(withLimits, limited));
        return json;
    }

    private ObjectNode flooded(Waits waits, Misbehaver.Done done) {
        ObjectNode json = waits.toJson();
        double[] ratios = waits.ratios(quiet);
        json.put("ack_p50_ratio", rounded(ratios[0]))
                .put("ack_p99_ratio", rounded(ratios[1]))
                .put("query_p50_ratio", rounded(ratios[2]))
                .put("query_p99_ratio", rounded(ratios[3]));
        json.put("flood_events_per_second", rounded(done.eventsPerSecond()))
                .put("flood_queries_per_second", rounded(done.questionsPerSecond()))
                .put("flood_refusals", done.refusals())
                .put("flood_viewers", done.viewers());
        return json;
    }

    String toTable() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%d tenants, one of which misbehaves; the others, %d s each%n%-20s %10s %10s %10s %10s%n",
                tenants,
                window.toSeconds(),
                "milliseconds",
                "202 p50",
                "202 p99",
                "query p50",
                "query p99"));
        row(table, "quiet", quiet);
        row(table, "flood", flooded);
        ratios(table, flooded, unlimited);
        row(table, "flood with limits", withLimits);
        ratios(table, withLimits, limited);
        return table.toString();
    }

    private static void row(StringBuilder table, String name, Waits waits) {
        table.append(String.format(
                Locale.ROOT,
                "%-20s %10.2f %10.2f %10.2f %10.2f%n",
                name,
                Waits.of(waits.acknowledged, 0.5),
                Waits.of(waits.acknowledged, 0.99),
                Waits.of(waits.answered, 0.5),
                Waits.of(waits.answered, 0.99)));
    }

    private void ratios(StringBuilder table, Waits waits, Misbehaver.Done done) {
        double[] ratios = waits.ratios(quiet);
        table.append(String.format(
                Locale.ROOT,
                "  times as long      %10.2f %10.2f %10.2f %10.2f   beside %,.0f events/s, %.1f questions/s, %d viewers, %d refusals%n",
                ratios[0],
                ratios[1],
                ratios[2],
                ratios[3],
                done.eventsPerSecond(),
                done.questionsPerSecond(),
                done.viewers(),
                done.refusals()));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
