package dev.tidemark.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.report.Overrides;
import dev.tidemark.report.ReportId;
import org.jspecify.annotations.Nullable;

/** What readers must have in common to share one stream. The locked filter is not to be modified. */
record StreamKey(
        TenantId tenant,
        ReportId report,
        Overrides overrides,
        @Nullable JsonNode lockedFilter) {}
