package dev.tidemark.embed;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.PagePolicy;
import dev.tidemark.http.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The page inside the frame. It may be framed by the token's origins alone (without any, by every page, one opened from
 * a disk included), loads nothing from elsewhere, and is kept by no cache, for its address holds a token.
 */
final class EmbedPage {
    private static final String PROBLEM_STYLE = """
            body { margin: 0; min-height: 100vh; display: grid; place-content: center; text-align: center;
                   font: 16px/1.5 system-ui, sans-serif; padding: 1rem; box-sizing: border-box; }
            h1 { font-size: 1.15rem; margin: 0 0 .25rem; }
            p { margin: 0; opacity: .75; }
            """;
    private static final String PROBLEM_STYLE_ONLY = allowing(PROBLEM_STYLE);

    private EmbedPage() {}

    static Reply show(String html, List<String> origins) {
        Reply page = Reply.text(200, "text/html; charset=utf-8", html);
        return origins.isEmpty() ? secured(page) : secured(page, "frame-ancestors 'self' " + String.join(" ", origins));
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
                <link rel="icon" href="/favicon.svg" type="image/svg+xml">
                <title>%1$s</title>
                <style>%3$s</style>
                </head>
                <body><main><h1>%1$s</h1><p>%2$s</p></main></body>
                </html>
                """.formatted(EmbedCode.escaped(title), EmbedCode.escaped(text), PROBLEM_STYLE);
        return secured(Reply.text(status, "text/html; charset=utf-8", html), PROBLEM_STYLE_ONLY);
    }

    private static Reply secured(Reply reply, String... directives) {
        String[] all = Stream.concat(Stream.of("form-action 'none'"), Stream.of(directives))
                .toArray(String[]::new);
        return PagePolicy.on(reply, all)
                .withHeader("Referrer-Policy", "no-referrer")
                // A page around it may demand this of everything that it loads.
                .withHeader("Cross-Origin-Resource-Policy", "cross-origin")
                .withHeader("Cache-Control", "no-store");
    }

    /** Allows one inline style by its hash: the problem page must be readable when no file of the front end is there. */
    private static String allowing(String style) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }
}
