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
            Map.entry("POST /api/v1/dead-letters", "sends data, as importers do"));

    /** Safe routes that show all of a person, or of the log of acts. */
    private static final Set<String> ALSO = Set.of("GET /api/v1/users/:userId/export", "GET /api/v1/audit/export");

    private Administrative() {}

    /** Whether calls of a route are to be written down. */
    public static boolean is(String method, String path, Access access) {
        String route = method + " " + path;
        return ALSO.contains(route)
                || !SAFE.contains(method)
                        && access != Access.PUBLIC
                        && access != Access.INGEST
                        && !NOT.containsKey(route);
    }
}
