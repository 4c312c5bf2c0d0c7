package dev.tidemark.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Every route of the server with what it demands of a caller. Filled by one thread at start; the list is the subject of the
 * check against the OpenAPI document.
 */
public final class RouteTable {
    private final Router router;
    private final BlockingDispatch blocking;
    private final List<Entry> entries = new ArrayList<>();

    public RouteTable(Router router, BlockingDispatch blocking) {
        this.router = router;
        this.blocking = blocking;
    }

    /** A route whose handler runs on a virtual thread. Path parameters are written {@code :name}. */
    public void blocking(HttpMethod method, String path, Access access, BlockingHandler handler) {
        entries.add(new Entry(method.name(), path, access));
        router.route(method, path).handler(context -> blocking.dispatch(context, access, handler));
    }

    /** A route whose handler runs on the event loop, must not block, and authenticates by itself. */
    public void direct(HttpMethod method, String path, Access access, Handler<RoutingContext> handler) {
        entries.add(new Entry(method.name(), path, access));
        router.route(method, path).handler(handler);
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** One route. */
    public record Entry(String method, String path, Access access) {}
}
