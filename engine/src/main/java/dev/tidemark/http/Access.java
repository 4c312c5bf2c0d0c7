package dev.tidemark.http;

import dev.tidemark.account.Permission;
import org.jspecify.annotations.Nullable;

/**
 * What a route demands of its caller. Every route declares one: there is no way to register a route without it.
 *
 * @param permission that the caller must have in the tenant; null where no tenant is needed
 * @param onReport whether the path parameter {@code id} names a report on which the permission is judged
 * @param byEmbedToken whether embed tokens are taken, on their own report and under their locked filter
 */
public record Access(Kind kind, @Nullable Permission permission, boolean onReport, boolean byEmbedToken) {
    /** Anyone. */
    public static final Access PUBLIC = new Access(Kind.ANYONE, null, false, false);

    /** A person who has signed in, whatever the tenant. */
    public static final Access SIGNED_IN = new Access(Kind.SIGNED_IN, null, false, false);

    /** An administrator of the server who has signed in, or the operator's key. */
    public static final Access SERVER = new Access(Kind.SERVER, null, false, false);

    /** Whoever may administer the server, and the key that is for the metrics alone. */
    public static final Access METRICS = new Access(Kind.METRICS, null, false, false);

    /** A write key, or a secret key that may send events. */
    public static final Access INGEST = needs(Permission.EVENTS_SEND);

    /** Whoever may see the report in the path, embed tokens included. */
    public static final Access VIEW = new Access(Kind.TENANT, Permission.REPORTS_VIEW, true, true);

    /** Whoever may see what there is to choose from, embed tokens included. */
    public static final Access PICK = new Access(Kind.TENANT, Permission.CATALOG_READ, false, true);

    /** Who is let in. */
    public enum Kind {
        ANYONE,
        SIGNED_IN,
        SERVER,
        METRICS,
        /** Whoever has the permission in the tenant of the credential. */
        TENANT
    }

    /** Whoever has a permission in the tenant. */
    public static Access needs(Permission permission) {
        return new Access(Kind.TENANT, permission, false, false);
    }

    /** Whoever has a permission on the report in the path. */
    public static Access onReport(Permission permission) {
        return new Access(Kind.TENANT, permission, true, false);
    }

    /** As it stands in the API document, as in {@code reports:view+embed}. */
    public String wireName() {
        return switch (kind) {
            case ANYONE -> "public";
            case SIGNED_IN -> "signed-in";
            case SERVER -> "server";
            case METRICS -> "metrics";
            case TENANT -> (permission == null ? "" : permission.wireName()) + (byEmbedToken ? "+embed" : "");
        };
    }
}
