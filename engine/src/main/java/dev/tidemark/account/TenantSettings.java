package dev.tidemark.account;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant can choose.
 *
 * @param zone in which buckets are cut where a report names none
 * @param retentionDays how long events are kept, by event time; null for ever
 * @param masking rules applied to every event before anything is written, in order
 */
public record TenantSettings(
        ZoneId zone, DayOfWeek weekStart, @Nullable Integer retentionDays, List<MaskingRule> masking) {
    public static final TenantSettings DEFAULTS = new TenantSettings(ZoneOffset.UTC, DayOfWeek.MONDAY, null, List.of());

    public TenantSettings {
        masking = List.copyOf(masking);
    }
}
