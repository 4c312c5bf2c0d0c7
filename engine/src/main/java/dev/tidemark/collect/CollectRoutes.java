package dev.tidemark.collect;

import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Bodies;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.Replies;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** How long a request waits for its tenant's share before it is refused: about what a sender waits at the least before it tries again. */
    private static final Duration LONGEST_HELD = Duration.ofSeconds(1);

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

    /** A request on its way to the collector. */
    private record Arrival(
            RoutingContext context,
            Submission.Kind kind,
            EventFormat format,
            @Nullable TenantId tenant,
            InFlight.Hold hold) {

        HttpServerRequest request() {
            return context.request();
        }

        boolean expectsContinue() {
            return "100-continue".equalsIgnoreCase(request().getHeader("Expect"));
        }

        /** As announced; 0 where it is not. */
        long bytes() {
            String length = request().getHeader("Content-Length");
            try {
                return length == null ? 0 : Long.parseLong(length);
            } catch (NumberFormatException _) {
                return 0;
            }
        }

        String encoding() {
            String encoding = request().getHeader("Content-Encoding");
            return encoding == null ? "" : encoding;
        }
    }

    private void collect(RoutingContext context, Submission.Kind kind, EventFormat format) {
        TenantId tenant = tenantIfKnown(context);
        InFlight.Hold hold = collector.hold(tenant);
        // For a caller who goes away before the answer.
        context.addEndHandler(_ -> hold.close());
        CrossOriginRoutes.allow(context);
        Arrival arrival = new Arrival(context, kind, format, tenant, hold);
        Optional<TidemarkException> refusal = tenant == null || kind == Submission.Kind.DEAD_LETTERS
                ? Optional.empty()
                : collector.refusal(tenant, arrival.bytes(), arrival.encoding());
        if (refusal.isPresent()) {
            sendAway(arrival, refusal.get());
        } else if (tenant == null) {
            read(arrival, null, false);
        } else {
            enter(arrival, tenant, Duration.ZERO);
        }
    }

    /** Has a request come in once it is within its tenant's share. Nothing of its body is read before. */
    private void enter(Arrival arrival, TenantId tenant, Duration waited) {
        switch (collector.enter(tenant)) {
            case FairShare.Entry.In in -> read(arrival, in.turn(), !waited.isZero());
            case FairShare.Entry.Wait wait -> {
                Duration until = waited.plus(wait.delay());
                if (until.compareTo(LONGEST_HELD) > 0 || !collector.hold()) {
                    sendAway(arrival, collector.overFairShare(wait));
                    return;
                }
                arrival.request().pause();
                arrival.context().vertx().setTimer(1 + wait.delay().toMillis(), _ -> {
                    collector.release();
                    if (!arrival.context().response().closed()) {
                        enter(arrival, tenant, until);
                    }
                });
            }
        }
    }

    /** Its body is let go by first, so that the connection can be used again, unless the sender waits to be told to send it. */
    private void sendAway(Arrival arrival, TidemarkException reason) {
        if (arrival.expectsContinue()) {
            answer(arrival, null, reason);
            return;
        }
        Bodies.discard(arrival.request()).onComplete(_ -> answer(arrival, null, reason));
        arrival.request().resume();
    }

    private void read(Arrival arrival, FairShare.@Nullable Turn turn, boolean paused) {
        Context eventLoop = arrival.context().vertx().getOrCreateContext();
        if (arrival.expectsContinue()) {
            arrival.context().response().writeContinue();
        }
        Future<byte[]> body = Bodies.read(arrival.request(), Limits.REQUEST_BYTES, arrival.hold()::grow);
        if (paused) {
            arrival.request().resume();
        }
        body.map(bytes -> submission(arrival, bytes))
                .onFailure(failure -> {
                    if (turn != null) {
                        turn.took(0);
                    }
                    answer(arrival, null, failure);
                })
                .onSuccess(submission -> {
                    var _ = collector
                            .collect(submission, arrival.hold(), turn)
                            .whenComplete(
                                    (reply, failure) -> eventLoop.runOnContext(_ -> answer(arrival, reply, failure)));
                });
    }

    private void answer(Arrival arrival, @Nullable Supplier<Reply> reply, @Nullable Throwable failure) {
        arrival.hold().close();
        if (reply == null) {
            refuse(arrival, failure == null ? new IllegalStateException("neither reply nor failure") : failure);
            return;
        }
        try {
            Replies.send(arrival.context(), reply.get());
        } catch (RuntimeException e) {
            refuse(arrival, e);
        }
    }

    private void refuse(Arrival arrival, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        collector.refused(arrival.tenant(), arrival.bytes(), arrival.encoding(), cause);
        Replies.send(arrival.context(), Replies.failure(arrival.context(), cause));
    }

    private Submission submission(Arrival arrival, byte[] body) {
        RoutingContext context = arrival.context();
        HttpServerRequest request = context.request();
        return new Submission(
                arrival.kind(),
                arrival.format(),
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

    /** Null where the key stands in the body, or cannot be read, or is not known. */
    private @Nullable TenantId tenantIfKnown(RoutingContext context) {
        try {
            String key = presentedKey(context);
            return key == null
                    ? null
                    : collector.find(key).map(Credential::tenant).orElse(null);
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
