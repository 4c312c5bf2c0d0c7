package dev.tidemark.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every answer says to browsers: nothing in it is a page unless a route says so, nobody guesses its type, embeds it, or learns from where it was
 * asked. Routes that serve pages, or files for other sites, say otherwise in their replies.
 */
public final class SecurityHeaders implements Handler<RoutingContext> {
    private static final Map<CharSequence, CharSequence> NAMED = Map.of(
            HttpHeaders.createOptimized("X-Content-Type-Options"),
            HttpHeaders.createOptimized("nosniff"),
            HttpHeaders.createOptimized("Referrer-Policy"),
            HttpHeaders.createOptimized("no-referrer"),
            HttpHeaders.createOptimized("Content-Security-Policy"),
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'"),
            HttpHeaders.createOptimized("Cross-Origin-Resource-Policy"),
            HttpHeaders.createOptimized("same-origin"),
            HttpHeaders.createOptimized("Permissions-Policy"),
            HttpHeaders.createOptimized("camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    private static final String YEAR_OF_TLS = "max-age=31536000";

    private final @Nullable String publicOrigin;
    private final int trustedProxies;

    /**
     * With what tells whether browsers come through TLS.
     *
     * @param publicOrigin under which they reach the server; null where that is not set
     * @param trustedProxies how many proxies are believed what they say of it
     */
    public SecurityHeaders(@Nullable String publicOrigin, int trustedProxies) {
        this.publicOrigin = publicOrigin;
        this.trustedProxies = trustedProxies;
    }

    @Override
    public void handle(RoutingContext context) {
        onEvery(context.response());
        if (isSecure(context)) {
            context.response().putHeader("Strict-Transport-Security", YEAR_OF_TLS);
        }
        context.next();
    }

    static void onEvery(HttpServerResponse response) {
        NAMED.forEach(response::putHeader);
    }

    private boolean isSecure(RoutingContext context) {
        if (publicOrigin != null) {
            return publicOrigin.startsWith("https:");
        }
        return trustedProxies > 0 && "https".equalsIgnoreCase(context.request().getHeader("X-Forwarded-Proto"));
    }
}
