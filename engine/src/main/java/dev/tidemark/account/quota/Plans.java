package dev.tidemark.account.quota;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plans and who has which, held in memory. A change is durable, and in force for every request of this process, when its method
 * returns. Look-ups neither block nor lock; changes block. Thread-safe.
 */
public final class Plans {
    private final QuotaStore store;
    private final Map<TenantId, TenantPlan> given = new ConcurrentHashMap<>();
    private final Map<TenantId, Limits> effective = new ConcurrentHashMap<>();
    private volatile Map<String, Plan> plans = Map.of();
    private volatile Limits ofDefault = Limits.NONE;

    /** Reads all plans. */
    public Plans(QuotaStore store) {
        this.store = store;
        given.putAll(store.tenants());
        took(store.plans());
    }

    /** What holds for a tenant. */
    public Limits of(TenantId tenant) {
        Limits limits = effective.get(tenant);
        return limits == null ? ofDefault : limits;
    }

    /** What a tenant has been given. */
    public TenantPlan given(TenantId tenant) {
        return given.getOrDefault(tenant, TenantPlan.DEFAULT);
    }

    /** All plans, by id. */
    List<Plan> all() {
        return plans.values().stream()
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    /** How many tenants have been given a plan by name. */
    Map<String, Long> holders() {
        return given.values().stream().collect(Collectors.groupingBy(TenantPlan::plan, Collectors.counting()));
    }

    /**
     * Puts these in the place of all plans. {@code CONFLICT} when one that is left out has been given to a tenant.
     */
    synchronized void replace(List<Plan> all) {
        Map<String, Long> holders = holders();
        for (Map.Entry<String, Long> held : holders.entrySet()) {
            boolean stays = held.getKey().equals(Plan.DEFAULT)
                    || all.stream().anyMatch(plan -> plan.id().equals(held.getKey()));
            if (!stays) {
                throw new TidemarkException(
                        ErrorCode.CONFLICT,
                        held.getValue() + " tenants have the plan '" + held.getKey() + "': give them another first",
                        "plans");
            }
        }
        store.replacePlans(all);
        took(all);
    }

    /** Gives a tenant a plan and limits of its own. {@code NOT_FOUND} for an unknown tenant. */
    synchronized void give(TenantId tenant, TenantPlan plan) {
        if (find(plan.plan()) == null) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "there is no such plan", "plan");
        }
        store.give(tenant, plan);
        given.put(tenant, plan);
        effective.put(tenant, effective(plan));
    }

    private @Nullable Plan find(String id) {
        return plans.get(id);
    }

    private void took(List<Plan> all) {
        Map<String, Plan> byId = all.stream().collect(Collectors.toMap(Plan::id, plan -> plan));
        byId.putIfAbsent(Plan.DEFAULT, new Plan(Plan.DEFAULT, Limits.NONE));
        plans = Map.copyOf(byId);
        ofDefault = effective(TenantPlan.DEFAULT);
        given.forEach((tenant, plan) -> effective.put(tenant, effective(plan)));
    }

    private Limits effective(TenantPlan plan) {
        Plan found = find(plan.plan());
        return plan.overrides().over(found == null ? Limits.NONE : found.limits());
    }
}
