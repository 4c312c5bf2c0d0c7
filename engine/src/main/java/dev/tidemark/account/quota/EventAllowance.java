package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.util.Map;

/** How many events a tenant may send. Never blocks, so event loops may ask; thread-safe. */
@FunctionalInterface
public interface EventAllowance {
    /** Any number, and nobody counts. */
    EventAllowance UNLIMITED = (_, _) -> Reservation.NONE;

    /**
     * Takes events from what a tenant may send, all or none. Fails with {@code RATE_LIMITED} or {@code QUOTA_EXCEEDED}, having taken
     * nothing.
     */
    Reservation reserve(TenantId tenant, int events);

    /** Events that are on their way to the journal. */
    interface Reservation {
        /** Of no limit. */
        Reservation NONE = new Reservation() {
            @Override
            public void keep(int events) {}

            @Override
            public void cancel() {}

            @Override
            public Map<String, String> headers() {
                return Map.of();
            }
        };

        /** So many of them go to the journal; the others no longer count to the month. Once. */
        void keep(int events);

        /** None of them went to the journal: all is given back. Once. */
        void cancel();

        /** What is left, for the answer. */
        Map<String, String> headers();
    }
}
