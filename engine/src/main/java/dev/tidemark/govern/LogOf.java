package dev.tidemark.govern;

import dev.tidemark.base.TenantId;

/**
 * Whose acts a log holds: those of one tenant, or those that are about the server itself.
 *
 * @param name the tenant's id; of the server, a name that no tenant can have
 */
public record LogOf(String name) {
    static final LogOf SERVER = new LogOf(":server");

    static LogOf tenant(TenantId tenant) {
        return new LogOf(tenant.value());
    }

    @Override
    public String toString() {
        return equals(SERVER) ? "the server" : name;
    }
}
