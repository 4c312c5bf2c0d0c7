package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where tenants, keys and schemas are kept. Every change is durable when its method returns. Blocking; thread-safe. Methods
 * fail with {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
public interface AccountStore {

    /** Adds a tenant, unless there is one of that id; tells whether it did. */
    boolean addTenant(Tenant tenant);

    Optional<Tenant> findTenant(TenantId tenant);

    /** All of them, by id. */
    List<TenantId> tenants();

    /** Changes name and closing; tells whether there is such a tenant. */
    boolean replaceTenant(TenantId tenant, String name, @Nullable Instant closedAt);

    /** Tells whether there is such a tenant. */
    boolean replaceSettings(TenantId tenant, TenantSettings settings);

    /** Tells whether there is such a tenant. */
    boolean replaceEmbedSecret(TenantId tenant, Secret secret);

    /** Fails with {@code NOT_FOUND} for an unknown tenant, {@code CONFLICT} when the id or hash is taken. */
    void addKey(AccessKey key);

    /** The tenant's keys, revoked ones too, oldest first. */
    List<AccessKey> keys(TenantId tenant);

    /** Ends a key for good. Tells whether the tenant has such a key; an earlier end stays as it was. */
    boolean revokeKey(TenantId tenant, String keyId, Instant at);

    /** Sets when a key ends by itself, at an earlier moment than the known one. Tells whether the tenant has such a key. */
    boolean expireKey(TenantId tenant, String keyId, Instant at);

    /** Notes when a key was used; an earlier moment than the known one changes nothing. */
    void keyUsed(TenantId tenant, String keyId, Instant at);

    /** Adds the next version of the schema of an event type, which is in force from then on. {@code NOT_FOUND} for an unknown tenant. */
    EventSchema addSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility,
            String json,
            Instant at);

    /** All versions, by event type and version. */
    List<EventSchema> schemas(TenantId tenant);

    /** Changes what is chosen of the version in force; empty when the event type has no schema. */
    Optional<EventSchema> changeSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility);
}
