package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Accounts in the metadata database. The SQL is of the kind that PostgreSQL understands as well. */
public final class SqliteAccountStore implements AccountStore {
    private static final String KEY_COLUMNS =
            "key_id, tenant_id, kind, name, key_hash, hint, origins, scopes, events_per_minute, created_at, last_used_at, expires_at,"
                    + " revoked_at";

    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteAccountStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("account");
    }

    @Override
    public boolean addTenant(Tenant tenant) {
        return database.write(handle -> handle.createUpdate("""
                        INSERT INTO tenants (tenant_id, name, settings, embed_secret, created_at, closed_at)
                        VALUES (:id, :name, :settings, :secret, :created, :closed)
                        ON CONFLICT (tenant_id) DO NOTHING
                        """)
                        .bind("id", tenant.id().value())
                        .bind("settings", SettingsJson.text(tenant.settings()))
                        .bind("secret", tenant.embedSecret().reveal())
                        .bind("name", tenant.name())
                        .bind("created", tenant.createdAt().toEpochMilli())
                        .bind("closed", millis(tenant.closedAt()))
                        .execute()
                == 1);
    }

    @Override
    public Optional<Tenant> findTenant(TenantId tenant) {
        return database.read(handle -> handle.createQuery(
                        "SELECT name, settings, embed_secret, created_at, closed_at FROM tenants WHERE tenant_id = :id")
                .bind("id", tenant.value())
                .map((row, _) -> new Tenant(
                        tenant,
                        row.getString("name"),
                        SettingsJson.parse(row.getString("settings")),
                        new Secret(row.getString("embed_secret")),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        instant(row, "closed_at")))
                .findOne());
    }

    @Override
    public List<TenantId> tenants() {
        return database.read(handle -> handle.createQuery("SELECT tenant_id FROM tenants ORDER BY tenant_id")
                .map((row, _) -> new TenantId(row.getString("tenant_id")))
                .list());
    }

    @Override
    public boolean replaceTenant(TenantId tenant, String name, @Nullable Instant closedAt) {
        return database.write(handle ->
                handle.createUpdate("UPDATE tenants SET name = :name, closed_at = :closed WHERE tenant_id = :id")
                                .bind("name", name)
                                .bind("closed", millis(closedAt))
                                .bind("id", tenant.value())
                                .execute()
                        == 1);
    }

    @Override
    public boolean replaceSettings(TenantId tenant, TenantSettings settings) {
        return database.write(
                handle -> handle.createUpdate("UPDATE tenants SET settings = :settings WHERE tenant_id = :id")
                                .bind("settings", SettingsJson.text(settings))
                                .bind("id", tenant.value())
                                .execute()
                        == 1);
    }

    @Override
    public boolean replaceEmbedSecret(TenantId tenant, Secret secret) {
        return database.write(
                handle -> handle.createUpdate("UPDATE tenants SET embed_secret = :secret WHERE tenant_id = :id")
                                .bind("secret", secret.reveal())
                                .bind("id", tenant.value())
                                .execute()
                        == 1);
    }

    @Override
    public void addKey(AccessKey key) {
        database.write(handle -> {
            requireTenant(handle, key.tenant());
            int added = handle.createUpdate("""
                            INSERT INTO access_keys (key_id, tenant_id, kind, name, key_hash, hint, origins, scopes, events_per_minute,
                                created_at, last_used_at, expires_at, revoked_at)
                            VALUES (:id, :tenant, :kind, :name, :hash, :hint, :origins, :scopes, :limit, :created, :used, :expires,
                                :revoked)
                            ON CONFLICT DO NOTHING
                            """)
                    .bind("id", key.id())
                    .bind("tenant", key.tenant().value())
                    .bind("kind", lower(key.kind()))
                    .bind("name", key.name())
                    .bind("hash", key.hash())
                    .bind("hint", key.hint())
                    .bind("origins", String.join(" ", key.origins()))
                    .bind("created", key.createdAt().toEpochMilli())
                    .bind("scopes", scopes(key))
                    .bind("limit", key.eventsPerMinute())
                    .bind("expires", millis(key.expiresAt()))
                    .bind("used", millis(key.lastUsedAt()))
                    .bind("revoked", millis(key.revokedAt()))
                    .execute();
            if (added == 0) {
                throw new TidemarkException(ErrorCode.CONFLICT, "there is such a key already");
            }
            return added;
        });
    }

    @Override
    public List<AccessKey> keys(TenantId tenant) {
        return database.read(handle -> handle.createQuery("SELECT " + KEY_COLUMNS
                        + " FROM access_keys WHERE tenant_id = :tenant ORDER BY created_at, key_id")
                .bind("tenant", tenant.value())
                .map((row, _) -> key(row))
                .list());
    }

    @Override
    public boolean revokeKey(TenantId tenant, String keyId, Instant at) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE access_keys SET revoked_at = COALESCE(revoked_at, :at)
                        WHERE tenant_id = :tenant AND key_id = :id
                        """)
                        .bind("at", at.toEpochMilli())
                        .bind("tenant", tenant.value())
                        .bind("id", keyId)
                        .execute()
                == 1);
    }

    @Override
    public boolean expireKey(TenantId tenant, String keyId, Instant at) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE access_keys SET expires_at = CASE WHEN expires_at < :at THEN expires_at ELSE :at END
                        WHERE tenant_id = :tenant AND key_id = :id
                        """)
                        .bind("at", at.toEpochMilli())
                        .bind("tenant", tenant.value())
                        .bind("id", keyId)
                        .execute()
                == 1);
    }

    @Override
    public void keyUsed(TenantId tenant, String keyId, Instant at) {
        database.write(handle -> handle.createUpdate("""
                        UPDATE access_keys SET last_used_at = :at
                        WHERE tenant_id = :tenant AND key_id = :id AND (last_used_at IS NULL OR last_used_at < :at)
                        """)
                .bind("at", at.toEpochMilli())
                .bind("tenant", tenant.value())
                .bind("id", keyId)
                .execute());
    }

    @Override
    public EventSchema addSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility,
            String json,
            Instant at) {
        return database.write(handle -> {
            requireTenant(handle, tenant);
            int version = handle.createQuery("""
                            SELECT COALESCE(MAX(version), 0) + 1 FROM event_schemas
                            WHERE tenant_id = :tenant AND event_type = :type
                            """)
                    .bind("tenant", tenant.value())
                    .bind("type", eventType)
                    .mapTo(Integer.class)
                    .one();
            handle.createUpdate("""
                            INSERT INTO event_schemas (tenant_id, event_type, version, mode, compatibility, json, created_at)
                            VALUES (:tenant, :type, :version, :mode, :compatibility, :json, :created)
                            """)
                    .bind("tenant", tenant.value())
                    .bind("type", eventType)
                    .bind("version", version)
                    .bind("mode", lower(mode))
                    .bind("compatibility", compatibility == null ? null : compatibility.wireName())
                    .bind("json", json)
                    .bind("created", at.toEpochMilli())
                    .execute();
            return new EventSchema(tenant, eventType, version, mode, compatibility, json);
        });
    }

    @Override
    public List<EventSchema> schemas(TenantId tenant) {
        return database.read(handle -> handle.createQuery("""
                        SELECT event_type, version, mode, compatibility, json FROM event_schemas
                        WHERE tenant_id = :tenant ORDER BY event_type, version
                        """)
                .bind("tenant", tenant.value())
                .map((row, _) -> schema(tenant, row))
                .list());
    }

    @Override
    public Optional<EventSchema> changeSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility) {
        return database.write(handle -> {
            handle.createUpdate("""
                            UPDATE event_schemas SET mode = :mode, compatibility = :compatibility
                            WHERE tenant_id = :tenant AND event_type = :type AND version =
                                (SELECT MAX(version) FROM event_schemas WHERE tenant_id = :tenant AND event_type = :type)
                            """)
                    .bind("mode", lower(mode))
                    .bind("compatibility", compatibility == null ? null : compatibility.wireName())
                    .bind("tenant", tenant.value())
                    .bind("type", eventType)
                    .execute();
            return handle.createQuery("""
                            SELECT event_type, version, mode, compatibility, json FROM event_schemas
                            WHERE tenant_id = :tenant AND event_type = :type ORDER BY version DESC LIMIT 1
                            """)
                    .bind("tenant", tenant.value())
                    .bind("type", eventType)
                    .map((row, _) -> schema(tenant, row))
                    .findOne();
        });
    }

    private static void requireTenant(Handle handle, TenantId tenant) {
        boolean known = handle.createQuery("SELECT 1 FROM tenants WHERE tenant_id = :id")
                .bind("id", tenant.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!known) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }

    private static AccessKey key(ResultSet row) throws SQLException {
        String origins = row.getString("origins");
        return new AccessKey(
                row.getString("key_id"),
                new TenantId(row.getString("tenant_id")),
                AccessKey.Kind.valueOf(upper(row.getString("kind"))),
                row.getString("name"),
                row.getString("key_hash"),
                row.getString("hint"),
                origins.isEmpty() ? List.of() : List.of(origins.split(" ")),
                scopes(row),
                limit(row),
                Instant.ofEpochMilli(row.getLong("created_at")),
                instant(row, "last_used_at"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"));
    }

    private static @Nullable String scopes(AccessKey key) {
        Set<Permission> scopes = key.scopes();
        return scopes == null
                ? null
                : scopes.stream().map(Permission::wireName).sorted().collect(Collectors.joining(" "));
    }

    private static @Nullable Set<Permission> scopes(ResultSet row) throws SQLException {
        String scopes = row.getString("scopes");
        return scopes == null
                ? null
                : Permission.checked(scopes.isEmpty() ? List.of() : List.of(scopes.split(" ")), "scopes");
    }

    private static @Nullable Integer limit(ResultSet row) throws SQLException {
        int limit = row.getInt("events_per_minute");
        return row.wasNull() ? null : limit;
    }

    private static EventSchema.@Nullable Compatibility compatibility(@Nullable String stored) {
        return stored == null ? null : EventSchema.Compatibility.of(stored, "compatibility");
    }

    private static EventSchema schema(TenantId tenant, ResultSet row) throws SQLException {
        return new EventSchema(
                tenant,
                row.getString("event_type"),
                row.getInt("version"),
                EventSchema.Mode.valueOf(upper(row.getString("mode"))),
                compatibility(row.getString("compatibility")),
                row.getString("json"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(String value) {
        return value.toUpperCase(Locale.ROOT);
    }
}
