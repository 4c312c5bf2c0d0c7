package dev.tidemark.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a phase of load saw.
 *
 * @param startNanos when it began, on the monotonic clock
 * @param lastAckNanos when the last acknowledgement arrived
 * @param requests acknowledged
 * @param accepted events acknowledged
 * @param refusals answers 429 and 503, each followed by the same request again
 * @param latencyMicros of the acknowledged requests, refusals included in the time
 */
record LoadResult(
        long startNanos, long lastAckNanos, long requests, long accepted, long refusals, Histogram latencyMicros) {

    static LoadResult merge(List<LoadResult> parts) {
        Histogram latency = new Histogram(LoadLoop.HIGHEST_MICROS, 3);
        parts.forEach(part -> latency.add(part.latencyMicros()));
        return new LoadResult(
                parts.stream().mapToLong(LoadResult::startNanos).min().orElseThrow(),
                parts.stream().mapToLong(LoadResult::lastAckNanos).max().orElseThrow(),
                parts.stream().mapToLong(LoadResult::requests).sum(),
                parts.stream().mapToLong(LoadResult::accepted).sum(),
                parts.stream().mapToLong(LoadResult::refusals).sum(),
                latency);
    }

    double ackMillis(double percentile) {
        return latencyMicros.getValueAtPercentile(percentile) / 1000.0;
    }
}
