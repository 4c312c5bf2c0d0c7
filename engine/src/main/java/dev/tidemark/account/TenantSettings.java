package dev.tidemark.account;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant can choose.
 *
 * @param zone in which buckets are cut where a report names none
 * @param retentionDays how long events are kept, by event time; null for ever
 * @param masking rules applied to every event before anything is written, in order
 * @param governance what is kept further, and of whom
 */
public record TenantSettings(
        ZoneId zone,
        DayOfWeek weekStart,
        @Nullable Integer retentionDays,
        List<MaskingRule> masking,
        Governance governance) {
    public static final TenantSettings DEFAULTS = new TenantSettings(ZoneOffset.UTC, DayOfWeek.MONDAY, null, List.of());

    public TenantSettings {
        masking = List.copyOf(masking);
    }

    /** With nothing chosen of what is kept further. */
    public TenantSettings(
            ZoneId zone, DayOfWeek weekStart, @Nullable Integer retentionDays, List<MaskingRule> masking) {
        this(zone, weekStart, retentionDays, masking, Governance.DEFAULTS);
    }

    /** How long events of a type are kept; null for ever. */
    public @Nullable Integer retentionDays(String eventType) {
        Map<String, Integer> byType = governance.retentionDaysByType();
        return byType.isEmpty() ? retentionDays : byType.getOrDefault(eventType, retentionDays);
    }
}
