package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What the ingest benchmark measured. The first seven are its JSON; the rest is for the reader of the table.
 *
 * @param eventsPerSecond stored events of the window / (window and catch-up)
 * @param accepted events of the window that were acknowledged
 * @param stored how many of them a query counts
 * @param bytesPerEvent on disk, rollups and everything else included; 0 when it was not measured
 * @param windowSeconds from the first request to the last acknowledgement
 * @param catchUpSeconds from there until a query counted every event
 * @param refusals answers 429 and 503 in the window
 * @param probes single events that the queryable latency was taken from
 * @param settled whether merges were over when the disk was measured
 */
record IngestResult(
        double eventsPerSecond,
        double ackP50Millis,
        double ackP99Millis,
        double queryableP99Millis,
        long accepted,
        long stored,
        double bytesPerEvent,
        double windowSeconds,
        double catchUpSeconds,
        double ackMaxMillis,
        double queryableP50Millis,
        double queryableMaxMillis,
        long refusals,
        long probes,
        boolean settled) {

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("events_per_second", rounded(eventsPerSecond, 1));
        json.put("ack_p50_ms", rounded(ackP50Millis, 1000));
        json.put("ack_p99_ms", rounded(ackP99Millis, 1000));
        json.put("queryable_p99_ms", rounded(queryableP99Millis, 1000));
        json.put("accepted", accepted);
        json.put("stored", stored);
        json.put("bytes_per_event", rounded(bytesPerEvent, 100));
        return json;
    }

    String toTable() {
        return String.format(
                Locale.ROOT,
                """
                events per second        %,14.0f   stored / (window + catch-up)
                accepted per second      %,14.0f   acknowledged / window
                window                   %,14.2f s
                catch-up                 %,14.2f s until a query counted every event
                accepted                 %,14d   events in the window
                stored                   %,14d   of them, counted by a query
                refused                  %,14d   requests answered 429 or 503 and sent again
                202 latency p50          %,14.2f ms
                202 latency p99          %,14.2f ms
                202 latency max          %,14.2f ms
                202 to queryable p50     %,14.2f ms   of %d probes
                202 to queryable p99     %,14.2f ms
                202 to queryable max     %,14.2f ms
                bytes per event          %,14.2f   on disk with rollups%s
                """,
                eventsPerSecond,
                accepted / windowSeconds,
                windowSeconds,
                catchUpSeconds,
                accepted,
                stored,
                refusals,
                ackP50Millis,
                ackP99Millis,
                ackMaxMillis,
                queryableP50Millis,
                probes,
                queryableP99Millis,
                queryableMaxMillis,
                bytesPerEvent,
                settled ? "" : "; merges were still running");
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
