package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import java.time.DayOfWeek;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the answers of a report depend on for a reader, except the time and the events.
 *
 * @param version of the report
 * @param lockedFilter not to be modified
 */
public record ReportReading(
        TenantId tenant,
        ReportId report,
        long version,
        Overrides overrides,
        @Nullable JsonNode lockedFilter,
        ZoneId zone,
        DayOfWeek weekStart,
        long cohortRevision) {}
