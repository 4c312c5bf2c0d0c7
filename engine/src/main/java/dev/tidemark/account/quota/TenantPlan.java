package dev.tidemark.account.quota;

/**
 * What a tenant has been given.
 *
 * @param overrides what holds for it in the stead of what the plan says
 */
public record TenantPlan(String plan, Limits overrides) {
    static final TenantPlan DEFAULT = new TenantPlan(Plan.DEFAULT, Limits.NONE);
}
