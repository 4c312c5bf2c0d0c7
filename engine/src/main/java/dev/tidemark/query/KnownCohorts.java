package dev.tidemark.query;

import java.util.Optional;

/** The cohorts of one tenant, by id. Thread-safe. */
public interface KnownCohorts {
    /** No cohorts at all. */
    KnownCohorts NONE = _ -> Optional.empty();

    /** The cohort as it is saved now; empty where the tenant has none of that id, whatever other tenants have. */
    Optional<SavedCohort> find(String id);

    /** A number that is another one after every change of one of them. */
    default long revision() {
        return 0;
    }
}
