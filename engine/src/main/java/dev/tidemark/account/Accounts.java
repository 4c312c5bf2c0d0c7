package dev.tidemark.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes accounts. A change is durable, and in force for every request of this process, when its method
 * returns. Blocking; thread-safe when the random generator is, which must be a cryptographic one outside tests.
 */
public final class Accounts implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int KEY_CHARACTERS = 40;
    private static final int HINT_CHARACTERS = 8;
    private static final int EMBED_SECRET_BYTES = 32;
    private static final Duration MAX_OVERLAP = Duration.ofDays(30);
    private static final int MAX_EVENT_TYPE_LENGTH = 200;
    private static final int MAX_LIVE_KEYS = 1_000;
    private static final int MAX_EVENT_TYPES = 2_000;

    private final AccountStore store;
    private final SnapshotDirectory directory;
    private final TimeSource clock;
    private final RandomGenerator random;
    private final UuidV7 ids;
    private SettingsListener listener = (_, _, _) -> {};
    private final SchemaCheck schemaCheck = new SchemaCheck();

    public Accounts(AccountStore store, SnapshotDirectory directory, TimeSource clock, RandomGenerator random) {
        this.store = store;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
        this.ids = new UuidV7(clock, random);
    }

    /** Hears of every change of settings, once it is in force. */
    @FunctionalInterface
    public interface SettingsListener {
        void changed(TenantId tenant, TenantSettings before, TenantSettings after);
    }

    /** Names who is to hear of changed settings. Once, before anything changes. */
    public synchronized void onSettings(SettingsListener who) {
        listener = who;
    }

    /** Makes the tenant, with default settings, unless there is one already; tells whether it did. */
    public boolean ensureTenant(TenantId tenant) {
        boolean added = store.addTenant(new Tenant(tenant, TenantSettings.DEFAULTS, embedSecret(), clock.instant()));
        directory.refresh(tenant);
        return added;
    }

    /** All tenants, closed ones too, by id. */
    public List<Tenant> tenants() {
        return directory.tenants();
    }

    /** Makes a tenant with default settings. {@code CONFLICT} when there is one of that id. */
    public Tenant createTenant(TenantId id, String name) {
        Tenant tenant = new Tenant(
                id, User.checkedName(name, "name"), TenantSettings.DEFAULTS, embedSecret(), clock.instant(), null);
        if (!store.addTenant(tenant)) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there is such a tenant already", "tenant_id");
        }
        directory.refresh(id);
        return tenant(id);
    }

    /** The tenant of that id; {@code NOT_FOUND} when there is none. */
    public Tenant tenant(TenantId id) {
        return store.findTenant(id).orElseThrow(Accounts::noTenant);
    }

    /** Renames a tenant. */
    public Tenant renameTenant(TenantId id, String name) {
        return changeTenant(id, User.checkedName(name, "name"), tenant(id).closedAt());
    }

    /** Ends every access to a tenant, at once and everywhere, or lets it in again. What it has stored stays. */
    public Tenant closeTenant(TenantId id, boolean closed) {
        Tenant known = tenant(id);
        if (known.closed() == closed) {
            return known;
        }
        return changeTenant(id, known.name(), closed ? Instant.ofEpochMilli(clock.millis()) : null);
    }

    private Tenant changeTenant(TenantId id, String name, @Nullable Instant closedAt) {
        store.replaceTenant(id, name, closedAt);
        directory.refresh(id);
        return tenant(id);
    }

    /** The tenant's settings. */
    public TenantSettings settings(TenantId tenant) {
        return directory.settings(tenant);
    }

    /** Changes what the JSON object names and leaves the rest; a failure names the field. */
    public synchronized TenantSettings changeSettings(TenantId tenant, JsonNode change) {
        Tenant known = store.findTenant(tenant).orElseThrow(Accounts::noTenant);
        TenantSettings changed = SettingsJson.change(known.settings(), change);
        store.replaceSettings(tenant, changed);
        directory.refresh(tenant);
        listener.changed(tenant, known.settings(), changed);
        return changed;
    }

    /** Makes a new secret for embed tokens, which ends every token that was given out. */
    public void rotateEmbedSecret(TenantId tenant) {
        if (!store.replaceEmbedSecret(tenant, embedSecret())) {
            throw noTenant();
        }
        directory.refresh(tenant);
    }

    /** The tenant's keys, revoked ones too, oldest first. */
    public List<AccessKey> keys(TenantId tenant) {
        noteUses();
        return store.keys(tenant);
    }

    /** Makes a key without further limits. The answer is the only place where the key itself ever appears. */
    public CreatedKey createKey(TenantId tenant, AccessKey.Kind kind, String name, List<String> origins) {
        return createKey(tenant, new KeyWish(kind, name, origins, null, null));
    }

    /** Makes a key. The answer is the only place where the key itself ever appears. */
    public CreatedKey createKey(TenantId tenant, KeyWish wish) {
        wish.check();
        List<String> origins = OriginRule.checked(wish.origins(), "origins");
        return created(tenant, wish, origins);
    }

    /**
     * Makes a key of the same kind, origins, scopes and limit, and ends the old one after the overlap. {@code NOT_FOUND} when the tenant
     * has no such key, {@code CONFLICT} when it has ended.
     */
    public CreatedKey rotateKey(TenantId tenant, String keyId, Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "must be from 0 to " + MAX_OVERLAP.toSeconds() + " seconds",
                    "overlap_seconds");
        }
        AccessKey old = key(tenant, keyId);
        Instant now = clock.instant();
        if (!old.alive(now)) {
            throw new TidemarkException(ErrorCode.CONFLICT, "the key has ended already");
        }
        CreatedKey created = created(
                tenant,
                new KeyWish(old.kind(), old.name(), old.origins(), old.scopes(), old.eventsPerMinute()),
                old.origins());
        store.expireKey(tenant, keyId, Instant.ofEpochMilli(now.toEpochMilli() + overlap.toMillis()));
        directory.refresh(tenant);
        return created;
    }

    /** The key of that id; {@code NOT_FOUND} when the tenant has none. */
    public AccessKey key(TenantId tenant, String keyId) {
        return store.keys(tenant).stream()
                .filter(key -> key.id().equals(keyId))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such key"));
    }

    private CreatedKey created(TenantId tenant, KeyWish wish, List<String> origins) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        if (store.keys(tenant).stream().filter(key -> key.alive(now)).count() >= MAX_LIVE_KEYS) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "there are " + MAX_LIVE_KEYS + " keys already: revoke one first");
        }
        String plain = wish.kind().prefix() + randomText();
        AccessKey key = new AccessKey(
                ids.next().toString(),
                tenant,
                wish.kind(),
                wish.name(),
                KeyHash.of(plain),
                plain.substring(0, HINT_CHARACTERS),
                origins,
                wish.scopes(),
                wish.eventsPerMinute(),
                now,
                null,
                null,
                null);
        store.addKey(key);
        directory.refresh(tenant);
        return new CreatedKey(key, new Secret(plain));
    }

    /** Ends a key for good, at once. {@code NOT_FOUND} when the tenant has no such key. */
    public void revokeKey(TenantId tenant, String keyId) {
        if (!store.revokeKey(tenant, keyId, clock.instant())) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such key");
        }
        directory.refresh(tenant);
    }

    /**
     * Adds a version of the schema of an event type, in force from now on. Where versions must be compatible, one that might refuse events
     * that the version in force accepts fails with {@code CONFLICT} and says why.
     *
     * @param compatibility what this version and those after it must be like; null for what holds already. It cannot loosen what holds
     */
    public synchronized EventSchema addSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility,
            JsonNode schema) {
        if (eventType.isBlank() || eventType.length() > MAX_EVENT_TYPE_LENGTH) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "event_type must have 1 to " + MAX_EVENT_TYPE_LENGTH + " characters",
                    "event_type");
        }
        String text = schemaCheck.checked(schema);
        EventSchema.Compatibility chosen = requireCompatible(tenant, eventType, compatibility, schema);
        List<EventSchema> known = schemas(tenant);
        if (known.size() >= MAX_EVENT_TYPES
                && known.stream().noneMatch(each -> each.eventType().equals(eventType))) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "there are schemas for " + MAX_EVENT_TYPES + " event types already");
        }
        EventSchema added = store.addSchema(tenant, eventType, mode, chosen, text, clock.instant());
        directory.refresh(tenant);
        return added;
    }

    /** What is stored with the version. */
    private EventSchema.@Nullable Compatibility requireCompatible(
            TenantId tenant, String eventType, EventSchema.@Nullable Compatibility wished, JsonNode schema) {
        Optional<EventSchema> known = directory.schema(tenant, eventType);
        if (known.isEmpty()) {
            return wished;
        }
        boolean mustBe = compatibility(known.get()) == EventSchema.Compatibility.BACKWARD;
        if (mustBe && wished == EventSchema.Compatibility.NONE) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT,
                    "versions of this schema must be compatible: change that first, with PATCH",
                    "compatibility");
        }
        List<String> problems = mustBe || wished == EventSchema.Compatibility.BACKWARD
                ? incompatibilities(tenant, eventType, schema)
                : List.of();
        if (!problems.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT,
                    "not compatible with the version in force: " + String.join("; ", problems),
                    "schema");
        }
        return wished == null ? known.get().compatibility() : wished;
    }

    /** What the version after this one must be like. */
    public EventSchema.Compatibility compatibility(EventSchema schema) {
        EventSchema.Compatibility own = schema.compatibility();
        return own == null ? settings(schema.tenant()).governance().schemaCompatibility() : own;
    }

    /** In what a schema is stricter than the version in force; empty for none, and where there is no version. */
    public List<String> incompatibilities(TenantId tenant, String eventType, JsonNode schema) {
        String checked = schemaCheck.checked(schema);
        return directory
                .schema(tenant, eventType)
                .map(known -> SchemaCompatibility.problems(tree(known.json()), tree(checked)))
                .orElse(List.of());
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored schema is not JSON", e);
        }
    }

    /** The schema in force of every event type that has one. */
    public List<EventSchema> schemas(TenantId tenant) {
        List<EventSchema> versions = store.schemas(tenant);
        return IntStream.range(0, versions.size())
                .filter(index -> index + 1 == versions.size()
                        || !versions.get(index + 1)
                                .eventType()
                                .equals(versions.get(index).eventType()))
                .mapToObj(versions::get)
                .toList();
    }

    /** All versions of one event type's schema, oldest first; empty when it has none. */
    public List<EventSchema> schemaVersions(TenantId tenant, String eventType) {
        return store.schemas(tenant).stream()
                .filter(schema -> schema.eventType().equals(eventType))
                .toList();
    }

    /**
     * Changes what a violation of the schema in force leads to, and what the next version must be like. {@code NOT_FOUND} when the event type
     * has none.
     *
     * @param compatibility null for what the tenant has chosen for all of its schemas
     */
    public synchronized EventSchema changeSchema(
            TenantId tenant,
            String eventType,
            EventSchema.Mode mode,
            EventSchema.@Nullable Compatibility compatibility) {
        Optional<EventSchema> changed = store.changeSchema(tenant, eventType, mode, compatibility);
        directory.refresh(tenant);
        return changed.orElseThrow(
                () -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no schema for this event type"));
    }

    /** Writes down when keys were used. */
    @Override
    public void close() {
        noteUses();
    }

    private void noteUses() {
        for (SnapshotDirectory.KeyUse use : directory.takeUses()) {
            store.keyUsed(use.tenant(), use.keyId(), use.at());
        }
    }

    private Secret embedSecret() {
        byte[] bytes = new byte[EMBED_SECRET_BYTES];
        random.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private String randomText() {
        StringBuilder text = new StringBuilder(KEY_CHARACTERS);
        for (int index = 0; index < KEY_CHARACTERS; index++) {
            text.append(BASE62.charAt(random.nextInt(BASE62.length())));
        }
        return text.toString();
    }

    private static TidemarkException noTenant() {
        return new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
    }

    /** A mode as it is written, in lower case; a failure names the field. */
    public static EventSchema.Mode mode(String text) {
        for (EventSchema.Mode mode : EventSchema.Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "mode must be off, warn or enforce", "mode");
    }

    /** A new key with its plain form, which is shown once. */
    public record CreatedKey(AccessKey key, Secret plain) {}
}
