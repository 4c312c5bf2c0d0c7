package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@code http_request} event of each line of a web server's log.
 *
 * <p>Properties: {@code method}, {@code path}, {@code query}, {@code protocol}, {@code status}, {@code bytes} (a dash is 0, which is
 * what it means in these logs), {@code referrer}, {@code is_page}, {@code is_bot}; {@code request} instead of the first four for a
 * request line that is not HTTP. The visitor ({@code anonymous_id}) is a hash of address and user agent.
 *
 * <p>{@code is_page}: a GET that was answered with 2xx or 304 for a path whose last segment has no extension or that of a page.
 * {@code is_bot}: no user agent, or one that names a crawler or a program, or shows a web address as crawlers do.
 */
final class AccessLogFormat implements RecordFormat {
    private static final Set<String> PAGE_EXTENSIONS =
            Set.of("html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cgi", "pl");
    private static final Pattern REQUEST =
            Pattern.compile("([A-Za-z][A-Za-z0-9_-]{0,31}) (\\S.*?)(?: (HTTP/\\d(?:\\.\\d)?))?");
    private static final Pattern BOT = Pattern.compile(
            "bot\\b|bot[/;_-]|robot|crawl|spider|slurp|archiver|scan|monitor|pingdom|headless|feed|fetch|preview|validator"
                    + "|https?://|^(curl|wget|python|java|perl|ruby|php|go-http|libwww|lwp|apache-|axios|okhttp|node|http)");

    private final @Nullable String site;

    /** @param site scheme and host of the site that the log is of, which a log does not say; null when unknown */
    AccessLogFormat(@Nullable String site) {
        this.site = site == null || !site.endsWith("/") ? site : site.substring(0, site.length() - 1);
    }

    @Override
    public String identity() {
        return "access-log";
    }

    @Override
    public Formed form(String text, String name) {
        if (text.isBlank()) {
            return new Formed.Nothing();
        }
        try {
            return new Formed.Ready(event(LogLineParser.parse(text), name));
        } catch (LogLineParser.Malformed e) {
            return new Formed.Unusable("unparseable_line", e.field(), e.detail());
        }
    }

    private ObjectNode event(LogLine line, String name) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("event_type", "http_request");
        event.put("event_id", "log-" + name);
        event.put("timestamp", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(line.time()));
        String agent = line.userAgent();
        event.put("anonymous_id", "visitor-" + Hashes.name(line.client(), agent == null ? "" : agent));
        if (line.user() != null) {
            event.put("user_id", line.user());
        }
        ObjectNode properties = event.putObject("properties");
        Request request = Request.of(line.request());
        putIfPresent(properties, "method", request.method());
        putIfPresent(properties, "path", request.path());
        putIfPresent(properties, "query", request.query());
        putIfPresent(properties, "protocol", request.protocol());
        putIfPresent(properties, "request", request.other());
        if (line.status() != null) {
            properties.put("status", line.status());
        }
        properties.put("bytes", line.bytes() == null ? 0L : line.bytes());
        putIfPresent(properties, "referrer", line.referrer());
        properties.put("is_page", isPage(request, line.status()));
        properties.put("is_bot", isBot(agent));
        ObjectNode context = event.putObject("context");
        if (isAddress(line.client())) {
            context.put("ip", line.client());
        } else {
            properties.put("client_host", line.client());
        }
        putIfPresent(context, "user_agent", agent);
        ObjectNode page = context.putObject("page");
        if (request.path() != null && request.path().startsWith("/")) {
            String target = request.query() == null ? request.path() : request.path() + "?" + request.query();
            page.put("url", site == null ? target : site + target);
        }
        putIfPresent(page, "referrer", line.referrer());
        return event;
    }

    static boolean isPage(Request request, @Nullable Integer status) {
        String path = request.path();
        if (path == null || status == null || !"GET".equals(request.method())) {
            return false;
        }
        if (status / 100 != 2 && status != 304) {
            return false;
        }
        String segment = path.substring(path.lastIndexOf('/') + 1);
        int dot = segment.lastIndexOf('.');
        return dot < 0 || PAGE_EXTENSIONS.contains(segment.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    static boolean isBot(@Nullable String userAgent) {
        return userAgent == null
                || BOT.matcher(userAgent.toLowerCase(Locale.ROOT)).find();
    }

    private static boolean isAddress(String client) {
        return client.indexOf(':') >= 0 || client.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static void putIfPresent(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    /**
     * A request line taken apart.
     *
     * @param other the whole of it where it is not HTTP, as what port scanners send
     */
    record Request(
            @Nullable String method,
            @Nullable String path,
            @Nullable String query,
            @Nullable String protocol,
            @Nullable String other) {

        static Request of(@Nullable String line) {
            if (line == null) {
                return new Request(null, null, null, null, null);
            }
            var matcher = REQUEST.matcher(line);
            if (!matcher.matches()) {
                return new Request(null, null, null, null, line);
            }
            String target = withoutOrigin(matcher.group(2));
            int question = target.indexOf('?');
            String path = question < 0 ? target : target.substring(0, question);
            String query = question < 0 || question == target.length() - 1 ? null : target.substring(question + 1);
            return new Request(matcher.group(1), path, query, matcher.group(3), null);
        }

        /** A proxy's log has the whole URL as the target. */
        private static String withoutOrigin(String target) {
            int scheme = target.indexOf("://");
            if (scheme < 0 || target.startsWith("/")) {
                return target;
            }
            int slash = target.indexOf('/', scheme + 3);
            return slash < 0 ? "/" : target.substring(slash);
        }
    }
}
