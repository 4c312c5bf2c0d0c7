package dev.tidemark.http;

/** The Content-Security-Policy of a page: nothing from elsewhere, no inline script or style, no plugin, no base address; and no window that opened it reaches into it. */
public final class PagePolicy {
    private static final String OWN_FILES_ONLY = "default-src 'self'; object-src 'none'; base-uri 'none'";

    private PagePolicy() {}

    /** The reply with the policy and the directives that the page needs beyond it, as in {@code frame-ancestors 'self'}. */
    public static Reply on(Reply reply, String... directives) {
        String policy = directives.length == 0 ? OWN_FILES_ONLY : OWN_FILES_ONLY + "; " + String.join("; ", directives);
        return reply.withHeader("Content-Security-Policy", policy)
                .withHeader("Cross-Origin-Opener-Policy", "same-origin");
    }
}
