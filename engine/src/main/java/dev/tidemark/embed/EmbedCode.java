package dev.tidemark.embed;

import dev.tidemark.report.Report;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What a customer pastes into a page to show a report there.
 *
 * @param origin of this server, as its callers reach it
 * @param token signed permission to see the report
 * @param width of the frame, a CSS length
 * @param height of the frame, a CSS length
 */
record EmbedCode(Report report, String origin, String token, String width, String height, String theme) {

    /** The page that shows the report, to be the source of a frame. */
    String url() {
        return origin + "/embed/reports/" + encoded(report.id().value()) + "?token=" + encoded(token) + "&theme="
                + encoded(theme);
    }

    String iframe() {
        return "<iframe src=\"" + escaped(url()) + "\" title=\"" + escaped(report.name()) + "\" style=\"width:"
                + escaped(width) + ";height:" + escaped(height)
                + ";border:0\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></iframe>";
    }

    String element() {
        return "<script type=\"module\" src=\"" + escaped(origin) + "/embed.js\"></script>\n<tidemark-report report=\""
                + escaped(report.id().value()) + "\" token=\"" + escaped(token) + "\" src=\"" + escaped(origin)
                + "\" theme=\"" + escaped(theme) + "\"></tidemark-report>";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
