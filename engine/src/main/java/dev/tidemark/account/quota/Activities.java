package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What all tenants do now, and how often each limit was met. Thread-safe. */
final class Activities {
    private final Map<TenantId, TenantActivity> byTenant = new ConcurrentHashMap<>();
    private final Map<Limit, LongAdder> refusals = new EnumMap<>(Limit.class);

    Activities() {
        for (Limit limit : Limit.values()) {
            refusals.put(limit, new LongAdder());
        }
    }

    TenantActivity of(TenantId tenant) {
        TenantActivity known = byTenant.get(tenant);
        return known == null ? byTenant.computeIfAbsent(tenant, _ -> new TenantActivity()) : known;
    }

    Map<TenantId, TenantActivity> all() {
        return byTenant;
    }

    /** Notes that something was refused because of a limit. */
    void refused(Limit limit) {
        LongAdder count = refusals.get(limit);
        if (count != null) {
            count.increment();
        }
    }

    /** How often something was refused because of a limit. */
    long refusals(Limit limit) {
        LongAdder count = refusals.get(limit);
        return count == null ? 0 : count.sum();
    }
}
