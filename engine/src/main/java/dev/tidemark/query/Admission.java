package dev.tidemark.query;

import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import io.micrometer.core.instrument.MeterRegistry;

/** Who gets to the engine when: small statements pass, heavy ones run a few at a time, tenants that wait take turns. */
public final class Admission {
    private Admission() {}

    /** A store as tenants ask it, which admits statements to another. Closing it leaves the other open. */
    public static EventStore to(EventStore store, AdmissionSettings settings, TimeSource time, MeterRegistry meters) {
        return new AdmittedStore(store, settings, time, meters);
    }
}
