package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What one may do within a tenant. Roles and the scopes of secret keys are sets of these. */
public enum Permission {
    /** Send events and deposit what an importer could not make an event of. */
    EVENTS_SEND,
    /** See single events as they were stored. */
    EVENTS_READ,
    /** Ask any question, see the people behind a number. */
    DATA_QUERY,
    /** See which event types, properties and values there are. */
    CATALOG_READ,
    REPORTS_VIEW,
    REPORTS_EDIT,
    /** Give out tokens, code and links that show a report to others. */
    REPORTS_SHARE,
    /** Decide who of the tenant may see or edit a report. */
    REPORTS_RESTRICT,
    COHORTS_READ,
    COHORTS_EDIT,
    SCHEMAS_READ,
    SCHEMAS_EDIT,
    DEAD_LETTERS_READ,
    DEAD_LETTERS_EDIT,
    SETTINGS_READ,
    SETTINGS_EDIT,
    /** How far behind the pipeline is. */
    STATUS_READ,
    KEYS_MANAGE,
    MEMBERS_READ,
    MEMBERS_MANAGE,
    /** Erase and export what is known of a person. */
    PRIVACY_MANAGE,
    AUDIT_READ,
    /** Make owners, trust issuers of tokens, replace the embed secret. */
    TENANT_MANAGE;

    /** As it is written in scopes and in the API document, as in {@code reports:view}. */
    public String wireName() {
        String name = name().toLowerCase(Locale.ROOT);
        int last = name.lastIndexOf('_');
        return name.substring(0, last) + ":" + name.substring(last + 1);
    }

    /** Reads a list of permissions; a failure names the field and the index. */
    public static Set<Permission> checked(List<String> texts, String field) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (int index = 0; index < texts.size(); index++) {
            permissions.add(of(texts.get(index), field + "[" + index + "]"));
        }
        return permissions;
    }

    private static Permission of(String text, String field) {
        return Arrays.stream(values())
                .filter(each -> each.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "unknown permission; known are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .map(Permission::wireName)
                                                .toList()),
                        field));
    }
}
