package dev.tidemark.report;

import dev.tidemark.base.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Where reports are kept. Every change is durable when its method returns. Blocking; thread-safe. Methods fail with {@code
 * STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
public interface ReportStore {

    /** Fails with {@code CONFLICT} when the tenant has a report of that id. */
    void add(Report report);

    Optional<Report> find(TenantId tenant, ReportId id);

    /** The tenant's reports, oldest first. */
    List<Report> list(TenantId tenant);

    /** Replaces the report, if what is stored is the version before it; tells whether it did. */
    boolean replace(Report report);

    /** Tells whether there was such a report. */
    boolean remove(TenantId tenant, ReportId id);
}
