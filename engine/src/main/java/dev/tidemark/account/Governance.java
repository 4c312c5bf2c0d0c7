package dev.tidemark.account;

import java.util.Map;

/**
 * What a tenant chooses of what is kept, and of whom.
 *
 * @param retentionDaysByType how long events of a type are kept, where not as long as the others
 * @param alerts what somebody is told of
 */
public record Governance(Map<String, Integer> retentionDaysByType, ConsentRule consent, AlertSettings alerts) {
    public static final Governance DEFAULTS = new Governance(Map.of(), ConsentRule.DEFAULT, AlertSettings.NONE);

    public Governance {
        retentionDaysByType = Map.copyOf(retentionDaysByType);
    }
}
