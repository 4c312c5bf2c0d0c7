package dev.tidemark.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of bytes in memory by tenant and text, of which one tenant holds at most a quarter: past that its own oldest
 * values make room. Values older than a day are dropped. Thread-safe.
 */
public final class TenantCache<V> {
    private static final int SHARE_OF_ONE_TENANT = 4;
    private static final int BYTES_BESIDE_VALUE = 256;
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    private final Cache<Key, V> values;
    private final Map<TenantId, Share<V>> shares = new ConcurrentHashMap<>();
    private final ToIntFunction<V> bytes;
    private final long maxBytesOfTenant;

    /**
     * An empty one.
     *
     * @param bytes how large a value is, always the same for the same value
     */
    public TenantCache(ByteSize maxSize, ToIntFunction<V> bytes, TimeSource clock) {
        this.bytes = bytes;
        this.maxBytesOfTenant = Math.max(1, maxSize.bytes() / SHARE_OF_ONE_TENANT);
        this.values = Caffeine.newBuilder()
                .maximumWeight(maxSize.bytes())
                .weigher((Key key, V value) -> weight(key, value))
                .expireAfterWrite(LONGEST_LIFE)
                .ticker(clock::nanos)
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    public Optional<V> find(TenantId tenant, String key) {
        return Optional.ofNullable(values.getIfPresent(new Key(tenant, key)));
    }

    /** Remembers a value instead of the one that is there. */
    public void put(TenantId tenant, String key, V value) {
        Key place = new Key(tenant, key);
        int weight = weight(place, value);
        if (weight > maxBytesOfTenant) {
            values.invalidate(place);
            return;
        }
        List<Key> pushedOut =
                shares.computeIfAbsent(tenant, _ -> new Share<>()).add(place, value, weight, maxBytesOfTenant);
        values.put(place, value);
        values.invalidateAll(pushedOut);
    }

    /** Forgets everything of a tenant. */
    public void forget(TenantId tenant) {
        values.invalidateAll(values.asMap().keySet().stream()
                .filter(key -> key.tenant.equals(tenant))
                .toList());
    }

    private void removed(@Nullable Key key, @Nullable V value, RemovalCause cause) {
        if (key == null || value == null || cause == RemovalCause.REPLACED) {
            return;
        }
        Share<V> share = shares.get(key.tenant);
        if (share != null) {
            share.remove(key, value);
        }
    }

    private int weight(Key key, V value) {
        return bytes.applyAsInt(value) + key.text.length() + BYTES_BESIDE_VALUE;
    }

    private record Key(TenantId tenant, String text) {}

    private record Held<V>(V value, int weight) {}

    /** What one tenant holds, oldest first. */
    private static final class Share<V> {
        private final LinkedHashMap<Key, Held<V>> held = new LinkedHashMap<>();
        private long bytes;

        synchronized List<Key> add(Key key, V value, int weight, long maxBytes) {
            Held<V> old = held.remove(key);
            bytes += weight - (old == null ? 0 : old.weight);
            List<Key> pushedOut = new ArrayList<>();
            Iterator<Map.Entry<Key, Held<V>>> oldest = held.entrySet().iterator();
            while (bytes > maxBytes && oldest.hasNext()) {
                Map.Entry<Key, Held<V>> entry = oldest.next();
                bytes -= entry.getValue().weight;
                pushedOut.add(entry.getKey());
                oldest.remove();
            }
            held.put(key, new Held<>(value, weight));
            return pushedOut;
        }

        @SuppressWarnings("ReferenceEquality")
        synchronized void remove(Key key, V value) {
            Held<V> known = held.get(key);
            if (known != null && known.value == value) {
                held.remove(key);
                bytes -= known.weight;
            }
        }
    }
}
