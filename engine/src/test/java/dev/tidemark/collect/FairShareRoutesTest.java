package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.TenantId;
import dev.tidemark.journal.MemoryJournal;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests with events before a share that says who comes in when. */
@Timeout(60)
final class FairShareRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENTS = "{\"batch\":[{\"event_type\":\"a\"},{\"event_type\":\"b\"},{\"type\":1}]}";

    private final MemoryJournal journal = new MemoryJournal(1);
    private final Told share = new Told();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private CollectServer server;

    /** Has tenants wait as a test says, then lets them in. */
    private static final class Told implements FairShare {
        private final Queue<Duration> waits = new ConcurrentLinkedQueue<>();
        private final List<TenantId> asked = new CopyOnWriteArrayList<>();
        private final List<Integer> took = new CopyOnWriteArrayList<>();

        @Override
        public Entry enter(TenantId tenant) {
            asked.add(tenant);
            Duration wait = waits.poll();
            return wait == null ? new Entry.In(took::add) : new Entry.Wait(wait, 3_000);
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new CollectServer(new FixedTenants(), journal, Desk.CONFIG, (_, _, _, _) -> Set.of(), share, _ -> {});
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        client.close();
    }

    @Test
    void aShortWaitIsOnlyALaterAnswer() throws Exception {
        share.waits.addAll(List.of(Duration.ofMillis(30), Duration.ofMillis(20)));
        assertThat(post(EVENTS, FixedTenants.WRITE_KEY).statusCode()).isEqualTo(202);
        assertThat(share.asked).containsExactly(FixedTenants.ACME, FixedTenants.ACME, FixedTenants.ACME);
        assertThat(share.took).containsExactly(3);
        assertThat(journal.endOffset(0)).isEqualTo(2);
        assertThat(server.meters.counter("tidemark.requests.held").count()).isEqualTo(2);
    }

    @Test
    void whoWouldWaitLongIsToldWhenToSendAgainAndLosesNothing() throws Exception {
        share.waits.add(Duration.ofMillis(4_200));
        HttpResponse<String> refused = post(EVENTS, FixedTenants.WRITE_KEY);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("5");
        JsonNode problem = JSON.readTree(refused.body());
        assertThat(problem.path("code").asText()).isEqualTo("over_fair_share");
        assertThat(problem.path("limit").asText()).isEqualTo("fair_share");
        assertThat(problem.path("hard").asLong()).isEqualTo(3_000);
        assertThat(problem.path("retry_after").asLong()).isEqualTo(5);
        assertThat(journal.endOffset(0)).isZero();
        assertThat(post(EVENTS, FixedTenants.WRITE_KEY).statusCode()).isEqualTo(202);
        assertThat(journal.endOffset(0)).isEqualTo(2);
        assertThat(share.took).containsExactly(3);
        assertThat(server.meters
                        .counter("tidemark.requests.refused", "reason", "over_fair_share")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aSumOfShortWaitsIsALongOne() throws Exception {
        share.waits.addAll(List.of(Duration.ofMillis(100), Duration.ofMillis(950)));
        assertThat(post(EVENTS, FixedTenants.WRITE_KEY).statusCode()).isEqualTo(429);
        assertThat(journal.endOffset(0)).isZero();
    }

    @Test
    void theBodyOfARefusedRequestIsNotLookedAtAndItsConnectionIsUsedAgain() throws Exception {
        share.waits.add(Duration.ofSeconds(9));
        String broken = "{".repeat(200_000);
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, broken);
            assertThat(line(socket)).contains(" 429 ");
            send(socket, EVENTS);
            assertThat(line(socket)).contains(" 202 ");
        }
        assertThat(server.inFlight()).isZero();
    }

    @Test
    void whoseKeyStandsInTheBodyIsHeldToItsShareToo() throws Exception {
        share.waits.add(Duration.ofMillis(10));
        String body = "{\"batch\":[{\"event_type\":\"a\"}],\"write_key\":\"wk_acme\"}";
        assertThat(post(body, null).statusCode()).isEqualTo(429);
        assertThat(journal.endOffset(0)).isZero();
        assertThat(post(body, null).statusCode()).isEqualTo(202);
        assertThat(share.took).containsExactly(1);
    }

    @Test
    void whoGoesAwayWhileItWaitsIsForgotten() throws Exception {
        share.waits.add(Duration.ofMillis(300));
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, EVENTS);
            while (share.asked.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        share.waits.add(Duration.ofMillis(700));
        assertThat(post(EVENTS, FixedTenants.OTHER_KEY).statusCode()).isEqualTo(202);
        assertThat(share.asked).containsOnlyOnce(FixedTenants.ACME);
        assertThat(journal.endOffset(0)).isEqualTo(2);
    }

    private static void send(Socket socket, String body) throws IOException {
        socket.getOutputStream()
                .write(("POST /api/v1/events HTTP/1.1\r\nHost: a\r\nX-Write-Key: wk_acme\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** The status line of an answer, whose rest is read and let go. */
    private static String line(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        String text = head.toString();
        int at = text.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        int length = Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
        socket.getInputStream().skipNBytes(length);
        return text.substring(0, text.indexOf('\r'));
    }

    private HttpResponse<String> post(String body, @Nullable String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port + "/api/v1/events"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("X-Write-Key", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
