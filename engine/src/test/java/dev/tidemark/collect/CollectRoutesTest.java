package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.MemoryJournal;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CollectRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENT =
            "{\"event_type\":\"a\",\"event_id\":\"e1\",\"timestamp\":\"2026-01-01T00:00:00Z\"}";

    private final MemoryJournal journal = new MemoryJournal(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private CollectServer server;

    @BeforeEach
    void start() throws Exception {
        server = new CollectServer(
                new FixedTenants(),
                journal,
                Desk.CONFIG,
                (_, _, _, ids) -> ids.stream()
                        .filter(id -> id.value().startsWith("known"))
                        .collect(Collectors.toSet()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        client.close();
    }

    @Test
    void acknowledgesASingleEvent() throws Exception {
        HttpResponse<String> reply = post("/api/v1/events", EVENT, "Authorization", "Bearer wk_acme");
        assertThat(reply.statusCode()).isEqualTo(202);
        assertThat(reply.headers().firstValue("X-Correlation-ID")).isPresent();
        assertThat(JSON.readTree(reply.body()))
                .isEqualTo(JSON.readTree(
                        "{\"event_id\":\"e1\",\"status\":\"accepted\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}"));
        assertThat(events()).extracting(Event::tenant).containsExactly(FixedTenants.ACME);
    }

    @Test
    void takesTheKeyFromEveryPlace() throws Exception {
        String basic = Base64.getEncoder().encodeToString("wk_acme:".getBytes(StandardCharsets.UTF_8));
        List<HttpResponse<String>> replies = List.of(
                post("/api/v1/events", EVENT, "Authorization", "Bearer wk_acme"),
                post("/api/v1/events", EVENT, "Authorization", "Basic " + basic),
                post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme"),
                post("/api/v1/events", EVENT, "X-API-Key", "sk_acme"),
                post("/api/v1/events?key=wk_acme", EVENT, "Content-Type", "text/plain;charset=UTF-8"),
                post(
                        "/api/v1/events",
                        "{\"event_type\":\"a\",\"write_key\":\"wk_acme\"}",
                        "Content-Type",
                        "text/plain"),
                post("/api/v1/events", "{\"batch\":[{\"event_type\":\"a\"}],\"writeKey\":\"wk_acme\"}"),
                post("/api/v1/events", "[{\"event_type\":\"a\",\"write_key\":\"wk_acme\"}]"));
        assertThat(replies).extracting(HttpResponse::statusCode).containsOnly(202);
        assertThat(events()).hasSize(8);
    }

    @Test
    void refusesWithoutAGoodKey() throws Exception {
        assertThat(post("/api/v1/events", EVENT).statusCode()).isEqualTo(401);
        assertThat(post("/api/v1/events", EVENT, "X-Write-Key", "wk_wrong").statusCode())
                .isEqualTo(401);
        assertThat(post("/api/v1/events", EVENT, "Authorization", "Basic %%%").statusCode())
                .isEqualTo(401);
        HttpResponse<String> tenant = post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme", "X-Tenant-ID", "other");
        assertThat(tenant.statusCode()).isEqualTo(403);
        assertThat(tenant.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme", "X-Tenant-ID", "acme")
                        .statusCode())
                .isEqualTo(202);
        assertThat(events()).hasSize(1);
    }

    @Test
    void refusesEventsOfARequestThatCarryAnotherKey() throws Exception {
        HttpResponse<String> reply = post(
                "/api/v1/events",
                "[{\"event_type\":\"a\",\"write_key\":\"wk_acme\"},{\"event_type\":\"b\",\"write_key\":\"wk_other\"},{\"event_type\":\"c\"}]");
        JsonNode json = JSON.readTree(reply.body());
        assertThat(json.at("/results/1/reason").asText()).isEqualTo("key_mismatch");
        assertThat(events()).extracting(Event::type).containsExactly("a", "c");
        assertThat(events()).extracting(Event::tenant).containsOnly(FixedTenants.ACME);
    }

    @Test
    void holdsWriteKeysToTheirOrigins() throws Exception {
        HttpResponse<String> right =
                post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme_site", "Origin", FixedTenants.SITE);
        assertThat(right.statusCode()).isEqualTo(202);
        assertThat(right.headers().firstValue("Access-Control-Allow-Origin")).contains(FixedTenants.SITE);
        HttpResponse<String> wrong =
                post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme_site", "Origin", "https://evil.example");
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(post("/api/v1/events", EVENT, "X-Write-Key", "wk_acme", "Origin", "https://any.example")
                        .statusCode())
                .isEqualTo(202);
        assertThat(events()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/events", "/v1/t", "/v1/batch"})
    void answersPreflights(String path) throws Exception {
        HttpResponse<String> reply = client.send(
                request(path, "Origin", FixedTenants.SITE, "Access-Control-Request-Method", "POST")
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(204);
        assertThat(reply.headers().firstValue("Access-Control-Allow-Origin")).contains(FixedTenants.SITE);
        assertThat(reply.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains("POST");
        assertThat(reply.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("Authorization")
                .contains("Content-Type");
    }

    @Test
    void undoesCompression() throws Exception {
        byte[] plain = ("{\"batch\":[" + EVENT + "]}").getBytes(StandardCharsets.UTF_8);
        assertThat(encoded("gzip", FuzzBodies.gzip(plain)).statusCode()).isEqualTo(202);
        assertThat(encoded("zstd", Zstd.compress(plain)).statusCode()).isEqualTo(202);
        assertThat(encoded("deflate", FuzzBodies.deflate(plain)).statusCode()).isEqualTo(202);
        assertThat(encoded("deflate", rawDeflate(plain)).statusCode()).isEqualTo(202);
        assertThat(encoded("identity", plain).statusCode()).isEqualTo(202);
        assertThat(events()).hasSize(5);
        assertThat(encoded("br", plain).statusCode()).isEqualTo(415);
        assertThat(encoded("gzip", plain).statusCode()).isEqualTo(400);
        assertThat(encoded("zstd", Arrays.copyOf(Zstd.compress(plain), 20)).statusCode())
                .isEqualTo(400);
        assertThat(server.meters
                        .counter("tidemark.collect.bodies", "encoding", "zstd")
                        .count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "deflate"})
    void stopsADecompressionBombAtTheLimit(String encoding) throws Exception {
        byte[] zeroes = new byte[64 << 20];
        byte[] bomb = switch (encoding) {
            case "gzip" -> FuzzBodies.gzip(zeroes);
            case "zstd" -> Zstd.compress(zeroes);
            default -> FuzzBodies.deflate(zeroes);
        };
        HttpResponse<String> reply = encoded(encoding, bomb);
        assertThat(reply.statusCode()).isEqualTo(413);
        assertThat(reply.body()).contains("once decompressed");
    }

    @Test
    void refusesABodyOfMoreThan4Megabytes() throws Exception {
        byte[] body = new byte[Limits.REQUEST_BYTES];
        Arrays.fill(body, (byte) ' ');
        System.arraycopy(EVENT.getBytes(StandardCharsets.UTF_8), 0, body, 0, EVENT.length());
        assertThat(encoded("identity", body).statusCode()).isEqualTo(202);
        assertThat(encoded("identity", Arrays.copyOf(body, body.length + 1)).statusCode())
                .isEqualTo(413);
        assertThat(encoded("gzip", FuzzBodies.gzip(body)).statusCode()).isEqualTo(202);
    }

    @Test
    void readsLinesEachForItself() throws Exception {
        String lines = EVENT + "\r\n\n{\"event_type\":\n{\"event_type\":\"b\"} {}\n[1]\n{\"event_type\":\"c\"}\n";
        for (String type : List.of("application/x-ndjson", "application/json")) {
            HttpResponse<String> reply = post("/api/v1/events", lines, "X-Write-Key", "wk_acme", "Content-Type", type);
            assertThat(reply.statusCode()).isEqualTo(202);
            JsonNode json = JSON.readTree(reply.body());
            assertThat(json.path("accepted").asInt()).isEqualTo(2);
            assertThat(json.path("rejected").asInt()).isEqualTo(3);
            assertThat(json.at("/results/1/reason").asText()).isEqualTo("malformed_json");
            assertThat(json.at("/results/2/reason").asText()).isEqualTo("malformed_json");
            assertThat(json.at("/results/3/reason").asText()).isEqualTo("not_an_object");
            assertThat(json.at("/results/4/status").asText()).isEqualTo("accepted");
        }
        assertThat(events()).extracting(Event::type).containsExactly("a", "c", "a", "c");
    }

    @Test
    void acceptsNothingOfABrokenArray() throws Exception {
        HttpResponse<String> reply =
                post("/api/v1/events", "[" + EVENT + ",\n{\"event_type\"]", "X-Write-Key", "wk_acme");
        assertThat(reply.statusCode()).isEqualTo(400);
        JsonNode json = JSON.readTree(reply.body());
        assertThat(json.path("code").asText()).isEqualTo("malformed_body");
        assertThat(json.path("detail").asText()).contains("line 2, column");
        assertThat(events()).isEmpty();
    }

    @Test
    void reportsKnownDuplicatesToSecretKeysOnly() throws Exception {
        String batch = "[{\"event_type\":\"a\",\"event_id\":\"known-1\"},{\"event_type\":\"a\",\"event_id\":\"new\"},"
                + "{\"event_type\":\"a\",\"event_id\":\"new\"},{\"event_type\":\"a\"}]";
        HttpResponse<String> reply = post("/api/v1/events?duplicates=report", batch, "X-API-Key", "sk_acme");
        JsonNode json = JSON.readTree(reply.body());
        assertThat(reply.statusCode()).isEqualTo(202);
        assertThat(json.path("status").asText()).isEqualTo("accepted");
        assertThat(json.at("/results/0/status").asText()).isEqualTo("duplicate");
        assertThat(json.at("/results/0/event_id").asText()).isEqualTo("known-1");
        assertThat(json.at("/results/1/status").asText()).isEqualTo("accepted");
        assertThat(json.at("/results/2/status").asText()).isEqualTo("duplicate");
        assertThat(json.path("duplicates").asInt()).isEqualTo(2);
        assertThat(events())
                .extracting(event -> event.id())
                .contains(new EventId("new"))
                .hasSize(2);
        assertThat(post("/api/v1/events?duplicates=report", batch, "X-Write-Key", "wk_acme")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/events?duplicates=yes", batch, "X-API-Key", "sk_acme")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void takesDepositsOfDeadLetters() throws Exception {
        String body =
                "{\"dead_letters\":[{\"id\":\"d1\",\"reason\":\"unreadable_line\",\"message\":\"the line is cut\",\"payload\":\"1.2.3.4 - -\","
                        + "\"source\":\"import:access.log\",\"line\":8899},{\"id\":\"d2\",\"reason\":\"x\",\"message\":\"m\",\"source\":\"s\",\"line\":-1},7]}";
        HttpResponse<String> reply = post("/api/v1/dead-letters", body, "X-API-Key", "sk_acme");
        assertThat(reply.statusCode()).isEqualTo(202);
        JsonNode json = JSON.readTree(reply.body());
        assertThat(json.path("status").asText()).isEqualTo("partial");
        assertThat(json.path("accepted").asInt()).isEqualTo(1);
        assertThat(json.at("/results/1/field").asText()).isEqualTo("line");
        DeadLetter letter = (DeadLetter) entries().getFirst();
        assertThat(letter.id()).isEqualTo(new EventId("d1"));
        assertThat(letter.line()).isEqualTo(8899);
        assertThat(letter.source()).isEqualTo("import:access.log");
        assertThat(letter.payload()).isEqualTo("1.2.3.4 - -");
        assertThat(post("/api/v1/dead-letters", body, "X-Write-Key", "wk_acme").statusCode())
                .isEqualTo(403);
    }

    @Test
    void answersSegmentClientsTheirWay() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString("wk_acme:".getBytes(StandardCharsets.UTF_8));
        for (String path :
                List.of("track", "t", "page", "p", "screen", "s", "identify", "i", "group", "g", "alias", "a")) {
            HttpResponse<String> reply = post(
                    "/v1/" + path,
                    "{\"event\":\"x\",\"userId\":\"u\",\"messageId\":\"" + path + "\"}",
                    "Authorization",
                    basic);
            assertThat(reply.statusCode()).as(path).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("{\"success\":true}");
        }
        assertThat(events())
                .extracting(Event::type)
                .contains("x", "page_view", "screen_view", "identify", "group", "alias");
        String batch =
                "{\"writeKey\":\"wk_acme\",\"sentAt\":\"2026-01-01T00:00:10Z\",\"batch\":[{\"type\":\"track\",\"event\":\"y\","
                        + "\"originalTimestamp\":\"2026-01-01T00:00:00Z\",\"timestamp\":\"2020-01-01T00:00:00Z\"},{\"type\":\"dance\"}]}";
        for (String path : List.of("batch", "b", "import")) {
            HttpResponse<String> reply = post("/v1/" + path, batch);
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(reply.body()).at("/rejected/0/reason").asText())
                    .isEqualTo("unknown_call_type");
        }
        Event last = events().getLast();
        assertThat(last.receivedAtMillis() - last.timestampMillis()).isEqualTo(10_000);
    }

    @Test
    void tellsTheBrowserLibraryOfSegmentItsSettings() throws Exception {
        HttpResponse<String> reply = client.send(
                request("/v1/projects/wk_acme/settings", "Origin", "https://shop.example")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode destination = JSON.readTree(reply.body()).path("integrations").path("Segment.io");
        assertThat(destination.path("apiHost").asText()).isEqualTo("127.0.0.1:" + server.port + "/v1");
        assertThat(destination.path("protocol").asText()).isEqualTo("https");
        assertThat(client.send(request("/v1/projects/wrong/settings").build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void answers503WithRetryAfterWhenTheJournalIsFull() throws Exception {
        MemoryJournal small = new MemoryJournal(1, 100);
        try (CollectServer full = new CollectServer(new FixedTenants(), small, Desk.CONFIG, (_, _, _, _) -> Set.of())) {
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + full.port + "/api/v1/events?key=wk_acme"))
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"event_type\":\"a\",\"properties\":{\"x\":\"" + "y".repeat(200) + "\"}}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.headers().firstValue("Retry-After")).isPresent();
            assertThat(full.meters.counter("tidemark.events.accepted").count()).isZero();
            assertThat(full.inFlight()).isZero();
        }
    }

    @Test
    void takesTheEncodingFromTheAddressOfABrowserThatShouldNotAskFirst() throws Exception {
        byte[] plain = ("{\"batch\":[" + EVENT + "]}").getBytes(StandardCharsets.UTF_8);
        assertThat(encodedByAddress("gzip", FuzzBodies.gzip(plain)).statusCode())
                .isEqualTo(202);
        assertThat(events()).hasSize(1);
        assertThat(encodedByAddress("br", plain).statusCode()).isEqualTo(415);
        assertThat(encodedByAddress("gzip", plain).statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> encodedByAddress(String encoding, byte[] body) throws Exception {
        return client.send(
                request(
                                "/api/v1/events?key=wk_acme&encoding=" + encoding,
                                "Content-Type",
                                "text/plain",
                                "Origin",
                                "https://shop.example")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> encoded(String encoding, byte[] body) throws Exception {
        return client.send(
                request("/api/v1/events", "X-Write-Key", "wk_acme", "Content-Encoding", encoding)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return client.send(
                request(path, headers)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private List<JournalEntry> entries() {
        EntryCodec codec = new EntryCodec();
        return journal.read(0, 0, 10_000).stream()
                .map(record -> codec.decode(record.bytes()))
                .toList();
    }

    private List<Event> events() {
        return entries().stream().map(Event.class::cast).toList();
    }

    private static byte[] rawDeflate(byte[] plain) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(6, true))) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
