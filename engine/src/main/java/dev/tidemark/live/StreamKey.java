package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import dev.tidemark.report.Overrides;
import dev.tidemark.report.Reach;
import dev.tidemark.report.ReportId;

/** What readers must have in common to share one stream. */
record StreamKey(TenantId tenant, ReportId report, Overrides overrides, Reach reach) {}
