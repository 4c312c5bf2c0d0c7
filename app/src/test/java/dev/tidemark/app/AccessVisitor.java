package dev.tidemark.app;

import dev.tidemark.http.RouteTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who comes to a route in a walk through all of them.
 *
 * @param may the permissions that the credential has by what the walk knows of roles; null for one that is good for nothing
 * @param report the only report that it is for; empty for any
 * @param changing what must come along to change something
 */
record AccessVisitor(
        String name,
        String tenant,
        @Nullable Set<String> may,
        String report,
        Reach reach,
        String[] headers,
        String[] changing) {
    String[] headersFor(RouteTable.Entry route) {
        return route.method().equals("GET") ? headers : changing;
    }

    /** Beyond the permissions. */
    enum Reach {
        NOTHING,
        TENANT,
        WRITE_KEY,
        EMBED,
        JWT,
        SESSION,
        SERVER_SESSION,
        OPERATOR,
        METRICS,
        /** A good session whose request does not come from a page of the server. */
        FORGED
    }
}
