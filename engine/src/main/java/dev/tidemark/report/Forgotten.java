package dev.tidemark.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Since when older answers are not to be believed, by tenant and by report: what a manual invalidation leaves behind, so that
 * an answer under way at that moment does not outlive it. Marks outlive the answers that they concern. Thread-safe.
 */
final class Forgotten {
    private static final int MAX_MARKS = 100_000;
    private static final Duration LIFE = Duration.ofHours(25);

    private final TimeSource clock;
    private final Cache<TenantId, Instant> tenants;
    private final Cache<Place, Instant> reports;

    Forgotten(TimeSource clock) {
        this.clock = clock;
        this.tenants = Caffeine.newBuilder()
                .maximumSize(MAX_MARKS)
                .expireAfterWrite(LIFE)
                .ticker(clock::nanos)
                .build();
        this.reports = Caffeine.newBuilder()
                .maximumSize(MAX_MARKS)
                .expireAfterWrite(LIFE)
                .ticker(clock::nanos)
                .build();
    }

    void mark(TenantId tenant) {
        tenants.put(tenant, clock.instant());
    }

    void mark(TenantId tenant, ReportId report) {
        reports.put(new Place(tenant, report), clock.instant());
    }

    /** An answer counts when its question was put after this moment. */
    Instant since(TenantId tenant, ReportId report) {
        Instant ofTenant = tenants.getIfPresent(tenant);
        Instant ofReport = reports.getIfPresent(new Place(tenant, report));
        if (ofTenant == null || (ofReport != null && ofReport.isAfter(ofTenant))) {
            return ofReport == null ? Instant.MIN : ofReport;
        }
        return ofTenant;
    }

    private record Place(TenantId tenant, ReportId report) {}
}
