package dev.tidemark.cohort;

import dev.tidemark.base.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Where definitions of cohorts are kept, and which lists of the event store no cohort has any more. A list is marked as abandoned
 * before it is filled, and taken off by the change that makes it a cohort's; so whatever a crash leaves behind is marked. Every
 * change is durable when its method returns. Blocking; thread-safe. Methods fail with {@code STORAGE_FAILED} or {@code DISK_FULL},
 * having changed nothing.
 */
public interface CohortStore {

    /** Fails with {@code CONFLICT} when the tenant has a cohort of that id. A list of it is abandoned no more. */
    void add(DefinedCohort cohort);

    Optional<DefinedCohort> find(TenantId tenant, CohortId id);

    /** The tenant's cohorts, oldest first. */
    List<DefinedCohort> list(TenantId tenant);

    /**
     * Replaces the cohort, if what is stored is the version before it; tells whether it did. A list of it is abandoned no more; one
     * that only the version before had is.
     */
    boolean replace(DefinedCohort cohort);

    /** Tells whether there was such a cohort. Its list is abandoned. */
    boolean remove(TenantId tenant, CohortId id);

    void abandon(AbandonedList list);

    /** Forgets that a list was abandoned: there is nothing left of it. */
    void removed(AbandonedList list);

    /** All of all tenants. */
    List<AbandonedList> abandoned();

    /** A list that is in no cohort, or not yet. */
    record AbandonedList(TenantId tenant, MemberList list) {}
}
