package dev.tidemark.account;

import static dev.tidemark.account.Permission.AUDIT_READ;
import static dev.tidemark.account.Permission.CATALOG_READ;
import static dev.tidemark.account.Permission.COHORTS_EDIT;
import static dev.tidemark.account.Permission.COHORTS_READ;
import static dev.tidemark.account.Permission.DATA_QUERY;
import static dev.tidemark.account.Permission.DEAD_LETTERS_EDIT;
import static dev.tidemark.account.Permission.DEAD_LETTERS_READ;
import static dev.tidemark.account.Permission.EVENTS_READ;
import static dev.tidemark.account.Permission.EVENTS_SEND;
import static dev.tidemark.account.Permission.KEYS_MANAGE;
import static dev.tidemark.account.Permission.MEMBERS_MANAGE;
import static dev.tidemark.account.Permission.MEMBERS_READ;
import static dev.tidemark.account.Permission.PRIVACY_MANAGE;
import static dev.tidemark.account.Permission.REPORTS_EDIT;
import static dev.tidemark.account.Permission.REPORTS_RESTRICT;
import static dev.tidemark.account.Permission.REPORTS_SHARE;
import static dev.tidemark.account.Permission.REPORTS_VIEW;
import static dev.tidemark.account.Permission.SCHEMAS_EDIT;
import static dev.tidemark.account.Permission.SCHEMAS_READ;
import static dev.tidemark.account.Permission.SETTINGS_EDIT;
import static dev.tidemark.account.Permission.SETTINGS_READ;
import static dev.tidemark.account.Permission.STATUS_READ;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a person is within a tenant. Each role has everything that the ones after it have. */
public enum Role {
    OWNER(EnumSet.allOf(Permission.class)),
    ADMIN(EnumSet.of(
            REPORTS_VIEW,
            STATUS_READ,
            EVENTS_READ,
            DATA_QUERY,
            CATALOG_READ,
            REPORTS_EDIT,
            REPORTS_SHARE,
            COHORTS_READ,
            COHORTS_EDIT,
            SCHEMAS_READ,
            DEAD_LETTERS_READ,
            SETTINGS_READ,
            EVENTS_SEND,
            REPORTS_RESTRICT,
            SCHEMAS_EDIT,
            DEAD_LETTERS_EDIT,
            SETTINGS_EDIT,
            KEYS_MANAGE,
            MEMBERS_READ,
            MEMBERS_MANAGE,
            PRIVACY_MANAGE,
            AUDIT_READ)),
    EDITOR(EnumSet.of(
            REPORTS_VIEW,
            STATUS_READ,
            EVENTS_READ,
            DATA_QUERY,
            CATALOG_READ,
            REPORTS_EDIT,
            REPORTS_SHARE,
            COHORTS_READ,
            COHORTS_EDIT,
            SCHEMAS_READ,
            DEAD_LETTERS_READ,
            SETTINGS_READ)),
    VIEWER(EnumSet.of(REPORTS_VIEW, STATUS_READ));

    private final Set<Permission> permissions;

    Role(EnumSet<Permission> permissions) {
        this.permissions = Collections.unmodifiableSet(permissions);
    }

    public Set<Permission> permissions() {
        return permissions;
    }

    /** As it is written, in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a role; a failure names the field. */
    public static Role of(String text, String field) {
        for (Role role : values()) {
            if (role.wireName().equals(text)) {
                return role;
            }
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be owner, admin, editor or viewer", field);
    }
}
