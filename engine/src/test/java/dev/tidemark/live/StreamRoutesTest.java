package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.base.TenantId;
import dev.tidemark.report.Report;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamRoutesTest {
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final String TEXT_REPORT = """
            {"report_name":"%s","widgets":[{"type":"metric","title":"Views",
             "question":{"measures":[{"name":"views","measure":"events"}],"range":{"last":"7d"}}}]}""";

    @TempDir
    Path directory;

    private ServerFixture server;
    private ReportStreams streams;
    private Report report;
    private String key;
    private long offset;

    @BeforeEach
    void open() throws IOException {
        server = new ServerFixture(directory);
        streams = new ReportStreams(
                server.reports,
                server.runner,
                new NoFolding(),
                server.positions,
                new SettableProgress(1),
                server.time,
                LiveSettings.DEFAULTS,
                new SimpleMeterRegistry());
        new StreamRoutes(streams, server.authentication, server.time).register(server.table);
        report = server.reports.create(ServerFixture.ACME, ServerFixture.JSON.readTree(ServerFixture.REPORT));
        key = server.key(ServerFixture.ACME, AccessKey.Kind.SECRET);
    }

    @AfterEach
    void close() {
        streams.close();
        server.close();
    }

    @Test
    void streamsOverHttpBeginAtOnceAndMove() throws Exception {
        try (Reader reader = new Reader(key, "")) {
            assertThat(reader.head()).startsWith("HTTP/1.1 200").contains("text/event-stream", "no-store");
            assertThat(reader.next().at("/report/report_id").asText())
                    .isEqualTo(report.id().value());
            rename("Renamed");
            assertThat(reader.next().at("/report/report_name").asText()).isEqualTo("Renamed");
        }
        await(() -> streams.streams() == 0);
    }

    @Test
    void answersTheRefusedAsAnyRequest() throws Exception {
        String write = server.key(ServerFixture.ACME, AccessKey.Kind.WRITE);
        String foreign = server.key(ServerFixture.OTHER, AccessKey.Kind.SECRET);
        String elsewhere = server.embedToken(ServerFixture.ACME, "another-report");
        assertThat(head("sk_unknown")).startsWith("HTTP/1.1 401");
        assertThat(head(write)).startsWith("HTTP/1.1 403");
        assertThat(head(elsewhere)).startsWith("HTTP/1.1 403");
        assertThat(head(foreign)).startsWith("HTTP/1.1 404");
        assertThat(streams.streams()).isZero();
        assertThat(streams.reports()).isZero();
    }

    @Test
    void aStreamIsOfWhatItsReaderMayChooseAndEndsWhenThatIsTakenBack() throws Exception {
        String token = server.embedToken(ServerFixture.ACME, report.id().value());
        for (String chosen : List.of("?last=7d", "?breakdown=country", "?filters=%7B%22country%22:%5B%22DE%22%5D%7D")) {
            try (Reader refused = new Reader(token, chosen)) {
                assertThat(refused.head()).as(chosen).startsWith("HTTP/1.1 403");
            }
        }
        control("{\"breakdown\":[\"country\"]}");
        try (Reader reader = new Reader(token, "?breakdown=country")) {
            assertThat(reader.next().at("/report/controls/breakdown/0").asText())
                    .isEqualTo("country");
            control("{\"breakdown\":[\"device_type\"]}");
            streams.review();
            server.time.advance(Duration.ofSeconds(1));
            streams.refresh();
            assertThat(reader.next().path("reason").asText()).isEqualTo("not_allowed");
            assertThat(reader.isOver()).isTrue();
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        String token = server.tokens
                .issue(new EmbedTokens.Grant(
                        ServerFixture.ACME, report.id().value(), null, List.of(), "auto", Duration.ofMinutes(5)))
                .token();
        try (Reader reader = new Reader(token, "")) {
            reader.next();
            streams.review();
            assertThat(streams.streams()).isEqualTo(1);
            server.time.advance(Duration.ofMinutes(5).plus(EmbedTokens.LEEWAY).plusSeconds(1));
            streams.review();
            assertThat(reader.next().get("reason").asText()).isEqualTo("token_expired");
            assertThat(reader.isOver()).isTrue();
        }
    }

    @Test
    void aStreamEndsWithItsKey() throws Exception {
        try (Reader reader = new Reader(key, "")) {
            reader.next();
            String id = server.accounts.keys(ServerFixture.ACME).stream()
                    .filter(each -> each.kind() == AccessKey.Kind.SECRET)
                    .findFirst()
                    .orElseThrow()
                    .id();
            server.accounts.revokeKey(ServerFixture.ACME, id);
            streams.review();
            assertThat(reader.next().get("reason").asText()).isEqualTo("revoked");
        }
    }

    @Test
    void aWebSocketSaysItsTokenFirst() throws Exception {
        try (Socketed socket = new Socketed("")) {
            socket.send("{\"token\":\""
                    + server.embedToken(ServerFixture.ACME, report.id().value()) + "\"}");
            JsonNode first = socket.next();
            assertThat(first.get("event").asText()).isEqualTo("snapshot");
            rename("Renamed");
            JsonNode second = socket.next();
            assertThat(second.at("/data/report/report_name").asText()).isEqualTo("Renamed");
            try (Socketed again =
                    new Socketed("?last_event_id=" + second.get("id").asText())) {
                again.send("{\"token\":\"" + key + "\"}");
                rename("Again");
                assertThat(again.next().at("/data/report/report_name").asText()).isEqualTo("Again");
            }
        }
        await(() -> streams.streams() == 0);
    }

    @Test
    void aWebSocketWithAWrongTokenHearsWhyAndIsClosed() throws Exception {
        for (String message : List.of("{\"token\":\"sk_unknown\"}", "{}", "no json", "{\"token\":7}")) {
            try (Socketed socket = new Socketed("")) {
                socket.send(message);
                JsonNode refusal = socket.next();
                assertThat(refusal.get("event").asText()).isEqualTo("error");
                assertThat(refusal.at("/data/status").asInt()).isEqualTo(401);
            }
        }
        assertThat(streams.streams()).isZero();
    }

    @Test
    void nothingIsLeftOfReadersWhoComeAndGoInAnyManner() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Reader reader = new Reader(key, "");
            switch (random.nextInt(5)) {
                case 0 -> reader.next();
                case 1 -> reader.breakOff();
                case 2 -> reader.stopSending();
                default -> {}
            }
            readers.add(reader);
            if (i % 20 == 0) {
                rename("x".repeat(190) + i);
            }
            if (random.nextInt(3) == 0) {
                readers.remove(random.nextInt(readers.size())).close();
            }
        }
        for (Reader reader : readers) {
            reader.close();
        }
        // A reader who left at once may be welcomed after all others are gone.
        await(() -> {
            streams.beat();
            server.time.advance(Duration.ofMinutes(2));
            streams.review();
            return streams.streams() == 0 && streams.reports() == 0;
        });
    }

    private void control(String controls) throws IOException {
        server.reports.replace(
                ServerFixture.ACME,
                report.id(),
                OptionalLong.empty(),
                ServerFixture.JSON.readTree("{\"report_name\":\"r\",\"controls\":" + controls + "}"));
    }

    private void rename(String name) throws IOException {
        server.reports.replace(
                ServerFixture.ACME,
                report.id(),
                OptionalLong.empty(),
                ServerFixture.JSON.readTree(TEXT_REPORT.formatted(name)));
        server.time.advance(Duration.ofSeconds(1));
        streams.stored(0, ++offset, server.time.millis(), Set.of(ServerFixture.ACME, new TenantId("third")));
        streams.refresh();
    }

    private String head(String credential) throws IOException {
        try (Reader reader = new Reader(credential, "")) {
            return reader.head();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** A client of server-sent events on a plain socket, so that it can behave badly. */
    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        private String read = "";

        Reader(String credential, String query) throws IOException {
            socket = new Socket("127.0.0.1", server.server.port());
            socket.setSoTimeout(20_000);
            String request = "GET /api/v1/reports/" + report.id() + "/stream" + query
                    + " HTTP/1.1\r\nHost: localhost\r\n" + "Authorization: Bearer " + credential + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String head() throws IOException {
            if (read.isEmpty()) {
                StringBuilder head = new StringBuilder();
                for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    head.append(line).append('\n');
                }
                read = head.toString();
            }
            return read;
        }

        /** The data of the next event. */
        JsonNode next() throws IOException {
            head();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    return ServerFixture.JSON.readTree(line.substring(6));
                }
            }
            return ServerFixture.JSON.createObjectNode();
        }

        boolean isOver() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("0")) {
                    return true;
                }
            }
            return true;
        }

        void breakOff() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void stopSending() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final class Socketed implements AutoCloseable, WebSocket.Listener {
        private final HttpClient client = HttpClient.newHttpClient();
        private final WebSocket socket;
        private final StringBuilder text = new StringBuilder();
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        Socketed(String query) {
            socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.server.port() + "/api/v1/reports/" + report.id()
                                    + "/ws" + query),
                            this)
                    .join();
        }

        void send(String message) {
            socket.sendText(message, true).join();
        }

        JsonNode next() throws Exception {
            String message = messages.poll(20, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return ServerFixture.JSON.readTree(message);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }

        @Override
        public void close() {
            socket.abort();
            client.shutdownNow();
        }
    }
}
