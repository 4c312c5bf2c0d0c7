package dev.tidemark.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A histogram as the server's {@code /metrics} tells it.
 *
 * @param upTo how many values are not above each bound; the last bound is infinity
 */
record ServerHistogram(TreeMap<Double, Double> upTo) {

    /** Reads it from the text of all metrics; empty where it is missing. */
    static ServerHistogram read(String metrics, String name) {
        Pattern bucket =
                Pattern.compile("(?m)^" + Pattern.quote(name) + "_bucket\\{[^}]*le=\"([^\"]+)\"[^}]*} ([0-9.eE+]+)");
        TreeMap<Double, Double> upTo = new TreeMap<>();
        Matcher line = bucket.matcher(metrics);
        while (line.find()) {
            double bound = line.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(line.group(1));
            upTo.merge(bound, Double.parseDouble(line.group(2)), Double::sum);
        }
        return new ServerHistogram(upTo);
    }

    /** What came since an earlier reading. */
    ServerHistogram since(ServerHistogram earlier) {
        TreeMap<Double, Double> difference = new TreeMap<>();
        upTo.forEach((bound, count) -> difference.put(bound, count - earlier.upTo.getOrDefault(bound, 0.0)));
        return new ServerHistogram(difference);
    }

    double count() {
        return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
    }

    /** The value below which a share of all lies, evenly spread within its bucket; 0 without values. */
    double quantile(double share) {
        double wanted = count() * share;
        double low = 0;
        double before = 0;
        for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
            if (wanted > 0 && bucket.getValue() >= wanted) {
                double high = bucket.getKey();
                return Double.isInfinite(high)
                        ? low
                        : low + (high - low) * (wanted - before) / (bucket.getValue() - before);
            }
            low = bucket.getKey();
            before = bucket.getValue();
        }
        return 0;
    }
}
