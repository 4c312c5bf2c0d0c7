package dev.tidemark.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What is counted, over all partitions. */
record ProcessMetrics(
        Counter processed,
        Counter duplicates,
        Counter storedEvents,
        Counter storedDeadLetters,
        Counter undecodable,
        Counter quarantinedRows,
        Timer inserts,
        DistributionSummary batchRows) {

    static ProcessMetrics in(MeterRegistry registry) {
        return new ProcessMetrics(
                registry.counter("tidemark.events.processed"),
                registry.counter("tidemark.events.duplicate"),
                registry.counter("tidemark.events.stored"),
                registry.counter("tidemark.dead.letters.stored"),
                registry.counter("tidemark.process.undecodable"),
                registry.counter("tidemark.process.quarantined.rows"),
                Timer.builder("tidemark.store.insert")
                        .publishPercentiles(0.5, 0.99)
                        .register(registry),
                registry.summary("tidemark.process.batch.rows"));
    }
}
