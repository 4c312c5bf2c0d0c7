package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The part of the HTTP API that the benchmarks use, kept in memory, with faults to order: an honest server unless told
 * otherwise. Thread-safe.
 */
final class FakeServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_MEASURES = 10;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, JsonNode> stored = new LinkedHashMap<>();
    private final List<JsonNode> surplus = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private Predicate<String> loses = _ -> false;
    private UnaryOperator<Answer> posting = UnaryOperator.identity();
    private long rollupSurplus;

    /** What a POST of events is answered with. */
    record Answer(int status, String retryAfter, String body) {}

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/api/v1/events", this::events);
        http.createContext("/api/v1/query", this::query);
        http.start();
    }

    /** Answers requests below a path in another manner. */
    void serve(String path, HttpHandler handler) {
        http.createContext(path, handler);
    }

    /** The stored events. */
    synchronized List<JsonNode> stored() {
        return List.copyOf(stored.values());
    }

    InetSocketAddress address() {
        return http.getAddress();
    }

    String url() {
        return "http://" + address().getHostString() + ":" + address().getPort();
    }

    /** Acknowledges but does not store the events with these ids. */
    synchronized void lose(Predicate<String> ids) {
        loses = ids;
    }

    /** Stores the event once more. */
    synchronized void duplicate(String id) {
        surplus.add(Objects.requireNonNull(stored.get(id)));
    }

    synchronized void alter(String id, String property, int value) {
        ((ObjectNode) Objects.requireNonNull(stored.get(id)).path("properties")).put(property, value);
    }

    synchronized void store(String id, JsonNode event) {
        stored.put(id, event);
    }

    /** Lets the rollups count too many events in every bucket. */
    synchronized void rollupsCountTooMany(long events) {
        rollupSurplus = events;
    }

    /** Replaces the answers to POSTs; nothing is stored unless the status stays 202. */
    synchronized void answering(UnaryOperator<Answer> answers) {
        posting = answers;
    }

    synchronized List<String> bodies() {
        return List.copyOf(bodies);
    }

    synchronized int size() {
        return stored.size() + surplus.size();
    }

    private void events(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonNode json = JSON.readTree(body);
        List<JsonNode> events = new ArrayList<>();
        if (json.has("batch")) {
            json.get("batch").forEach(events::add);
        } else {
            events.add(json);
        }
        String accepted = "{\"results\":[{\"status\":\"accepted\"}],\"status\":\"accepted\",\"accepted\":"
                + events.size() + ",\"rejected\":0}";
        UnaryOperator<Answer> answers;
        synchronized (this) {
            answers = posting;
        }
        Answer answer = answers.apply(new Answer(202, "", accepted));
        synchronized (this) {
            bodies.add(body);
            for (JsonNode event : events) {
                String id = event.path("event_id").asText();
                if (answer.status() == 202 && !loses.test(id)) {
                    stored.putIfAbsent(id, event);
                }
            }
        }
        if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
        }
        reply(exchange, answer.status(), answer.body());
    }

    private void query(HttpExchange exchange) throws IOException {
        JsonNode question = JSON.readTree(exchange.getRequestBody());
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode data = answer.putObject("data");
        synchronized (this) {
            List<JsonNode> events = new ArrayList<>(stored.values());
            events.addAll(surplus);
            events.removeIf(event -> !matches(event, question.path("filter")));
            if (question.path("measures").size() > MOST_MEASURES) {
                throw new IOException("too many measures: " + question);
            }
            switch (question.path("type").asText()) {
                case "metric" ->
                    data.put("value", measure(question.path("measures").get(0), events));
                case "table" -> table(question, events, data);
                case "trend" -> trend(question, events, data);
                default -> throw new IOException(question.toString());
            }
        }
        reply(exchange, 200, answer.toString());
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static boolean matches(JsonNode event, JsonNode filter) {
        return switch (filter.path("operator").asText("")) {
            case "" -> true;
            case "eq" ->
                property(event, filter.path("property").asText())
                        .equals(filter.path("value").asText());
            case "is_set" -> !property(event, filter.path("property").asText()).isEmpty();
            default -> throw new IllegalArgumentException(filter.toString());
        };
    }

    private static String property(JsonNode event, String name) {
        return event.path("properties")
                .path(name.substring("properties.".length()))
                .asText("");
    }

    private static double measure(JsonNode measure, List<JsonNode> all) {
        List<JsonNode> events = all.stream()
                .filter(event -> ofType(event, measure.path("event")))
                .toList();
        Function<JsonNode, String> value =
                event -> property(event, measure.path("property").asText());
        return switch (measure.path("measure").asText()) {
            case "events" -> events.size();
            case "users" ->
                events.stream()
                        .map(event -> event.path("user_id").asText())
                        .distinct()
                        .count();
            case "sessions" ->
                events.stream()
                        .map(event -> event.path("session_id").asText())
                        .distinct()
                        .count();
            case "distinct" -> events.stream().map(value).distinct().count();
            case "sum" ->
                events.stream()
                        .mapToDouble(event -> Double.parseDouble(value.apply(event)))
                        .sum();
            default -> throw new IllegalArgumentException(measure.toString());
        };
    }

    private static boolean ofType(JsonNode event, JsonNode types) {
        if (types.isMissingNode()) {
            return true;
        }
        String type = event.path("event_type").asText();
        if (types.isTextual()) {
            return types.asText().equals(type);
        }
        for (JsonNode each : types) {
            if (each.asText().equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static void table(JsonNode question, List<JsonNode> events, ObjectNode data) {
        String breakdown = question.path("breakdowns").get(0).asText();
        ArrayNode columns = data.putArray("columns");
        columns.addObject().put("name", breakdown).put("kind", "breakdown");
        question.path("measures")
                .forEach(each -> columns.addObject()
                        .put("name", each.path("name").asText())
                        .put("kind", "measure"));
        Map<String, List<JsonNode>> groups = new TreeMap<>();
        events.forEach(event -> groups.computeIfAbsent(property(event, breakdown), _ -> new ArrayList<>())
                .add(event));
        ArrayNode rows = data.putArray("rows");
        groups.forEach((name, group) -> {
            ArrayNode row = rows.addArray().add(name);
            question.path("measures").forEach(each -> row.add(measure(each, group)));
        });
    }

    private void trend(JsonNode question, List<JsonNode> events, ObjectNode data) {
        ChronoUnit unit = switch (question.path("interval").asText()) {
            case "day" -> ChronoUnit.DAYS;
            case "hour" -> ChronoUnit.HOURS;
            default -> ChronoUnit.MINUTES;
        };
        Instant start = Instant.parse(question.path("range").path("start_time").asText());
        Instant end = Instant.parse(question.path("range").path("end_time").asText());
        boolean rollup = !question.has("filter");
        Map<Instant, List<JsonNode>> buckets = new TreeMap<>();
        for (JsonNode event : events) {
            Instant at = Instant.parse(event.path("timestamp").asText());
            if (!at.isBefore(start) && at.isBefore(end)) {
                buckets.computeIfAbsent(at.truncatedTo(unit), _ -> new ArrayList<>())
                        .add(event);
            }
        }
        ArrayNode lines = data.putArray("lines");
        for (JsonNode measure : question.path("measures")) {
            ObjectNode line =
                    lines.addObject().put("measure", measure.path("name").asText());
            ArrayNode points = line.putArray("points");
            buckets.forEach((bucket, group) -> points.addObject()
                    .put("time", bucket.toString())
                    .put("value", measure(measure, group) + (rollup ? rollupSurplus : 0)));
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
