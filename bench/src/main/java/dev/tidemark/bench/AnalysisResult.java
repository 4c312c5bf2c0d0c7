package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;

/** What was found about one analysis of one tenant. */
sealed interface AnalysisResult {
    ObjectNode toJson();

    String toLine();

    /** Whether the numbers were those of the statement. */
    boolean right();

    /** The server does not know the question. */
    record Unsupported(String analysis, String tenant, String why) implements AnalysisResult {
        @Override
        public ObjectNode toJson() {
            return head(analysis, tenant).put("unsupported", why);
        }

        @Override
        public String toLine() {
            return String.format("%-18s %-6s unsupported: %s", analysis, tenant, why);
        }

        @Override
        public boolean right() {
            return true;
        }
    }

    /** Server and statement give different numbers, or one of them fails. */
    record Different(String analysis, String tenant, String difference) implements AnalysisResult {
        @Override
        public ObjectNode toJson() {
            return head(analysis, tenant).put("different", difference);
        }

        @Override
        public String toLine() {
            return String.format("%-18s %-6s DIFFERENT: %s", analysis, tenant, difference);
        }

        @Override
        public boolean right() {
            return false;
        }
    }

    /**
     * Times in milliseconds, from the request to the last byte of the answer.
     *
     * @param warm without cached results, with the engine's caches filled
     * @param statement the written one, sent to the engine between two of those
     * @param cold without cached results, and with the engine's own caches emptied (the operating system's are not)
     * @param cached of a report that is asked again; empty for a list
     * @param rowsRead by the engine for the question; -1 where the server does not say
     */
    record Timed(
            String analysis,
            String tenant,
            double[] warm,
            double[] statement,
            double[] cold,
            double[] cached,
            long rowsRead)
            implements AnalysisResult {
        public Timed {
            warm = sorted(warm);
            statement = sorted(statement);
            cold = sorted(cold);
            cached = sorted(cached);
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode json = head(analysis, tenant);
            json.put("ms_p50", rounded(quantile(warm, 0.5)));
            json.put("ms_p95", rounded(quantile(warm, 0.95)));
            json.put("hand_sql_ms", rounded(quantile(statement, 0.5)));
            json.put("ratio", rounded(ratio()));
            if (rowsRead < 0) {
                json.putNull("rows_read");
            } else {
                json.put("rows_read", rowsRead);
            }
            json.put("cold_ms", rounded(quantile(cold, 0.5)));
            if (cached.length == 0) {
                json.putNull("cached_ms");
            } else {
                json.put("cached_ms", rounded(quantile(cached, 0.5)));
            }
            return json;
        }

        @Override
        public String toLine() {
            return String.format(
                    Locale.ROOT,
                    "%-18s %-6s p50 %8.1f  p95 %8.1f  by hand %8.1f  ratio %5.2f  cold %8.1f  cached %7.1f  rows read %,d",
                    analysis,
                    tenant,
                    quantile(warm, 0.5),
                    quantile(warm, 0.95),
                    quantile(statement, 0.5),
                    ratio(),
                    quantile(cold, 0.5),
                    quantile(cached, 0.5),
                    rowsRead);
        }

        @Override
        public boolean right() {
            return true;
        }

        /** The median of the question, warm. */
        double millis() {
            return quantile(warm, 0.5);
        }

        double ratio() {
            return millis() / quantile(statement, 0.5);
        }
    }

    /** How much longer the small tenant waits while the largest asks heavy questions. */
    record Contended(String tenant, double[] quiet, double[] busy, long heavyAnswers, long refusals)
            implements AnalysisResult {
        public Contended {
            quiet = sorted(quiet);
            busy = sorted(busy);
        }

        @Override
        public ObjectNode toJson() {
            return head("contention", tenant)
                    .put("quiet_ms_p50", rounded(quantile(quiet, 0.5)))
                    .put("quiet_ms_p95", rounded(quantile(quiet, 0.95)))
                    .put("busy_ms_p50", rounded(quantile(busy, 0.5)))
                    .put("busy_ms_p95", rounded(quantile(busy, 0.95)))
                    .put("ratio", rounded(quantile(busy, 0.5) / quantile(quiet, 0.5)))
                    .put("ratio_p95", rounded(quantile(busy, 0.95) / quantile(quiet, 0.95)))
                    .put("heavy_answers", heavyAnswers)
                    .put("refusals", refusals);
        }

        @Override
        public String toLine() {
            return toJson().toString();
        }

        @Override
        public boolean right() {
            return true;
        }
    }

    private static ObjectNode head(String analysis, String tenant) {
        return JsonNodeFactory.instance.objectNode().put("analysis", analysis).put("tenant", tenant);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
