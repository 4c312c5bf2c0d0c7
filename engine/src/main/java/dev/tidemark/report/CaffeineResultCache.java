package dev.tidemark.report;

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
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of bytes in memory, of which one tenant holds at most a quarter: past that its own oldest results make
 * room. Results older than a day are dropped.
 */
public final class CaffeineResultCache implements ResultCache {
    private static final int SHARE_OF_ONE_TENANT = 4;
    private static final int BYTES_BESIDE_JSON = 256;
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    private final Cache<Key, CachedResult> results;
    private final Map<TenantId, Share> shares = new ConcurrentHashMap<>();
    private final long maxBytesOfTenant;

    public CaffeineResultCache(ByteSize maxSize, TimeSource clock) {
        this.maxBytesOfTenant = Math.max(1, maxSize.bytes() / SHARE_OF_ONE_TENANT);
        this.results = Caffeine.newBuilder()
                .maximumWeight(maxSize.bytes())
                .weigher((Key key, CachedResult result) -> weight(key, result))
                .expireAfterWrite(LONGEST_LIFE)
                .ticker(clock::nanos)
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    @Override
    public Optional<CachedResult> find(TenantId tenant, String key) {
        return Optional.ofNullable(results.getIfPresent(new Key(tenant, key)));
    }

    @Override
    public void put(TenantId tenant, String key, CachedResult result) {
        Key place = new Key(tenant, key);
        int weight = weight(place, result);
        if (weight > maxBytesOfTenant) {
            results.invalidate(place);
            return;
        }
        List<Key> pushedOut =
                shares.computeIfAbsent(tenant, _ -> new Share()).add(place, result, weight, maxBytesOfTenant);
        results.put(place, result);
        results.invalidateAll(pushedOut);
    }

    @Override
    public void forget(TenantId tenant) {
        results.invalidateAll(results.asMap().keySet().stream()
                .filter(key -> key.tenant.equals(tenant))
                .toList());
    }

    private void removed(@Nullable Key key, @Nullable CachedResult result, RemovalCause cause) {
        if (key == null || result == null || cause == RemovalCause.REPLACED) {
            return;
        }
        Share share = shares.get(key.tenant);
        if (share != null) {
            share.remove(key, result);
        }
    }

    private static int weight(Key key, CachedResult result) {
        return result.json().length + key.question.length() + BYTES_BESIDE_JSON;
    }

    private record Key(TenantId tenant, String question) {}

    private record Held(CachedResult result, int weight) {}

    /** What one tenant holds, oldest first. */
    private static final class Share {
        private final LinkedHashMap<Key, Held> held = new LinkedHashMap<>();
        private long bytes;

        synchronized List<Key> add(Key key, CachedResult result, int weight, long maxBytes) {
            Held old = held.remove(key);
            bytes += weight - (old == null ? 0 : old.weight);
            List<Key> pushedOut = new ArrayList<>();
            Iterator<Map.Entry<Key, Held>> oldest = held.entrySet().iterator();
            while (bytes > maxBytes && oldest.hasNext()) {
                Map.Entry<Key, Held> entry = oldest.next();
                bytes -= entry.getValue().weight;
                pushedOut.add(entry.getKey());
                oldest.remove();
            }
            held.put(key, new Held(result, weight));
            return pushedOut;
        }

        @SuppressWarnings("ReferenceEquality")
        synchronized void remove(Key key, CachedResult result) {
            Held known = held.get(key);
            if (known != null && known.result == result) {
                held.remove(key);
                bytes -= known.weight;
            }
        }
    }
}
