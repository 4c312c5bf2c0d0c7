package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reports, tokens and streams upon a {@link FakeServer}: a report is the count of the events that its token's filter lets through, and its
 * double. Tokens are the account that they lock. Honest unless told otherwise. Thread-safe.
 */
final class FakeDashboards {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STEP_MILLIS = 10;

    private final FakeServer server;
    private final TimeSource time = TimeSource.system();
    private final AtomicInteger reports = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Map<String, List<Known>> known = new HashMap<>();
    private volatile long delayNanos;
    private volatile int hidden;
    private volatile int distortion;
    private volatile int dropped;
    private volatile int refused;
    private volatile boolean contradictory;

    FakeDashboards(FakeServer server) {
        this.server = server;
        server.serve("/api/v1/reports", this::report);
        server.serve("/metrics", exchange -> reply(exchange, 200, ""));
    }

    /** Streams tell of events late. */
    void delay(Duration late) {
        delayNanos = late.toNanos();
    }

    /** Streams never tell of the last so many events. */
    void hide(int events) {
        hidden = events;
    }

    /** Streams show another second widget than plain requests. */
    void distort() {
        distortion = 1;
    }

    /** The first streams end after their first change. */
    void drop(int first) {
        dropped = first;
    }

    /** The first streams are refused. */
    void refuse(int first) {
        refused = first;
    }

    /** Each stream tells something of its own. */
    void contradict() {
        contradictory = true;
    }

    private void report(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        if (path.endsWith("/embed-tokens")) {
            JsonNode filter = JSON.readTree(exchange.getRequestBody()).path("filter");
            reply(exchange, 201, "{\"token\":\"t" + filter.path("value").asText("") + "\"}");
        } else if (path.endsWith("/stream")) {
            stream(exchange, token);
        } else if (exchange.getRequestMethod().equals("POST")) {
            reply(exchange, 201, "{\"report_id\":\"r" + reports.incrementAndGet() + "\"}");
        } else {
            reply(exchange, 200, state(count(token), 0).toString());
        }
    }

    /** What all streams of a token tell, in order. */
    private synchronized List<Known> advance(String token) {
        List<Known> all = known.computeIfAbsent(token, _ -> new ArrayList<>());
        int count = count(token) - hidden;
        if (count > (all.isEmpty() ? 0 : all.getLast().count())) {
            all.add(new Known(count, time.nanos()));
        }
        return List.copyOf(all);
    }

    /** A count, and since when it is known. */
    private record Known(int count, long nanos) {}

    private int count(String token) {
        String account = token.substring(1);
        List<JsonNode> events = server.stored();
        return (int) events.stream()
                .filter(event -> account.isEmpty()
                        || event.at("/properties/account").asText().equals(account))
                .count();
    }

    private static ObjectNode state(int count, int distortion) {
        ObjectNode report = JSON.createObjectNode().put("generated_at", "at " + System.identityHashCode(new Object()));
        report.putArray("widgets").addObject().putObject("data").put("value", count);
        report.withArrayProperty("widgets").addObject().putObject("data").put("value", count * 2 + distortion);
        return report;
    }

    private void stream(HttpExchange exchange, String token) throws IOException {
        int number = streams.incrementAndGet();
        if (number <= refused) {
            reply(exchange, 503, "{\"code\":\"overloaded\"}");
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            send(out, "snapshot", 0, "{\"report\":" + state(0, distortion) + "}");
            int told = 0;
            while (!never.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                List<Known> all = advance(token);
                while (told < all.size() && time.nanos() - all.get(told).nanos() >= delayNanos) {
                    int count = all.get(told++).count();
                    send(out, "delta", count, change(count, number));
                    if (number <= dropped + refused) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same for every stream at the same count. */
    private String change(int count, int number) {
        return "{\"patch\":[{\"op\":\"replace\",\"path\":\"/widgets/0/data/value\",\"value\":" + count
                + "},{\"op\":\"replace\",\"path\":\"/widgets/1/data/value\",\"value\":" + (count * 2 + distortion)
                + "}]" + (contradictory ? ",\"stream\":" + number : "") + "}";
    }

    private static void send(OutputStream out, String name, int id, String json) throws IOException {
        out.write(("event: " + name + "\nid: " + id + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
