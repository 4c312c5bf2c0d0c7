package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the benchmark of live dashboards measured. Numbers are of the window unless they say otherwise.
 *
 * @param viewers that were to be
 * @param connected with a picture when the window began
 * @param startSeconds from the first connection until no stream said any more that an answer in memory was to begin
 * @param seen what they saw
 * @param load the events beside them
 * @param widgets how many are kept up to date in which manner, as the streams say
 * @param verified dashboards whose pictures were compared with a plain request
 * @param wrong what must never be; empty is right
 */
record LiveResult(
        int viewers,
        int dashboards,
        int wholeTenant,
        int tenants,
        int connected,
        double connectSeconds,
        double startSeconds,
        double windowSeconds,
        ViewerTally seen,
        LoadResult load,
        ServerHistogram serverFreshness,
        Map<String, Integer> widgets,
        Usage usage,
        int verified,
        List<String> wrong) {

    /**
     * What the processes used.
     *
     * @param idleMegabytes of the server before anybody watched
     * @param serverMegabytes the most in the window
     */
    record Usage(
            double serverCores,
            double engineCores,
            double benchCores,
            double idleMegabytes,
            double serverMegabytes,
            double engineMegabytes) {}

    LiveResult {
        wrong = List.copyOf(wrong);
        widgets = Map.copyOf(widgets);
    }

    double framesPerSecond() {
        return (seen.deltas() + seen.snapshots()) / windowSeconds;
    }

    double freshnessMillis(double percentile) {
        return seen.freshnessMicros().getValueAtPercentile(percentile) / 1000.0;
    }

    double eventsPerSecond() {
        return load.accepted() / ((load.lastAckNanos() - load.startNanos()) / 1e9);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("viewers", viewers);
        json.put("connected", connected);
        json.put("frames_per_second", rounded(framesPerSecond(), 10));
        json.put("freshness_p50_ms", rounded(freshnessMillis(50), 10));
        json.put("freshness_p99_ms", rounded(freshnessMillis(99), 10));
        json.put("dropped_viewers", seen.dropped());
        json.put("server_rss_mb", Math.round(usage.serverMegabytes()));
        json.put("cpu_cores", rounded(usage.serverCores(), 100));
        json.put("freshness_max_ms", rounded(freshnessMillis(100), 10));
        json.put("server_freshness_p50_ms", rounded(serverFreshness.quantile(0.5) * 1000, 10));
        json.put("server_freshness_p99_ms", rounded(serverFreshness.quantile(0.99) * 1000, 10));
        json.put("dashboards", dashboards);
        json.put("dashboards_of_a_whole_tenant", wholeTenant);
        json.put("tenants", tenants);
        json.put("events_per_second", Math.round(eventsPerSecond()));
        json.put("ack_p50_ms", rounded(load.ackMillis(50), 10));
        json.put("ack_p99_ms", rounded(load.ackMillis(99), 10));
        json.put("refusals", load.refusals());
        json.put("deltas", seen.deltas());
        json.put("snapshots", seen.snapshots());
        json.put("heartbeats", seen.heartBeats());
        json.put("stale_frames", seen.stale());
        json.put("frames_without_count", seen.uncounted());
        json.put("bytes_per_frame", Math.round(seen.bytesPerFrame()));
        json.put("first_snapshot_bytes", Math.round(seen.firstSnapshotBytes()));
        json.put("connect_seconds", rounded(connectSeconds, 10));
        json.put("start_seconds", rounded(startSeconds, 10));
        json.put("server_idle_rss_mb", Math.round(usage.idleMegabytes()));
        json.put("engine_rss_mb", Math.round(usage.engineMegabytes()));
        json.put("engine_cpu_cores", rounded(usage.engineCores(), 100));
        json.put("bench_cpu_cores", rounded(usage.benchCores(), 100));
        json.put("verified_dashboards", verified);
        json.put("wrong", wrong.size());
        ObjectNode kept = json.putObject("widgets");
        new TreeMap<>(widgets).forEach(kept::put);
        ObjectNode gone = json.putObject("gone");
        new TreeMap<>(seen.goneByReason()).forEach(gone::put);
        return json;
    }

    String toTable() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                """
                dashboards               %,14d   %d of them of a whole tenant, %d tenants
                viewers connected        %,14d   of %,d, within %.1f s; all in memory after %.1f s
                frames per second        %,14.0f   %.2f a viewer; %.0f bytes each, the first snapshot %.0f
                202 to frame p50         %,14.1f ms   oldest event that the frame brought
                202 to frame p99         %,14.1f ms
                202 to frame max         %,14.1f ms
                the server's own p50     %,14.1f ms   its histogram, from receipt to frame
                the server's own p99     %,14.1f ms
                dropped viewers          %,14d
                events per second        %,14.0f   202 p50 %.1f ms, p99 %.1f ms, %d refused
                server                   %,14.0f MB  at most; %.0f before anybody watched; %.2f cores
                engine                   %,14.0f MB  %.2f cores
                load and viewers                          %.2f cores
                pictures compared        %,14d   wrong: %d
                """,
                dashboards,
                wholeTenant,
                tenants,
                connected,
                viewers,
                connectSeconds,
                startSeconds,
                framesPerSecond(),
                connected == 0 ? 0 : framesPerSecond() / connected,
                seen.bytesPerFrame(),
                seen.firstSnapshotBytes(),
                freshnessMillis(50),
                freshnessMillis(99),
                freshnessMillis(100),
                serverFreshness.quantile(0.5) * 1000,
                serverFreshness.quantile(0.99) * 1000,
                seen.dropped(),
                eventsPerSecond(),
                load.ackMillis(50),
                load.ackMillis(99),
                load.refusals(),
                usage.serverMegabytes(),
                usage.idleMegabytes(),
                usage.serverCores(),
                usage.engineMegabytes(),
                usage.engineCores(),
                usage.benchCores(),
                verified,
                wrong.size()));
        for (Map.Entry<String, Integer> mode : new TreeMap<>(widgets).entrySet()) {
            table.append(String.format(Locale.ROOT, "%-24s %,14d%n", "widgets, " + mode.getKey(), mode.getValue()));
        }
        for (Map.Entry<String, Integer> gone : new TreeMap<>(seen.goneByReason()).entrySet()) {
            table.append(String.format(Locale.ROOT, "%-24s %,14d%n", gone.getKey(), gone.getValue()));
        }
        return table.toString();
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
