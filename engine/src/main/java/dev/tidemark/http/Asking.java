package dev.tidemark.http;

import dev.tidemark.account.Permission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which routes ask the store, and so take from what a tenant may ask. One request is one question, however many widgets it answers. */
public final class Asking {
    private static final Set<Permission> OF_DATA = EnumSet.of(
            Permission.DATA_QUERY, Permission.EVENTS_READ, Permission.CATALOG_READ, Permission.DEAD_LETTERS_READ);

    /** Routes that ask though their permission does not say so. */
    private static final Set<String> ALSO = Set.of(
            "GET /api/v1/reports/:id",
            "GET /api/v1/reports/:id/export",
            "GET /api/v1/templates",
            "POST /api/v1/templates/:id/reports",
            "GET /api/v1/cohorts/:id",
            "POST /api/v1/cohorts",
            "PUT /api/v1/cohorts/:id",
            "POST /api/v1/cohorts/:id/members",
            "GET /api/v1/schemas/:eventType/draft",
            "GET /api/v1/schemas/:eventType/drift",
            "GET /api/v1/users/:userId/export");

    /** Routes that ask nothing though their permission is about data, each with the reason. */
    public static final Map<String, String> NOT = Map.of();

    private static final ScopedValue<boolean[]> CURRENT = ScopedValue.newInstance();

    private Asking() {}

    /** Whether a route asks. */
    public static boolean is(String method, String path, Access access) {
        String route = method + " " + path;
        Permission permission = access.permission();
        return ALSO.contains(route) || permission != null && OF_DATA.contains(permission) && !NOT.containsKey(route);
    }

    /** Says that the call at hand was answered from memory, on the thread that handles it. */
    public static void answeredFromMemory() {
        if (CURRENT.isBound()) {
            CURRENT.get()[0] = false;
        }
    }

    /** Handles a call and notes in the place given whether it asked. */
    static Reply noting(boolean[] asked, BlockingHandler handler, Call call) {
        return ScopedValue.where(CURRENT, asked).call(() -> handler.handle(call));
    }
}
