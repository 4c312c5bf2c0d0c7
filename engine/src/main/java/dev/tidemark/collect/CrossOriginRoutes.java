package dev.tidemark.collect;

import dev.tidemark.http.Replies;
import dev.tidemark.http.Reply;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Cross-origin rules of the routes that browsers send events to: every origin may ask, since cookies mean nothing here and the
 * key decides; whether its origin may use the key is decided with the request itself.
 */
final class CrossOriginRoutes {
    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String HEADERS =
            "Authorization, Content-Type, Content-Encoding, X-Write-Key, X-API-Key, X-Tenant-ID,"
                    + " X-Correlation-ID, X-Retry-Count";
    private static final String EXPOSED =
            "X-Correlation-ID, RateLimit, RateLimit-Policy, Retry-After, Tidemark-Quota-Warning";
    private static final String DAY_IN_SECONDS = "86400";

    private CrossOriginRoutes() {}

    static void preflight(RoutingContext context) {
        allow(context);
        context.response()
                .putHeader("Access-Control-Allow-Methods", METHODS)
                .putHeader("Access-Control-Allow-Headers", HEADERS)
                .putHeader("Access-Control-Max-Age", DAY_IN_SECONDS);
        Replies.send(context, Reply.empty(204));
    }

    static void allow(RoutingContext context) {
        context.response().putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        String origin = context.request().getHeader("Origin");
        if (origin != null && !origin.isBlank()) {
            HttpServerResponse response = context.response();
            response.putHeader("Access-Control-Allow-Origin", origin)
                    .putHeader("Access-Control-Allow-Credentials", "true")
                    .putHeader("Access-Control-Expose-Headers", EXPOSED)
                    .putHeader("Vary", "Origin");
        }
    }

    /** Whether the browser speaks HTTPS to whatever stands in front of this server. */
    static boolean isSecure(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return request.isSSL()
                || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))
                || (origin != null && origin.startsWith("https://"));
    }
}
