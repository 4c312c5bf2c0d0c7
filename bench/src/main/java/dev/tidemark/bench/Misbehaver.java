package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A tenant that sends, asks and watches as much as it can, from when it is made until it is closed; refusals slow it down a little. */
final class Misbehaver implements AutoCloseable {
    private static final int EVENTS_A_REQUEST = 500;
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(20);
    private static final String HEAVY = """
            {"type":"table","range":{"last":"30d"},"breakdowns":["properties.path","properties.country"],
             "filter":{"property":"properties.number","operator":"gt","value":%d},
             "measures":[{"name":"n","measure":"events","event":"view"},{"name":"people","measure":"users","event":"view"}]}""";
    private static final String REPORT = """
            {"report_name":"All","widgets":[{"type":"metric","title":"Views",
             "question":{"measures":[{"name":"views","measure":"events"}],"range":{"last":"7d"}}}]}""";

    private final String url;
    private final TidemarkClient client;
    private final TimeSource time;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient streams =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicInteger watching = new AtomicInteger();
    private volatile long begun;
    private volatile boolean over;

    /**
     * What it managed to do.
     *
     * @param eventsPerSecond accepted
     * @param questionsPerSecond answered
     * @param refusals of both
     * @param viewers that were watching at the end
     */
    record Done(double eventsPerSecond, double questionsPerSecond, long refusals, int viewers) {}

    /** Begins at once. The client is left open. */
    Misbehaver(String url, TidemarkClient client, NeighboursBench.Load load, TimeSource time)
            throws IOException, InterruptedException {
        this.url = url;
        this.client = client;
        this.time = time;
        String body = Neighbour.batch(EVENTS_A_REQUEST, 0);
        JsonNode report = client.call("POST", "/api/v1/reports", REPORT).json();
        JsonNode token = client.call(
                        "POST",
                        "/api/v1/reports/" + report.path("report_id").asText() + "/embed-tokens",
                        "{\"expires_in\":3600}")
                .json();
        for (int sender = 0; sender < load.senders(); sender++) {
            threads.execute(() -> repeat(number -> count(client.postEvents(body), 202, accepted, EVENTS_A_REQUEST)));
        }
        for (int asker = 0; asker < load.askers(); asker++) {
            int salt = asker * 1_000_000;
            threads.execute(() -> repeat(number -> count(
                    client.call("POST", "/api/v1/query", HEAVY.formatted(-1 - salt - number)), 200, answered, 1)));
        }
        for (int viewer = 0; viewer < load.viewers(); viewer++) {
            threads.execute(() ->
                    watch(report.path("report_id").asText(), token.path("token").asText()));
        }
        begin();
    }

    private interface Deed {
        void again(int number) throws IOException, InterruptedException;
    }

    private void repeat(Deed deed) {
        try {
            for (int number = 0; !over; number++) {
                try {
                    deed.again(number);
                } catch (IOException _) {
                    refused.increment();
                    time.sleep(AFTER_REFUSAL);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(TidemarkClient.Answer answer, int good, LongAdder into, int by) throws InterruptedException {
        if (answer.status() == good) {
            into.add(by);
        } else {
            refused.increment();
            time.sleep(AFTER_REFUSAL);
        }
    }

    private void watch(String report, String token) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/reports/" + report + "/stream"))
                .header("Authorization", "Bearer " + token)
                .build();
        repeat(_ -> {
            HttpResponse<InputStream> response = streams.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == 200) {
                    watching.incrementAndGet();
                    try {
                        long _ = body.skip(Long.MAX_VALUE);
                    } finally {
                        watching.decrementAndGet();
                    }
                }
            }
            time.sleep(Duration.ofSeconds(1));
        });
    }

    /** Counts from now. */
    void begin() {
        accepted.reset();
        answered.reset();
        refused.reset();
        begun = time.nanos();
    }

    /** Since the beginning. */
    Done done() {
        double seconds = (time.nanos() - begun) / 1e9;
        return new Done(accepted.sum() / seconds, answered.sum() / seconds, refused.sum(), watching.get());
    }

    @Override
    public void close() {
        over = true;
        streams.shutdownNow();
        threads.shutdownNow();
        threads.close();
        streams.close();
    }
}
