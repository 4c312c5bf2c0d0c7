package dev.tidemark.account.quota;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Plans in memory, of tenants that are known from the start. Thread-safe. */
final class MemoryQuotaStore implements QuotaStore {
    private final Set<TenantId> known;
    private List<Plan> plans = List.of();
    private final Map<TenantId, TenantPlan> given = new HashMap<>();
    private final Map<TenantId, TreeMap<LocalDate, Long>> queries = new HashMap<>();
    private boolean broken;

    MemoryQuotaStore(TenantId... known) {
        this.known = Set.of(known);
    }

    /** From now on, or no longer, every change fails. */
    synchronized void breakDown(boolean now) {
        broken = now;
    }

    @Override
    public synchronized List<Plan> plans() {
        return plans;
    }

    @Override
    public synchronized void replacePlans(List<Plan> all) {
        requireWhole();
        List<Plan> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Plan::id));
        plans = List.copyOf(sorted);
    }

    @Override
    public synchronized Map<TenantId, TenantPlan> tenants() {
        return Map.copyOf(given);
    }

    @Override
    public synchronized void give(TenantId tenant, TenantPlan plan) {
        requireWhole();
        if (!known.contains(tenant)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
        given.put(tenant, plan);
    }

    @Override
    public synchronized void addQueries(Map<TenantId, Long> more, LocalDate day) {
        requireWhole();
        more.forEach((tenant, count) -> {
            if (known.contains(tenant)) {
                queries.computeIfAbsent(tenant, _ -> new TreeMap<>()).merge(day, count, Long::sum);
            }
        });
    }

    @Override
    public synchronized Map<LocalDate, Long> queries(TenantId tenant, LocalDate from) {
        return new TreeMap<>(queries.getOrDefault(tenant, new TreeMap<>()).tailMap(from));
    }

    @Override
    public synchronized void forgetQueries(LocalDate before) {
        requireWhole();
        queries.values().forEach(days -> days.headMap(before).clear());
    }

    private void requireWhole() {
        if (broken) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "broken by the test");
        }
    }
}
