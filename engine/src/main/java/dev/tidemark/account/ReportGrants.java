package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.util.List;

/** Who may see or edit restricted reports. Never blocks. */
@FunctionalInterface
public interface ReportGrants {
    /** No report is restricted. */
    ReportGrants NONE = (_, _) -> List.of();

    /** The grants of a report; none for one that is not restricted. */
    List<ReportGrant> grants(TenantId tenant, String reportId);
}
