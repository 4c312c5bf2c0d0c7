package dev.tidemark.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted, over all partitions. */
record ProcessMetrics(
        Counter processed,
        Counter duplicates,
        Counter storedEvents,
        Counter storedDeadLetters,
        Counter undecodable,
        Counter quarantinedRows,
        DistributionSummary batchRows) {

    static ProcessMetrics in(MeterRegistry registry) {
        return new ProcessMetrics(
                registry.counter("tidemark.events.processed"),
                registry.counter("tidemark.events.duplicate"),
                registry.counter("tidemark.events.stored"),
                registry.counter("tidemark.dead.letters.stored"),
                registry.counter("tidemark.process.undecodable"),
                registry.counter("tidemark.process.quarantined.rows"),
                registry.summary("tidemark.process.batch.rows"));
    }
}
