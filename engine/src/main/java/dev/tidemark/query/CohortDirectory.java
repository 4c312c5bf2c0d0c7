package dev.tidemark.query;

import dev.tidemark.base.TenantId;

/** Where questions find the cohorts that they name. Thread-safe. */
@FunctionalInterface
public interface CohortDirectory {
    /** One in which nobody has a cohort. */
    CohortDirectory EMPTY = _ -> KnownCohorts.NONE;

    KnownCohorts of(TenantId tenant);
}
