package dev.tidemark.http;

import dev.tidemark.account.Credential;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of other origins read what an embed token shows. No answer allows credentials and no other site's page has the
 * session's cookie sent, so a wildcard gives nothing away; a token that names origins is answered for those only.
 */
final class CrossOrigin {
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

    private CrossOrigin() {}

    /** The answer to a preflight, which carries no credential yet. */
    static Reply preflight(String allowedMethods) {
        return Reply.empty(204)
                .withHeader(ALLOW_ORIGIN, "*")
                .withHeader("Access-Control-Allow-Methods", allowedMethods)
                .withHeader(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, If-None-Match, Last-Event-ID, X-API-Key, X-Correlation-ID, X-Tenant-ID")
                .withHeader("Access-Control-Max-Age", "86400")
                .withHeader("Cache-Control", "public, max-age=86400");
    }

    /** The reply of a VIEW route with what a browser needs to hand it to the page. */
    static Reply open(Reply reply, Optional<String> origin, @Nullable Credential credential) {
        Reply open = reply.withHeader(
                        "Access-Control-Expose-Headers",
                        "Content-Disposition, ETag, Next-Cursor, RateLimit, RateLimit-Policy, Retry-After, Tidemark-Quota-Warning, "
                                + CorrelationId.HEADER)
                .withHeader("Vary", "Origin, Authorization");
        List<String> allowed = credential instanceof Credential.EmbedToken token ? token.origins() : List.of();
        return allowed.isEmpty() || origin.isEmpty()
                ? open.withHeader(ALLOW_ORIGIN, "*")
                : open.withHeader(ALLOW_ORIGIN, origin.get());
    }
}
