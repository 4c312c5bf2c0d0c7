package dev.tidemark.collect;

import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Bodies;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.Replies;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes by which events come in. Their handlers run on event loops and never block them. */
public final class CollectRoutes implements Routes {
    private static final Map<String, String> SEGMENT_CALLS = Map.ofEntries(
            Map.entry("track", "track"),
            Map.entry("t", "track"),
            Map.entry("page", "page"),
            Map.entry("p", "page"),
            Map.entry("screen", "screen"),
            Map.entry("s", "screen"),
            Map.entry("identify", "identify"),
            Map.entry("i", "identify"),
            Map.entry("group", "group"),
            Map.entry("g", "group"),
            Map.entry("alias", "alias"),
            Map.entry("a", "alias"));
    private static final List<String> SEGMENT_BATCHES = List.of("batch", "b", "import");

    private final Collector collector;

    public CollectRoutes(Collector collector) {
        this.collector = collector;
    }

    @Override
    public void register(RouteTable table) {
        post(table, "/api/v1/events", Access.INGEST, Submission.Kind.EVENTS, NativeFormat.INSTANCE);
        post(
                table,
                "/api/v1/dead-letters",
                Access.needs(Permission.DEAD_LETTERS_EDIT),
                Submission.Kind.DEAD_LETTERS,
                NativeFormat.INSTANCE);
        SEGMENT_CALLS.forEach((path, call) ->
                post(table, "/v1/" + path, Access.INGEST, Submission.Kind.SEGMENT, SegmentFormat.of(call)));
        SEGMENT_BATCHES.forEach(
                path -> post(table, "/v1/" + path, Access.INGEST, Submission.Kind.SEGMENT, SegmentFormat.ANY));
        table.direct(HttpMethod.GET, "/v1/projects/:writeKey/settings", Access.PUBLIC, this::settings);
        table.direct(
                HttpMethod.OPTIONS, "/v1/projects/:writeKey/settings", Access.PUBLIC, CrossOriginRoutes::preflight);
    }

    private void post(RouteTable table, String path, Access access, Submission.Kind kind, EventFormat format) {
        table.direct(HttpMethod.POST, path, access, context -> collect(context, kind, format));
        table.direct(HttpMethod.OPTIONS, path, Access.PUBLIC, CrossOriginRoutes::preflight);
    }

    private void collect(RoutingContext context, Submission.Kind kind, EventFormat format) {
        HttpServerRequest request = context.request();
        Context eventLoop = context.vertx().getOrCreateContext();
        InFlight.Hold hold = collector.hold(keyIfAny(context));
        // For a caller who goes away before the answer.
        context.addEndHandler(_ -> hold.close());
        CrossOriginRoutes.allow(context);
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        Bodies.read(request, Limits.REQUEST_BYTES, hold::grow)
                .map(body -> submission(context, kind, format, body))
                .onFailure(failure -> answer(context, hold, null, failure))
                .onSuccess(submission -> {
                    var _ = collector
                            .collect(submission, hold)
                            .whenComplete((reply, failure) ->
                                    eventLoop.runOnContext(_ -> answer(context, hold, reply, failure)));
                });
    }

    private void answer(
            RoutingContext context, InFlight.Hold hold, @Nullable Supplier<Reply> reply, @Nullable Throwable failure) {
        hold.close();
        if (reply == null) {
            refuse(context, failure == null ? new IllegalStateException("neither reply nor failure") : failure);
            return;
        }
        try {
            Replies.send(context, reply.get());
        } catch (RuntimeException e) {
            refuse(context, e);
        }
    }

    private void refuse(RoutingContext context, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        collector.refused(cause);
        Replies.send(context, Replies.failure(context, cause));
    }

    private Submission submission(RoutingContext context, Submission.Kind kind, EventFormat format, byte[] body) {
        HttpServerRequest request = context.request();
        return new Submission(
                kind,
                format,
                body,
                presentedKey(context),
                request.getHeader("X-Tenant-ID"),
                request.getHeader("Origin"),
                request.getHeader("Content-Type"),
                contentEncoding(context),
                request.getHeader("User-Agent"),
                address(request),
                reportsDuplicates(context),
                CorrelationId.of(context));
    }

    /** Null where it stands in the body, or cannot be read. */
    private static @Nullable String keyIfAny(RoutingContext context) {
        try {
            return presentedKey(context);
        } catch (TidemarkException _) {
            return null;
        }
    }

    private static @Nullable String presentedKey(RoutingContext context) {
        HttpServerRequest request = context.request();
        String key = Gatekeeper.keyOf(request.getHeader("Authorization"));
        if (key == null) {
            key = request.getHeader("X-Write-Key");
        }
        if (key == null) {
            key = request.getHeader("X-API-Key");
        }
        return key == null ? parameter(context, "key") : key;
    }

    /** A browser that may not set the header without asking first says it in the query. */
    private static @Nullable String contentEncoding(RoutingContext context) {
        String encoding = context.request().getHeader("Content-Encoding");
        return encoding == null ? parameter(context, "encoding") : encoding;
    }

    private static boolean reportsDuplicates(RoutingContext context) {
        String asked = parameter(context, "duplicates");
        if (asked != null && !asked.equals("report")) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "can only be 'report'", "duplicates");
        }
        return asked != null;
    }

    private static @Nullable String parameter(RoutingContext context, String name) {
        String query = context.request().query();
        if (query == null || query.isEmpty()) {
            return null;
        }
        try {
            return context.queryParams().get(name);
        } catch (RuntimeException _) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "the query of the address cannot be read", name);
        }
    }

    /** Of the peer; behind trusted proxies, what the outermost of them saw. */
    private @Nullable String address(HttpServerRequest request) {
        int proxies = collector.config().trustedProxies();
        String forwarded = proxies == 0 ? null : request.getHeader("X-Forwarded-For");
        if (forwarded != null) {
            String[] hops = forwarded.split(",", -1);
            return hops[Math.max(0, hops.length - proxies)].strip();
        }
        return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    }

    /** What the browser library of Segment asks for before it sends anything. */
    private void settings(RoutingContext context) {
        CrossOriginRoutes.allow(context);
        String key = context.pathParam("writeKey");
        if (key == null || collector.find(key).isEmpty()) {
            Replies.send(
                    context,
                    Replies.failure(context, new TidemarkException(ErrorCode.NOT_FOUND, "the write key is not known")));
            return;
        }
        HttpServerRequest request = context.request();
        String authority =
                request.authority() == null ? "localhost" : request.authority().toString();
        Map<String, Object> destination = Map.of(
                "apiKey",
                key,
                "apiHost",
                authority + "/v1",
                "protocol",
                CrossOriginRoutes.isSecure(request) ? "https" : "http");
        Map<String, Object> settings = Map.of(
                "integrations", Map.of("Segment.io", destination),
                "plan", Map.of(),
                "metrics", Map.of("sampleRate", 0),
                "enabledMiddleware", Map.of(),
                "remotePlugins", List.of());
        Replies.send(context, Reply.json(200, settings).withHeader("Cache-Control", "no-store"));
    }
}
