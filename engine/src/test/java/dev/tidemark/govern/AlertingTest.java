package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.base.AlertKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AlertingTest {
    private static final String SECRET = "a-secret-of-the-receiver-0123456789";

    @TempDir
    Path directory;

    private GovernFixture with;
    private HttpServer receiver;
    private volatile int answers = 204;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private record Received(Map<String, List<String>> headers, String body) {
        JsonNode json() {
            return GovernFixture.json(body);
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(each -> each.getKey().equalsIgnoreCase(name))
                    .map(each -> each.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    @BeforeEach
    void open() throws IOException {
        with = new GovernFixture(directory);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.add(new Received(exchange.getRequestHeaders(), new String(body, StandardCharsets.UTF_8)));
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + with.server.server.port() + "/");
            exchange.sendResponseHeaders(answers, -1);
            exchange.close();
        });
        receiver.start();
        with.settings(settings());
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        with.close();
    }

    @Test
    void manyDeadLettersReachTheWebhookOnceAndSoDoesTheirEnd() {
        with.ok("POST", "/api/v1/schemas", """
                {'event_type':'order','mode':'enforce','schema':{'type':'object','required':['amount']}}""");
        for (int number = 0; number < 7; number++) {
            with.ok("POST", "/api/v1/events", "{'event_type':'order'}");
            with.alerting.round();
        }
        assertThat(received).hasSize(1);
        JsonNode raised = received.getFirst().json();
        assertThat(raised.path("type").asText()).isEqualTo("alert.raised");
        assertThat(raised.path("data").path("kind").asText()).isEqualTo("dead_letters");
        assertThat(raised.path("data").path("tenant_id").asText()).isEqualTo(with.tenant.value());
        assertThat(raised.path("data").path("details").path("dead_letters").asLong())
                .isEqualTo(3);
        assertThat(raised.path("text").asText())
                .isEqualTo(with.tenant + " had 3 dead letters within an hour; it is told from 3 on");
        assertThat(alerts().path(0).path("state").asText()).isEqualTo("up");

        with.server.time.advance(Duration.ofMinutes(61));
        with.collector.lookAtAlerts(List.of(with.tenant));
        with.alerting.round();

        assertThat(received).hasSize(2);
        assertThat(received.getLast().json().path("type").asText()).isEqualTo("alert.cleared");
        assertThat(received.getLast().json().path("data").path("alert_id"))
                .isEqualTo(raised.path("data").path("alert_id"));
        JsonNode alert = alerts().path(0);
        assertThat(alert.path("state").asText()).isEqualTo("cleared");
        assertThat(alert.path("cleared_at").asText()).isEqualTo("2026-03-01T13:01:00Z");
        assertThat(alert.path("messages"))
                .hasSize(2)
                .allSatisfy(
                        message -> assertThat(message.path("state").asText()).isEqualTo("delivered"));
    }

    @Test
    void messagesAreSignedAsStandardWebhooksAre() throws Exception {
        raise("events_per_month");
        assertSigned(received.getFirst(), SECRET.getBytes(StandardCharsets.UTF_8));

        byte[] key = "0123456789abcdef01234567".getBytes(StandardCharsets.UTF_8);
        with.settings(
                "{'alerts':{'webhook_secret':'whsec_" + Base64.getEncoder().encodeToString(key) + "'}}");
        raise("storage");
        assertSigned(received.getLast(), key);

        with.settings("{'alerts':{'webhook_secret':null}}");
        raise("viewers");
        assertThat(received.getLast().header("webhook-signature")).isEmpty();
    }

    @Test
    void aMessageThatIsNotTakenIsTriedAgainLaterEachTimeUnderItsId() {
        answers = 500;
        raise("events_per_month");
        List<Long> seconds = new ArrayList<>();
        long since = 0;
        while (alerts().path(0).path("messages").path(0).path("state").asText().equals("waiting")) {
            assertThat(since).isLessThan(20_000);
            int before = received.size();
            with.server.time.advance(Duration.ofSeconds(10));
            since += 10;
            with.alerting.round();
            if (received.size() > before) {
                seconds.add(since);
                since = 0;
            }
        }

        assertThat(seconds)
                .containsExactly(10L, 30L, 90L, 270L, 810L, 2_430L, 7_290L, 14_400L, 14_400L, 14_400L, 14_400L);
        assertThat(received.stream().map(each -> each.header("webhook-id")).distinct())
                .hasSize(1);
        JsonNode message = alerts().path(0).path("messages").path(0);
        assertThat(message.path("state").asText()).isEqualTo("given_up");
        assertThat(message.path("attempts").asInt()).isEqualTo(12);
        assertThat(message.path("problem").asText()).isEqualTo("127.0.0.1 answered 500");
    }

    @Test
    void aReceiverThatComesBackGetsWhatItMissed() {
        answers = 503;
        raise("events_per_month");
        with.alerting.clear(with.tenant, AlertKind.QUOTA_SOFT, "events_per_month");
        with.alerting.round();
        answers = 200;
        received.clear();

        with.server.time.advance(Duration.ofMinutes(1));
        with.alerting.round();
        with.alerting.round();

        assertThat(received.stream().map(each -> each.json().path("type").asText()))
                .containsExactly("alert.raised", "alert.cleared");
        assertThat(received.getFirst().json().path("data").path("state").asText())
                .isEqualTo("up");
    }

    @Test
    void whatIsUpStaysUpAcrossARestartAndIsNotToldAgain() {
        raise("events_per_month");
        try (Alerting restarted = with.alerting(new OutboundWeb(true))) {
            restarted.raise(with.tenant, AlertKind.QUOTA_SOFT, "events_per_month", Map.of());
            restarted.round();
            assertThat(received).hasSize(1);
            assertThat(alerts()).hasSize(1);

            restarted.clear(with.tenant, AlertKind.QUOTA_SOFT, "events_per_month");
        }
        assertThat(alerts().path(0).path("state").asText()).isEqualTo("cleared");
    }

    @Test
    void neitherRedirectsNorPrivateNetworksAreGoneTo() {
        answers = 307;
        raise("events_per_month");
        assertThat(received).hasSize(1);
        assertThat(alerts().path(0).path("messages").path(0).path("problem").asText())
                .isEqualTo("127.0.0.1 answered 307");

        with.server.time.advance(Duration.ofSeconds(1));
        try (Alerting strict = with.alerting(new OutboundWeb(false))) {
            strict.raise(with.tenant, AlertKind.QUOTA_HARD, "storage", Map.of());
            strict.round();
        }
        assertThat(received).hasSize(1);
        assertThat(alerts().path(0).path("messages").path(0).path("problem").asText())
                .isEqualTo("127.0.0.1 is in a private network");
    }

    @Test
    void theWebhookCanBeTriedAndSaysWhatCameOfIt() {
        JsonNode taken = with.ok("POST", "/api/v1/alerts/test", "");
        assertThat(taken.path("delivered").asBoolean()).isTrue();
        assertThat(taken.path("status").asInt()).isEqualTo(204);
        assertThat(received.getFirst().json().path("type").asText()).isEqualTo("alert.test");
        assertThat(with.send("POST", "/api/v1/alerts/test", "").statusCode()).isEqualTo(429);

        with.server.time.advance(Duration.ofSeconds(3));
        answers = 401;
        JsonNode refused = with.ok("POST", "/api/v1/alerts/test", "");
        assertThat(refused.path("delivered").asBoolean()).isFalse();
        assertThat(refused.path("problem").asText()).isEqualTo("127.0.0.1 answered 401");

        with.server.time.advance(Duration.ofSeconds(3));
        with.settings("{'alerts':{'webhook_url':null}}");
        assertThat(with.send("POST", "/api/v1/alerts/test", "").body()).contains("\"code\":\"conflict\"");
        assertThat(alerts()).isEmpty();
    }

    @Test
    void theSecretIsNeitherShownNorWrittenDown() throws IOException {
        HttpResponse<String> changed = with.send(
                "PUT",
                "/api/v1/settings",
                "{'alerts':{'webhook_url':'https://hooks.example.com/T00/token-in-path','webhook_secret':'" + SECRET
                        + "'}}");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).contains("\"webhook_secret_set\":true", "token-in-path");
        String seen = changed.body()
                + with.send("GET", "/api/v1/settings", "").body()
                + with.send("GET", "/api/v1/alerts", "").body()
                + with.server.tenants.settings(with.tenant);
        String audit = with.send("GET", "/api/v1/audit", "").body();

        assertThat(seen + audit).doesNotContain(SECRET);
        assertThat(audit).contains("https://hooks.example.com/").doesNotContain("token-in-path");
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.toString().contains("log")).toList())
                    .allSatisfy(file -> assertThat(
                                    Files.isRegularFile(file)
                                            ? Files.readString(file, StandardCharsets.ISO_8859_1)
                                            : "")
                            .doesNotContain(SECRET));
        }
        JsonNode shown = with.get("/api/v1/settings");
        assertThat(with.send("PUT", "/api/v1/settings", shown.toString()).statusCode())
                .isEqualTo(200);
        assertThat(with.server
                        .tenants
                        .settings(with.tenant)
                        .governance()
                        .alerts()
                        .webhookSecret())
                .isNotNull()
                .satisfies(secret -> assertThat(secret.reveal()).isEqualTo(SECRET));
    }

    @Test
    void wrongSettingsNameTheirField() {
        Map<String, String> wrong = Map.of(
                "'x'", "\"field\":\"alerts\"",
                "{'webhook':1}", "\"field\":\"alerts.webhook\"",
                "{'webhook_url':'ftp://hooks.example.com/'}", "\"field\":\"alerts.webhook_url\"",
                "{'webhook_url':'https://me:pass@hooks.example.com/'}", "\"field\":\"alerts.webhook_url\"",
                "{'webhook_url':7}", "\"field\":\"alerts.webhook_url\"",
                "{'webhook_secret':'short'}", "\"field\":\"alerts.webhook_secret\"",
                "{'webhook_secret':'whsec_not base 64 at all'}", "\"field\":\"alerts.webhook_secret\"",
                "{'dead_letters_per_hour':0}", "\"field\":\"alerts.dead_letters_per_hour\"");
        wrong.forEach((given, field) -> {
            HttpResponse<String> answer = with.send("PUT", "/api/v1/settings", "{'alerts':" + given + "}");
            assertThat(answer.statusCode()).as(given).isEqualTo(400);
            assertThat(answer.body()).as(given).contains(field);
        });
        assertThat(with.send("GET", "/api/v1/alerts?limit=0", "").body()).contains("\"field\":\"limit\"");
    }

    @Test
    void nobodySeesTheAlertsOfOthers() {
        raise("events_per_month");
        String other = with.server.key(dev.tidemark.ServerFixture.OTHER, AccessKey.Kind.SECRET);

        assertThat(with.server.get("/api/v1/alerts", other).body()).isEqualTo("{\"alerts\":[]}");
    }

    @Test
    void onlyTheLatestThousandAreKept() {
        with.settings("{'alerts':{'webhook_url':null}}");
        for (int number = 0; number < 1_005; number++) {
            with.alerting.raise(with.tenant, AlertKind.QUOTA_SOFT, "limit-" + number, Map.of());
            with.alerting.clear(with.tenant, AlertKind.QUOTA_SOFT, "limit-" + number);
            with.server.time.advance(Duration.ofSeconds(1));
        }
        with.alerting.round();
        assertThat(with.alerting.list(with.tenant, 5_000)).hasSizeBetween(1_000, 1_001);

        with.server.time.advance(Duration.ofDays(91));
        with.alerting.raise(with.tenant, AlertKind.QUOTA_HARD, "limit", Map.of());
        with.alerting.round();
        assertThat(with.alerting.list(with.tenant, 5_000)).hasSize(1);
    }

    private void raise(String limit) {
        with.alerting.raise(with.tenant, AlertKind.QUOTA_SOFT, limit, Map.of("used", 80, "limit", 100));
        with.alerting.round();
    }

    private JsonNode alerts() {
        return with.get("/api/v1/alerts").path("alerts");
    }

    private String settings() {
        return "{'alerts':{'webhook_url':'http://127.0.0.1:"
                + receiver.getAddress().getPort() + "/hook','webhook_secret':'" + SECRET
                + "','dead_letters_per_hour':3}}";
    }

    private static void assertSigned(Received message, byte[] key) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = message.header("webhook-id") + "." + message.header("webhook-timestamp") + "." + message.body();
        String expected = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        assertThat(message.header("webhook-signature")).isEqualTo("v1," + expected);
        assertThat(message.header("webhook-timestamp")).isEqualTo("1772366400");
    }
}
