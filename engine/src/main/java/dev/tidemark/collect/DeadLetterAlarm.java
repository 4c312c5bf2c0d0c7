package dev.tidemark.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a tenant whose dead letters of one hour reach the number that it set: once in the hour, by an event in the log and by the
 * counter {@code tidemark.dead_letters.alerts}. Counts since the server started. Thread-safe; never blocks.
 */
final class DeadLetterAlarm {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterAlarm.class);
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int TENANTS_KEPT = 10_000;

    private final TimeSource time;
    private final Counter alerts;
    private final Cache<TenantId, Hour> hours =
            Caffeine.newBuilder().maximumSize(TENANTS_KEPT).build();

    DeadLetterAlarm(TimeSource time, MeterRegistry registry) {
        this.time = time;
        this.alerts = registry.counter("tidemark.dead_letters.alerts");
    }

    void noted(TenantId tenant, int letters, @Nullable Integer atMostPerHour) {
        if (atMostPerHour == null) {
            return;
        }
        long hour = Math.floorDiv(time.millis(), HOUR_MILLIS);
        Hour counted = hours.asMap()
                .merge(
                        tenant,
                        new Hour(hour, 0, letters),
                        (known, more) ->
                                known.number == hour ? new Hour(hour, known.letters, known.letters + letters) : more);
        if (counted.before < atMostPerHour && counted.letters >= atMostPerHour) {
            alerts.increment();
            LOG.atWarn()
                    .addKeyValue("tenant", tenant)
                    .addKeyValue("dead_letters", counted.letters)
                    .addKeyValue("per_hour", atMostPerHour)
                    .log("a tenant has many dead letters");
        }
    }

    private record Hour(long number, long before, long letters) {}
}
