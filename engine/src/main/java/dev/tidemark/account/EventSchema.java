package dev.tidemark.account;

import dev.tidemark.base.TenantId;

/**
 * JSON Schema (2020-12) of the properties of one event type, one version of it.
 *
 * @param version 1, 2, ... within the event type; the highest is in force
 */
public record EventSchema(TenantId tenant, String eventType, int version, Mode mode, String json) {
    /** What a violation leads to. */
    public enum Mode {
        OFF,
        /** The event is stored and the violation counted. */
        WARN,
        /** The event goes to the dead letters. */
        ENFORCE
    }
}
