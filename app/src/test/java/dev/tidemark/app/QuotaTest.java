package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of tenants in a server of its own, which is killed and started again. */
@Timeout(300)
final class QuotaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void theMonthIsCountedExactlyThroughKillsAndNeverPassed() throws Exception {
        Path data = directory.resolve("data");
        ServerCalls.Tenant acme;
        long sent;
        try (TestedServer server = TestedServer.start(data, "--no-demo");
                ServerCalls calls = new ServerCalls(server, data)) {
            acme = calls.tenant("acme");
            limit(calls, acme, "{\"overrides\":{\"events_per_month\":5000}}", 200);
            sent = flood(calls, acme, 4, 6, 100);
            server.handle().destroyForcibly();
            server.handle().onExit().join();
        }
        assertThat(sent).isEqualTo(2_400);
        try (TestedServer server = TestedServer.start(data, "--no-demo");
                ServerCalls calls = new ServerCalls(server, data)) {
            long before = sent;
            TestedServer.await("what came before the kill is counted", () -> used(calls, acme) == before);
            assertThat(calls.post(acme.writeKey(), batch("again", 0, 50)).statusCode())
                    .isEqualTo(202);
            assertThat(calls.post(acme.secretKey(), batch("again", 0, 50)).statusCode())
                    .isEqualTo(202);
            TestedServer.await("a copy counts once", () -> used(calls, acme) == before + 50);
            sent += 50;
            long more = flood(calls, acme, 8, 20, 50);
            sent += more;
            assertThat(sent).as("so many at a time do not pass the limit").isLessThanOrEqualTo(5_000);
            while (calls.post(acme.secretKey(), batch("last" + sent, 0, 1)).statusCode() == 202) {
                sent++;
            }
            assertThat(sent).isEqualTo(5_000);
            HttpResponse<String> refused = calls.post(acme.writeKey(), batch("over", 0, 1));
            assertThat(refused.statusCode()).isEqualTo(429);
            JsonNode problem = JSON.readTree(refused.body());
            assertThat(problem.path("code").asText()).isEqualTo("quota_exceeded");
            assertThat(problem.path("limit").asText()).isEqualTo("events_per_month");
            assertThat(problem.path("hard").asLong()).isEqualTo(5_000);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 3_600L);
            assertThat(refused.headers().firstValue("RateLimit").orElseThrow()).contains("\"events_per_month\";r=0;t=");
            assertThat(calls.count(acme, "over"))
                    .as("of a refused request nothing is kept")
                    .isZero();
            server.handle().destroyForcibly();
            server.handle().onExit().join();
        }
        try (TestedServer server = TestedServer.start(data, "--no-demo");
                ServerCalls calls = new ServerCalls(server, data)) {
            TestedServer.await("all is counted", () -> used(calls, acme) == 5_000);
            assertThat(calls.post(acme.writeKey(), batch("over", 0, 1)).statusCode())
                    .isEqualTo(429);
            limit(calls, acme, "{\"overrides\":{\"events_per_month\":6000}}", 200);
            assertThat(calls.post(acme.writeKey(), batch("raised", 0, 1)).statusCode())
                    .isEqualTo(202);
            JsonNode usage = calls.get(acme.secretKey(), "/api/v1/usage");
            assertThat(usage.path("days")).hasSize(31);
            assertThat(usage.path("days").get(30).path("events").asLong()).isEqualTo(5_001);
        }
    }

    @Test
    void keysOfATenantShareItsLimitsAndOthersAreLeftAlone() throws Exception {
        Path data = directory.resolve("data");
        try (TestedServer server = TestedServer.start(data, "--no-demo");
                ServerCalls calls = new ServerCalls(server, data)) {
            ServerCalls.Tenant acme = calls.tenant("acme");
            ServerCalls.Tenant globex = calls.tenant("globex");
            limit(calls, acme, "{\"plan\":\"none\"}", 400);
            limit(calls, acme, "{\"overrides\":{\"events_per_second\":0}}", 400);
            limit(calls, acme, """
                    {"overrides":{"events_per_second":10,"queries_per_minute":3,"viewers":0}}""", 200);

            assertThat(calls.post(acme.writeKey(), batch("a", 0, 1_500)).statusCode())
                    .isEqualTo(202);
            HttpResponse<String> refused = calls.post(acme.secretKey(), batch("b", 0, 1_500));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(JSON.readTree(refused.body()).path("code").asText()).isEqualTo("rate_limited");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(50L, 101L);
            HttpResponse<String> free = calls.post(globex.writeKey(), batch("c", 0, 2_000));
            assertThat(free.statusCode()).isEqualTo(202);
            assertThat(free.headers().firstValue("RateLimit")).isEmpty();

            for (int question = 0; question < 3; question++) {
                assertThat(calls.ask(acme, "a").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> unanswered = calls.ask(acme, "a");
            assertThat(unanswered.statusCode()).isEqualTo(429);
            assertThat(unanswered.headers().firstValue("RateLimit-Policy")).contains("\"queries_per_minute\";q=3;w=60");
            assertThat(calls.ask(globex, "c").statusCode()).isEqualTo(200);

            JsonNode usage = calls.get(acme.secretKey(), "/api/v1/usage");
            assertThat(usage.path("plan").asText()).isEqualTo("default");
            assertThat(usage.path("limits")).hasSize(6);
            assertThat(usage.toString()).contains("\"limit\":\"queries_per_minute\",\"used\":3,\"soft\":3,\"hard\":3");
            assertThat(calls.get(globex.secretKey(), "/api/v1/usage").toString())
                    .contains("\"limit\":\"queries_per_minute\",\"used\":1,\"soft\":null,\"hard\":null")
                    .doesNotContain("acme");

            TestedServer.await(
                    "storage is measured",
                    () -> calls.get(globex.secretKey(), "/api/v1/usage")
                                    .path("limits")
                                    .get(2)
                                    .path("used")
                                    .asLong()
                            > 0);
        }
    }

    /** Sends from several threads at a time; how many events were accepted. */
    private long flood(ServerCalls calls, ServerCalls.Tenant tenant, int threads, int requests, int events)
            throws Exception {
        List<Future<Long>> all = new ArrayList<>();
        long accepted = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                all.add(pool.submit(() -> {
                    long sum = 0;
                    for (int request = 0; request < requests; request++) {
                        String type = "flood" + number;
                        String key = request % 2 == 0 ? tenant.writeKey() : tenant.secretKey();
                        if (calls.post(
                                                key,
                                                batch(type, 0, events)
                                                        .replace(
                                                                "\"event_id\":\"" + type,
                                                                "\"event_id\":\"" + events + "-" + threads + "-"
                                                                        + request + type))
                                        .statusCode()
                                == 202) {
                            sum += events;
                        }
                    }
                    return sum;
                }));
            }
            for (Future<Long> each : all) {
                accepted += each.get();
            }
        }
        return accepted;
    }

    private static String batch(String type, int from, int events) {
        StringJoiner batch = new StringJoiner(",", "{\"batch\":[", "]}");
        for (int event = from; event < from + events; event++) {
            batch.add("{\"event_type\":\"" + type + "\",\"event_id\":\"" + type + "-" + event + "\"}");
        }
        return batch.toString();
    }

    private static long used(ServerCalls calls, ServerCalls.Tenant tenant) throws IOException, InterruptedException {
        return calls.get(tenant.secretKey(), "/api/v1/usage")
                .path("limits")
                .get(0)
                .path("used")
                .asLong();
    }

    private static void limit(ServerCalls calls, ServerCalls.Tenant tenant, String body, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> response = calls.asOperator("PUT", "/api/v1/tenants/" + tenant.id() + "/limits", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }
}
