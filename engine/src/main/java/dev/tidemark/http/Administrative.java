package dev.tidemark.http;

import java.util.Map;
import java.util.Set;

/** Which routes change something that somebody may later ask about, or show what few may see. Those are written down. */
public final class Administrative {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /** Unsafe routes that change nothing of the kind, each with the reason. */
    public static final Map<String, String> NOT = Map.ofEntries(
            Map.entry("POST /api/v1/query", "asks a question"),
            Map.entry("POST /api/v1/query/export", "asks a question"),
            Map.entry("POST /api/v1/query/people", "asks a question"),
            Map.entry("POST /api/v1/schemas/:eventType/check", "compares, and keeps nothing"),
            Map.entry("POST /api/v1/cache/invalidate", "forgets what can be computed again"),
            Map.entry("POST /api/v1/reports/:id/embed-tokens", "comes with every page that is shown to somebody"),
            Map.entry("POST /api/v1/dead-letters", "sends data, as importers do"),
            Map.entry("POST /api/v1/share/open", "comes with every view of a shared report"),
            Map.entry("POST /api/v1/links/inspect", "shows what a link is for"),
            Map.entry("PATCH /api/v1/session", "chooses the tenant that the next calls are about"));

    /** Safe routes that show all of a person or of a log of acts, or let somebody in. */
    private static final Set<String> ALSO = Set.of(
            "GET /api/v1/users/:userId/export",
            "GET /api/v1/audit/export",
            "GET /api/v1/server/audit/export",
            "GET /sign-in/oidc/callback");

    private Administrative() {}

    /** Whether calls of a route are to be written down. */
    public static boolean is(String method, String path, Access access) {
        String route = method + " " + path;
        return ALSO.contains(route)
                || !SAFE.contains(method) && !access.equals(Access.INGEST) && !NOT.containsKey(route);
    }
}
