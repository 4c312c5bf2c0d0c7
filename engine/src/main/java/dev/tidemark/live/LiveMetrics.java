package dev.tidemark.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What is measured of streams. */
record LiveMetrics(Timer freshness, Timer refreshes, Counter opened, Counter refused) {

    static LiveMetrics in(MeterRegistry registry) {
        return new LiveMetrics(
                Timer.builder("tidemark.live.freshness")
                        .description("From the receipt of an event to the change that was sent to readers")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(5))
                        .maximumExpectedValue(Duration.ofSeconds(30))
                        .register(registry),
                Timer.builder("tidemark.live.refresh").register(registry),
                Counter.builder("tidemark.live.streams.opened").register(registry),
                Counter.builder("tidemark.live.streams.refused").register(registry));
    }
}
