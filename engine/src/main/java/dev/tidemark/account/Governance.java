package dev.tidemark.account;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant chooses of what is kept, and of whom.
 *
 * @param retentionDaysByType how long events of a type are kept, where not as long as the others
 * @param deadLetterAlertPerHour from how many dead letters of one hour on somebody is told; null for never
 */
public record Governance(
        Map<String, Integer> retentionDaysByType,
        ConsentRule consent,
        @Nullable Integer deadLetterAlertPerHour) {
    public static final Governance DEFAULTS = new Governance(Map.of(), ConsentRule.DEFAULT, null);

    public Governance {
        retentionDaysByType = Map.copyOf(retentionDaysByType);
    }
}
