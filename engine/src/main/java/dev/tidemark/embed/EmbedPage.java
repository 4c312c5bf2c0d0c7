package dev.tidemark.embed;

import dev.tidemark.http.Reply;
import java.util.List;

/**
 * The page inside the frame. It may be framed by the token's origins alone (without any, by every page, one opened from
 * a disk included), loads nothing from elsewhere, and is kept by no cache, for its address holds a token.
 */
final class EmbedPage {
    private EmbedPage() {}

    static Reply show(String html, List<String> origins) {
        return secured(Reply.text(200, "text/html; charset=utf-8", html), origins);
    }

    /** A few readable words instead of the report. May be framed by anyone: it shows nothing. */
    static Reply problem(int status, String title, String text) {
        String html = """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s</title>
                <style>
                body { margin: 0; min-height: 100vh; display: grid; place-content: center; text-align: center;
                       font: 16px/1.5 system-ui, sans-serif; padding: 1rem; box-sizing: border-box; }
                h1 { font-size: 1.15rem; margin: 0 0 .25rem; }
                p { margin: 0; opacity: .75; }
                </style>
                </head>
                <body><main><h1>%1$s</h1><p>%2$s</p></main></body>
                </html>
                """.formatted(EmbedCode.escaped(title), EmbedCode.escaped(text));
        return secured(Reply.text(status, "text/html; charset=utf-8", html), List.of());
    }

    private static Reply secured(Reply reply, List<String> origins) {
        String ancestors = origins.isEmpty() ? "" : "; frame-ancestors 'self' " + String.join(" ", origins);
        return reply.withHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
                                + " base-uri 'none'; form-action 'none'" + ancestors)
                .withHeader("Referrer-Policy", "no-referrer")
                .withHeader("Cache-Control", "no-store");
    }
}
