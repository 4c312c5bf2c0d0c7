package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tenant that floods a server of its own, which nobody has set limits for and which takes itself for busy at once. */
@Timeout(300)
final class FairShareTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SENDERS = 32;
    private static final int REQUESTS = 4;
    private static final int MOST_REQUESTS = 20 * REQUESTS;
    private static final int EVENTS_A_REQUEST = 2_000;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private record Tenant(String secretKey) {}

    @Test
    void aFloodIsToldToWaitAndLosesNothingAndItsNeighbourIsNeverRefused() throws Exception {
        Path data = directory.resolve("data");
        Path settings = directory.resolve("tidemark.yaml");
        Files.writeString(settings, "fairness: {busy-percent: 1}\n");
        try (TestedServer server = TestedServer.start(data, "--no-demo", "--config", settings.toString())) {
            Tenant flood = tenant(server, data, "flood");
            Tenant neighbour = tenant(server, data, "neighbour");
            assertThat(post(server, neighbour, batch("first", 10)).statusCode()).isEqualTo(202);
            AtomicInteger told = new AtomicInteger();
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger sent = new AtomicInteger(10);
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> senders = new ArrayList<>();
                for (int sender = 0; sender < SENDERS; sender++) {
                    String name = "f" + sender;
                    senders.add(threads.submit(() -> flood(server, flood, name, told, taken)));
                }
                Future<?> beside = threads.submit(() -> {
                    for (int request = 0; !over.get() || request < 3; request++) {
                        HttpResponse<String> answer = post(server, neighbour, batch("n" + request, 10));
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                        sent.addAndGet(10);
                        assertThat(count(server, neighbour)).isNotNegative();
                    }
                    return null;
                });
                for (Future<?> sender : senders) {
                    sender.get();
                }
                over.set(true);
                beside.get();
            }
            assertThat(told.get()).as("times that the flood was told").isPositive();
            TestedServer.await(
                    "all of the flood is stored, each event once", () -> count(server, flood) == taken.get());
            TestedServer.await("all of the neighbour is stored", () -> count(server, neighbour) == sent.get());
            String metrics = send(HttpRequest.newBuilder(server.url().resolve("/metrics"))
                            .header("Authorization", "Bearer " + operatorKey(data))
                            .build())
                    .body();
            assertThat(metrics)
                    .contains("tidemark_requests_refused_total{reason=\"over_fair_share\"} " + told.get() + ".0");
        }
    }

    /** Sends what was refused again, after the time that was told, until all is taken; and more until somebody was told to wait. */
    private Void flood(TestedServer server, Tenant tenant, String name, AtomicInteger told, AtomicInteger taken)
            throws Exception {
        for (int request = 0; request < REQUESTS || (told.get() == 0 && request < MOST_REQUESTS); request++) {
            String body = batch(name + "-" + request, EVENTS_A_REQUEST);
            HttpResponse<String> answer = post(server, tenant, body);
            while (answer.statusCode() == 429) {
                JsonNode problem = JSON.readTree(answer.body());
                assertThat(problem.path("code").asText()).isEqualTo("over_fair_share");
                long wait = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
                assertThat(wait).isBetween(1L, 11L);
                told.incrementAndGet();
                TimeSource.system().sleep(Duration.ofSeconds(wait));
                answer = post(server, tenant, body);
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            taken.addAndGet(EVENTS_A_REQUEST);
        }
        return null;
    }

    private static String batch(String ids, int events) {
        StringJoiner batch = new StringJoiner(",", "{\"batch\":[", "]}");
        for (int event = 0; event < events; event++) {
            batch.add("{\"event_type\":\"view\",\"event_id\":\"" + ids + "-" + event + "\"}");
        }
        return batch.toString();
    }

    private long count(TestedServer server, Tenant tenant) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(server, tenant.secretKey(), "/api/v1/query")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"type":"metric","measures":[{"name":"n","measure":"events","event":"view"}],"range":{"last":"7d"}}"""))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("data").path("value").asLong();
    }

    private HttpResponse<String> post(TestedServer server, Tenant tenant, String body)
            throws IOException, InterruptedException {
        return send(request(server, tenant.secretKey(), "/api/v1/events")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private Tenant tenant(TestedServer server, Path data, String id) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(server, operatorKey(data), "/api/v1/tenants")
                .POST(HttpRequest.BodyPublishers.ofString("{\"tenant_id\":\"" + id + "\"}"))
                .build());
        return new Tenant(JSON.readTree(response.body()).path("secret_key").asText());
    }

    private static String operatorKey(Path data) throws IOException {
        return JSON.readTree(Files.readString(data.resolve("run").resolve("server.json")))
                .path("operator_key")
                .asText();
    }

    private static HttpRequest.Builder request(TestedServer server, String key, String path) {
        URI address = server.url().resolve(path);
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
