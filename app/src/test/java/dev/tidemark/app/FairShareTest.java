package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TimeSource;
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

    @Test
    void aFloodIsToldToWaitAndLosesNothingAndItsNeighbourIsNeverRefused() throws Exception {
        Path data = directory.resolve("data");
        Path settings = directory.resolve("tidemark.yaml");
        Files.writeString(settings, "fairness: {busy-percent: 1}\n");
        try (TestedServer server = TestedServer.start(data, "--no-demo", "--config", settings.toString());
                ServerCalls calls = new ServerCalls(server, data)) {
            ServerCalls.Tenant flood = calls.tenant("flood");
            ServerCalls.Tenant neighbour = calls.tenant("neighbour");
            assertThat(calls.post(neighbour.secretKey(), batch("first", 10)).statusCode())
                    .isEqualTo(202);
            AtomicInteger told = new AtomicInteger();
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger sent = new AtomicInteger(10);
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> senders = new ArrayList<>();
                for (int sender = 0; sender < SENDERS; sender++) {
                    String name = "f" + sender;
                    senders.add(threads.submit(() -> flood(calls, flood, name, told, taken)));
                }
                Future<?> beside = threads.submit(() -> {
                    for (int request = 0; !over.get() || request < 3; request++) {
                        HttpResponse<String> answer = calls.post(neighbour.secretKey(), batch("n" + request, 10));
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                        sent.addAndGet(10);
                        assertThat(calls.count(neighbour, "view")).isNotNegative();
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
                    "all of the flood is stored, each event once", () -> calls.count(flood, "view") == taken.get());
            TestedServer.await("all of the neighbour is stored", () -> calls.count(neighbour, "view") == sent.get());
            String metrics = calls.asOperator("GET", "/metrics", "").body();
            assertThat(metrics)
                    .contains("tidemark_requests_refused_total{reason=\"over_fair_share\"} " + told.get() + ".0");
        }
    }

    /** Sends what was refused again, after the time that was told, until all is taken; and more until somebody was told to wait. */
    private Void flood(
            ServerCalls calls, ServerCalls.Tenant tenant, String name, AtomicInteger told, AtomicInteger taken)
            throws Exception {
        for (int request = 0; request < REQUESTS || (told.get() == 0 && request < MOST_REQUESTS); request++) {
            String body = batch(name + "-" + request, EVENTS_A_REQUEST);
            HttpResponse<String> answer = calls.post(tenant.secretKey(), body);
            while (answer.statusCode() == 429) {
                JsonNode problem = JSON.readTree(answer.body());
                assertThat(problem.path("code").asText()).isEqualTo("over_fair_share");
                long wait = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
                assertThat(wait).isBetween(1L, 11L);
                told.incrementAndGet();
                TimeSource.system().sleep(Duration.ofSeconds(wait));
                answer = calls.post(tenant.secretKey(), body);
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
}
