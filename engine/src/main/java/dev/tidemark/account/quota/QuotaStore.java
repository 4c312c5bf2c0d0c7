package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * Where plans, what tenants have been given, and how much they asked are kept. Every change is durable when its method returns. Blocking;
 * thread-safe. Methods fail with {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
public interface QuotaStore {

    /** By id. */
    List<Plan> plans();

    /** Puts these in the place of all plans. */
    void replacePlans(List<Plan> plans);

    /** Of tenants that have been given something. */
    Map<TenantId, TenantPlan> tenants();

    /** {@code NOT_FOUND} for an unknown tenant. */
    void give(TenantId tenant, TenantPlan plan);

    /** Adds to the number of questions of a day. Those of unknown tenants are passed over. */
    void addQueries(Map<TenantId, Long> queries, LocalDate day);

    /** How many questions a tenant asked, by day, from a day on; days without any are left out. */
    Map<LocalDate, Long> queries(TenantId tenant, LocalDate from);

    /** Forgets the numbers of days before one. */
    void forgetQueries(LocalDate before);
}
