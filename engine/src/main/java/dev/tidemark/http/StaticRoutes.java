package dev.tidemark.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Serves the front end: the dashboard's page at {@code /}, its assets, and the scripts that other sites load. */
public final class StaticRoutes implements Routes {
    private static final List<String> ROOT_FILES = List.of("embed.js", "favicon.svg", "favicon.ico", "robots.txt");

    /** Other sites load it with every page that they show, so it is asked for again once an hour only. */
    private static final String TRACKER = "tidemark.js";

    private static final String AN_HOUR = "public, max-age=3600, stale-while-revalidate=86400";

    private final WebFiles files;

    public StaticRoutes(WebFiles files) {
        this.files = files;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.GET,
                "/",
                Access.PUBLIC,
                call -> PagePolicy.on(files.reply(call, "index.html"), "form-action 'self'", "frame-ancestors 'self'")
                        .withHeader("Referrer-Policy", "same-origin"));
        table.blocking(
                HttpMethod.GET,
                "/assets/*",
                Access.PUBLIC,
                call -> loadableAnywhere(files.reply(call, call.path().substring(1))));
        table.blocking(
                HttpMethod.GET,
                "/" + TRACKER,
                Access.PUBLIC,
                call -> loadableAnywhere(files.reply(call, TRACKER)).withHeader("Cache-Control", AN_HOUR));
        for (String name : ROOT_FILES) {
            table.blocking(
                    HttpMethod.GET, "/" + name, Access.PUBLIC, call -> loadableAnywhere(files.reply(call, name)));
        }
    }

    private static Reply loadableAnywhere(Reply reply) {
        return reply.withHeader("Access-Control-Allow-Origin", "*")
                .withHeader("Cross-Origin-Resource-Policy", "cross-origin");
    }
}
