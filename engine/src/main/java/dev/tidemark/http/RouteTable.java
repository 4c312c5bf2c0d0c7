package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Every route of the server with what it demands of a caller. Filled by one thread at start; the list is the subject of the
 * check against the OpenAPI document.
 *
 * <p>What no route answers is answered here: 404 and 405 as problem details, OPTIONS for every path that has a route, HEAD for
 * every blocking GET, and a failure in a handler as a 500 that says nothing of the inside.
 */
public final class RouteTable {
    private final Acts acts;
    private final Router router;
    private final BlockingDispatch blocking;
    private final StreamDispatch streams;
    private final List<Pathed> entries = new CopyOnWriteArrayList<>();

    /** With nobody who writes down what is done. */
    public RouteTable(Router router, BlockingDispatch blocking) {
        this(router, blocking, Acts.UNWRITTEN);
    }

    public RouteTable(Router router, BlockingDispatch blocking, Acts acts) {
        this.acts = acts;
        this.router = router;
        this.blocking = blocking;
        this.streams = blocking.streams();
        router.errorHandler(404, RouteTable::noSuchPath);
        router.errorHandler(405, this::noSuchMethod);
        router.errorHandler(400, context -> Replies.send(context, badRequest(context)));
        router.errorHandler(500, context -> Replies.send(context, Replies.failure(context, cause(context))));
    }

    /** A route whose handler runs on a virtual thread. Path parameters are written {@code :name}. */
    public void blocking(HttpMethod method, String path, Access access, BlockingHandler handler) {
        boolean written = Administrative.is(method.name(), path, access);
        add(method, path, access, written);
        BlockingHandler whole = written ? Change.written(handler, method.name() + " " + path, acts) : handler;
        boolean asking = Asking.is(method.name(), path, access);
        Handler<RoutingContext> dispatch = context -> blocking.dispatch(context, access, asking, whole);
        router.route(method, path).handler(dispatch);
        if (method == HttpMethod.GET) {
            router.route(HttpMethod.HEAD, path).handler(dispatch);
        }
    }

    /** A route that answers GET with a stream of server-sent events. */
    public void events(String path, Access access, StreamHandler handler) {
        add(HttpMethod.GET, path, access);
        router.route(HttpMethod.GET, path).handler(context -> streams.events(context, access, handler));
    }

    /** A route that becomes a WebSocket. */
    public void socket(String path, Access access, StreamHandler handler) {
        add(HttpMethod.GET, path, access);
        router.route(HttpMethod.GET, path).handler(context -> streams.socket(context, access, handler));
    }

    /** A route whose handler runs on the event loop, must not block, and authenticates by itself. */
    public void direct(HttpMethod method, String path, Access access, Handler<RoutingContext> handler) {
        add(method, path, access);
        router.route(method, path).handler(handler);
    }

    public List<Entry> entries() {
        return entries.stream().map(Pathed::entry).toList();
    }

    private void add(HttpMethod method, String path, Access access) {
        add(method, path, access, false);
    }

    private void add(HttpMethod method, String path, Access access, boolean written) {
        if (access.onReport() && !path.startsWith("/api/v1/reports/:id")) {
            throw new TidemarkException(ErrorCode.INTERNAL, "no report is named in the path of " + path);
        }
        entries.add(new Pathed(new Entry(method.name(), path, access, written), form(path)));
    }

    private static void noSuchPath(RoutingContext context) {
        Replies.send(
                context,
                Problem.reply(ErrorCode.NOT_FOUND, "there is nothing at this address", "", CorrelationId.of(context)));
    }

    private void noSuchMethod(RoutingContext context) {
        Collection<String> methods = new TreeSet<>();
        boolean viewed = false;
        for (Pathed entry : entries) {
            if (entry.form.matcher(context.request().path()).matches()) {
                methods.add(entry.entry.method);
                viewed |= entry.entry.access.byEmbedToken();
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        String allowed = String.join(", ", methods);
        if (context.request().method() == HttpMethod.OPTIONS) {
            Reply reply = viewed ? CrossOrigin.preflight(allowed) : Reply.empty(204);
            Replies.send(context, reply.withHeader("Allow", allowed));
            return;
        }
        Replies.send(
                context,
                Problem.reply(405, "method_not_allowed", "this address answers " + allowed, CorrelationId.of(context))
                        .withHeader("Allow", allowed));
    }

    private static Reply badRequest(RoutingContext context) {
        return Problem.reply(
                new TidemarkException(ErrorCode.MALFORMED_BODY, "the request is not well-formed"),
                CorrelationId.of(context));
    }

    private static Throwable cause(RoutingContext context) {
        return Optional.ofNullable(context.failure())
                .orElseGet(() -> new TidemarkException(ErrorCode.INTERNAL, "something went wrong on this side"));
    }

    private static Pattern form(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            segments.add(segment.equals("*") ? ".*" : segment.startsWith(":") ? "[^/]+" : Pattern.quote(segment));
        }
        return Pattern.compile(String.join("/", segments));
    }

    /**
     * One route.
     *
     * @param written whether every call is written down
     */
    public record Entry(String method, String path, Access access, boolean written) {}

    private record Pathed(Entry entry, Pattern form) {}
}
