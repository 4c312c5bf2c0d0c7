package dev.tidemark.base;

import java.util.Map;

/**
 * Tells a tenant's people of what needs them: a state that begins, lasts and ends. An alert is known by tenant, kind and subject; it is up from the
 * first {@link #raise} to the next {@link #clear}, across restarts. Thread-safe; neither method blocks or fails, so both may be called
 * on an event loop, and as often as the state is seen: raising what is up, or clearing what is not, does nothing.
 */
public interface Alerts {
    /** For whoever has nobody to tell. */
    Alerts NONE = new Alerts() {
        @Override
        public void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details) {}

        @Override
        public void clear(TenantId tenant, AlertKind kind, String subject) {}
    };

    /**
     * Begins an alert.
     *
     * @param subject what it is about, where there can be several of a kind, as the name of a limit; empty otherwise
     * @param details texts, numbers and truth values that say more, by name in snake case; they leave this server, so nothing secret
     *     or personal
     */
    void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details);

    /** Ends it. */
    void clear(TenantId tenant, AlertKind kind, String subject);
}
