package dev.tidemark.collect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The counters of the stage; no tag has more values than the code has names. Thread-safe. */
final class CollectMeters {
    private static final Set<String> DEAD_LETTER_REASONS =
            Set.of("timestamp_in_future", "older_than_retention", "schema_violation");

    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter duplicates;
    private final Counter ignored;
    private final Counter dropped;
    private final Counter held;
    private final Timer acknowledged;
    private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
    private final Map<Inflation.Encoding, Counter> bodies = new EnumMap<>(Inflation.Encoding.class);

    CollectMeters(MeterRegistry registry, InFlight inFlight) {
        this.registry = registry;
        this.accepted = registry.counter("tidemark.events.accepted");
        this.duplicates = registry.counter("tidemark.events.reported_duplicate");
        this.ignored = registry.counter("tidemark.events.ignored_members");
        this.dropped = registry.counter("tidemark.events.dropped", "reason", "consent");
        this.held = registry.counter("tidemark.requests.held");
        this.acknowledged = Timer.builder("tidemark.events.ack")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(200_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
        for (RejectReason reason : RejectReason.values()) {
            rejected.put(reason, registry.counter("tidemark.events.rejected", "reason", reason.wireName()));
        }
        for (Inflation.Encoding encoding : Inflation.Encoding.values()) {
            bodies.put(encoding, registry.counter("tidemark.collect.bodies", "encoding", encoding.wireName()));
        }
        Gauge.builder("tidemark.collect.in_flight", inFlight, InFlight::bytes)
                .baseUnit("bytes")
                .register(registry);
    }

    void body(Inflation.Encoding encoding) {
        count(bodies.get(encoding), 1);
    }

    void rejected(RejectReason reason) {
        count(rejected.get(reason), 1);
    }

    /** Not kept for want of consent. */
    void dropped() {
        count(dropped, 1);
    }

    void ignored(int members) {
        count(ignored, members);
    }

    void duplicates(int events) {
        count(duplicates, events);
    }

    /** A request that waits for its tenant's share before it is read. */
    void held() {
        count(held, 1);
    }

    /** A request refused as a whole. */
    void refused(String reason) {
        registry.counter("tidemark.requests.refused", "reason", reason).increment();
    }

    /** Counted once durable. */
    void accepted(int events) {
        count(accepted, events);
    }

    /** Counted once durable; reasons that importers make up are one. */
    void deadLettered(String reason) {
        registry.counter(
                        "tidemark.events.dead_lettered",
                        "reason",
                        DEAD_LETTER_REASONS.contains(reason) ? reason : "deposited")
                .increment();
    }

    void acknowledged(long nanos) {
        acknowledged.record(nanos, TimeUnit.NANOSECONDS);
    }

    private static void count(@org.jspecify.annotations.Nullable Counter counter, int by) {
        if (counter != null && by > 0) {
            counter.increment(by);
        }
    }
}
