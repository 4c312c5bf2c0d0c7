package dev.tidemark.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is measured of streams.
 *
 * @param standing from the receipt of the oldest event of a change to its sending, where answers are kept in memory
 * @param refreshed the same where the store is asked again
 */
record LiveMetrics(Timer standing, Timer refreshed, Timer refreshes, Counter opened, Counter refused) {

    static LiveMetrics in(MeterRegistry registry) {
        return new LiveMetrics(
                freshness("standing", registry),
                freshness("refresh", registry),
                Timer.builder("tidemark.live.refresh").register(registry),
                Counter.builder("tidemark.live.streams.opened").register(registry),
                Counter.builder("tidemark.live.streams.refused").register(registry));
    }

    /** Counts a change that was sent. */
    void sent(long nowMillis, Receipts fromMemory, Receipts fromStore) {
        record(standing, nowMillis, fromMemory);
        record(refreshed, nowMillis, fromStore);
    }

    private static void record(Timer timer, long nowMillis, Receipts receipts) {
        if (receipts.areThere()) {
            timer.record(Math.max(0, nowMillis - receipts.oldestMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private static Timer freshness(String mode, MeterRegistry registry) {
        return Timer.builder("tidemark.live.freshness")
                .description("From the receipt of the oldest event of a change to its sending")
                .tag("mode", mode)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }
}
