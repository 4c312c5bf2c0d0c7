package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts, held in memory and brought up to date tenant by tenant when something changes. Look-ups neither block nor
 * lock; a key is looked up by its hash, so that the time taken says nothing about the keys that exist. Thread-safe.
 */
public final class SnapshotDirectory implements TenantDirectory {
    private static final int MAX_KEY_LENGTH = 128;
    private static final long USE_RESOLUTION_MILLIS = 3_600_000;
    static final String KEY_LIMIT = "key_events_per_minute";

    private final AccountStore store;
    private final TimeSource clock;
    private final RateLimiter limiter;
    private final Map<String, Holder> keysByHash = new ConcurrentHashMap<>();
    private final Map<RateLimiter.Owner.OfKey, RateLimiter.Rate> limits = new ConcurrentHashMap<>();
    private final Map<TenantId, Known> tenants = new ConcurrentHashMap<>();

    /** Reads all accounts; limits of keys are kept in memory. */
    public SnapshotDirectory(AccountStore store, TimeSource clock) {
        this(store, clock, new LocalRateLimiter(clock));
    }

    /** Reads all accounts. */
    public SnapshotDirectory(AccountStore store, TimeSource clock, RateLimiter limiter) {
        this.store = store;
        this.clock = clock;
        this.limiter = limiter;
        store.tenants().forEach(this::refresh);
    }

    @Override
    public Optional<Credential> authenticate(String presentedKey) {
        if (presentedKey.length() > MAX_KEY_LENGTH) {
            return Optional.empty();
        }
        Holder holder = keysByHash.get(KeyHash.of(presentedKey));
        if (holder == null) {
            return Optional.empty();
        }
        long now = clock.millis();
        if (now >= holder.expiresAtMillis) {
            return Optional.empty();
        }
        holder.used(now);
        return Optional.of(holder.credential);
    }

    @Override
    public RateLimiter.Taken take(Credential.WriteKey key, int events) {
        RateLimiter.Owner.OfKey owner = owner(key);
        RateLimiter.Rate rate = limits.get(owner);
        return rate == null
                ? RateLimiter.Taken.FREELY
                : limiter.take(new RateLimiter.Name(KEY_LIMIT, owner), rate, events);
    }

    @Override
    public long perMinute(Credential.WriteKey key) {
        RateLimiter.Rate rate = limits.get(owner(key));
        return rate == null ? Long.MAX_VALUE : rate.capacity();
    }

    @Override
    public boolean open(TenantId tenant) {
        Known known = tenants.get(tenant);
        return known != null && !known.tenant.closed();
    }

    @Override
    public TenantSettings settings(TenantId tenant) {
        Known known = tenants.get(tenant);
        return known == null ? TenantSettings.DEFAULTS : known.tenant.settings();
    }

    @Override
    public Optional<EventSchema> schema(TenantId tenant, String eventType) {
        Known known = tenants.get(tenant);
        return known == null ? Optional.empty() : Optional.ofNullable(known.schemas.get(eventType));
    }

    /** What signs the tenant's embed tokens; empty for an unknown or closed tenant. */
    Optional<Secret> embedSecret(TenantId tenant) {
        Known known = tenants.get(tenant);
        return known == null || known.tenant.closed() ? Optional.empty() : Optional.of(known.tenant.embedSecret());
    }

    /** All tenants, closed ones too, by id. */
    List<Tenant> tenants() {
        return tenants.values().stream()
                .map(Known::tenant)
                .sorted(Comparator.comparing(tenant -> tenant.id().value()))
                .toList();
    }

    /** Takes over what the store says of a tenant. Blocks. Look-ups after this see it. */
    synchronized void refresh(TenantId id) {
        Optional<Tenant> tenant = store.findTenant(id);
        if (tenant.isEmpty()) {
            return;
        }
        Map<String, EventSchema> inForce = new HashMap<>();
        store.schemas(id).forEach(schema -> inForce.put(schema.eventType(), schema));
        tenants.put(id, new Known(tenant.get(), Map.copyOf(inForce)));
        Instant now = clock.instant();
        for (AccessKey key : store.keys(id)) {
            RateLimiter.Owner.OfKey owner = new RateLimiter.Owner.OfKey(id, key.id());
            if (tenant.get().closed() || !key.alive(now)) {
                keysByHash.remove(key.hash());
                limits.remove(owner);
            } else {
                keysByHash.compute(key.hash(), (_, held) -> Holder.of(key, held));
                limits.compute(owner, (_, _) -> rate(key));
            }
        }
    }

    /** The keys that were used since this was last asked, with the hour. */
    List<KeyUse> takeUses() {
        return keysByHash.values().stream()
                .map(Holder::takeUse)
                .flatMap(Optional::stream)
                .toList();
    }

    /** When a key was used, to the hour. */
    record KeyUse(TenantId tenant, String keyId, Instant at) {}

    private record Known(Tenant tenant, Map<String, EventSchema> schemas) {}

    private static RateLimiter.Owner.OfKey owner(Credential.WriteKey key) {
        return new RateLimiter.Owner.OfKey(key.tenant(), key.keyId());
    }

    private static RateLimiter.@Nullable Rate rate(AccessKey key) {
        Integer perMinute = key.eventsPerMinute();
        return perMinute == null ? null : RateLimiter.Rate.of(perMinute, Duration.ofMinutes(1));
    }

    private static final class Holder {
        private final String keyId;
        private final Credential credential;
        private final long expiresAtMillis;
        private volatile @Nullable Long untoldUse;
        private volatile long lastUse = Long.MIN_VALUE;

        private Holder(String keyId, Credential credential, long expiresAtMillis) {
            this.keyId = keyId;
            this.credential = credential;
            this.expiresAtMillis = expiresAtMillis;
        }

        static Holder of(AccessKey key, @Nullable Holder held) {
            Instant expiresAt = key.expiresAt();
            long expiresAtMillis = expiresAt == null ? Long.MAX_VALUE : expiresAt.toEpochMilli();
            return held != null && held.expiresAtMillis == expiresAtMillis
                    ? held
                    : new Holder(key.id(), key.credential(), expiresAtMillis);
        }

        void used(long nowMillis) {
            long hour = nowMillis - Math.floorMod(nowMillis, USE_RESOLUTION_MILLIS);
            if (lastUse != hour) {
                lastUse = hour;
                untoldUse = hour;
            }
        }

        Optional<KeyUse> takeUse() {
            Long use = untoldUse;
            untoldUse = null;
            return Optional.ofNullable(use)
                    .map(millis -> new KeyUse(credential.tenant(), keyId, Instant.ofEpochMilli(millis)));
        }
    }
}
