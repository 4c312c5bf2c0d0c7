package dev.tidemark.report;

import dev.tidemark.base.TenantId;
import java.time.DayOfWeek;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the answers of a report depend on for a reader, except the time and the events.
 *
 * @param version of the report
 * @param controls what the reader may choose
 */
public record ReportReading(
        TenantId tenant,
        ReportId report,
        long version,
        Overrides overrides,
        Reach reach,
        Controls controls,
        ZoneId zone,
        DayOfWeek weekStart,
        long cohortRevision) {

    /** How long a chosen period can be, in days; null for as long as any. */
    @Nullable
    Integer maxDays() {
        return reach.limit() == Reach.Limit.EVERYTHING ? controls.maxDays() : null;
    }
}
