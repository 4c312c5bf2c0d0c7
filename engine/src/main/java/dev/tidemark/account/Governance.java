package dev.tidemark.account;

import java.util.Map;

/**
 * What a tenant chooses of what is kept, and of whom.
 *
 * @param retentionDaysByType how long events of a type are kept, where not as long as the others
 * @param alerts what somebody is told of
 * @param schemaCompatibility what the next version of a schema must be like, where the schema itself does not say
 */
public record Governance(
        Map<String, Integer> retentionDaysByType,
        ConsentRule consent,
        AlertSettings alerts,
        EventSchema.Compatibility schemaCompatibility) {
    public static final Governance DEFAULTS =
            new Governance(Map.of(), ConsentRule.DEFAULT, AlertSettings.NONE, EventSchema.Compatibility.NONE);

    public Governance {
        retentionDaysByType = Map.copyOf(retentionDaysByType);
    }
}
