package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ServerFixture;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers who keep the server waiting, or come in crowds. */
@Timeout(120)
final class SlowCallersTest {
    private static final int CROWD = 2_000;
    private static final String HEAD_WITHOUT_END = "GET /test/hello HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String BODY_WITHOUT_END =
            "POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{";
    private static final HttpLimits IMPATIENT =
            new HttpLimits(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(2), 4 << 10, 0, true);

    @TempDir
    Path directory;

    @Test
    void twoThousandWhoDripKeepNobodyWaitingAndAreSentAway() throws Exception {
        try (ServerFixture server = fixture(IMPATIENT)) {
            List<Socket> crowd = new ArrayList<>();
            try {
                for (int index = 0; index < CROWD; index++) {
                    Socket socket = new Socket("127.0.0.1", server.server.port());
                    write(socket, index % 2 == 0 ? HEAD_WITHOUT_END : BODY_WITHOUT_END);
                    crowd.add(socket);
                }
                List<Long> waits = new ArrayList<>();
                long started = System.nanoTime();
                for (int drop = 0;
                        System.nanoTime() - started < Duration.ofSeconds(2).toNanos();
                        drop++) {
                    long asked = System.nanoTime();
                    assertThat(server.send("GET", "/test/hello", "").body()).isEqualTo("hello");
                    waits.add((System.nanoTime() - asked) / 1_000_000);
                    drip(crowd.get(drop * 2 % CROWD));
                }
                waits.sort(null);
                System.out.println("beside the crowd " + waits.size() + " were answered, half within "
                        + waits.get(waits.size() / 2) + " ms, all within " + waits.getLast() + " ms");
                assertThat(waits.get(waits.size() / 2)).isLessThan(200);
                assertThat(waits.getLast()).isLessThan(5_000);
                int told = 0;
                for (Socket socket : crowd) {
                    told += rest(socket).startsWith("HTTP/1.1 408") ? 1 : 0;
                }
                assertThat(told).as("of those whose body did not come").isEqualTo(CROWD / 2);
                assertThat(server.send("GET", "/test/hello", "").body()).isEqualTo("hello");
            } finally {
                for (Socket socket : crowd) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void whoSaysNothingAtAllOrNothingMoreIsSentAwayToo() throws Exception {
        try (ServerFixture server = fixture(IMPATIENT)) {
            Socket silent = new Socket("127.0.0.1", server.server.port());
            assertThat(rest(silent)).isEmpty();
            Socket served = new Socket("127.0.0.1", server.server.port());
            write(served, "GET /test/hello HTTP/1.1\r\nHost: x\r\n\r\nGET /test/hello HTTP/1.1\r\nX: ");
            assertThat(rest(served)).startsWith("HTTP/1.1 200").endsWith("hello");
            assertThat(server.send("POST", "/test/echo", "{\"a\":1}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoReadsAStreamMayTakeItsTime() throws Exception {
        try (ServerFixture server = fixture(IMPATIENT);
                HttpClient client = HttpClient.newHttpClient()) {
            Socket reader = new Socket("127.0.0.1", server.server.port());
            write(reader, "GET /test/stream HTTP/1.1\r\nHost: x\r\n\r\n");
            CompletableFuture<Integer> closed = new CompletableFuture<>();
            WebSocket socket = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer none")
                    .buildAsync(
                            java.net.URI.create("ws://127.0.0.1:" + server.server.port() + "/test/socket"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
                                    closed.complete(code);
                                    return null;
                                }

                                @Override
                                public void onError(WebSocket from, Throwable failure) {
                                    closed.complete(-1);
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            Socket silent = new Socket("127.0.0.1", server.server.port());
            write(silent, "GET /test/hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(rest(silent)).as("until it is sent away").endsWith("hello");
            assertThat(closed).as("the socket").isNotDone();
            reader.setSoTimeout(1);
            assertThat(isOpen(reader)).as("the stream").isTrue();
            socket.abort();
            reader.close();
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAndNoMore() throws Exception {
        HttpLimits few =
                new HttpLimits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), 1, 5, true);
        try (ServerFixture server = fixture(few)) {
            List<Socket> own = new ArrayList<>();
            for (int index = 0; index < 5; index++) {
                Socket socket = new Socket("127.0.0.1", server.server.port());
                write(socket, "GET /test/hello HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                                .readLine())
                        .startsWith("HTTP/1.1 200");
                own.add(socket);
            }
            Socket sixth = new Socket("127.0.0.1", server.server.port());
            assertThat(rest(sixth)).isEmpty();
            own.getFirst().close();
            String answer = "";
            for (int tries = 0; tries < 200 && answer.isEmpty(); tries++) {
                Socket next = new Socket("127.0.0.1", server.server.port());
                write(next, "GET /test/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                answer = rest(next);
            }
            assertThat(answer).startsWith("HTTP/1.1 200");
            for (Socket socket : own) {
                socket.close();
            }
        }
    }

    @Test
    void theMachineItselfIsNotCountedUnlessAskedTo() {
        OpenConnections usual = new OpenConnections(HttpLimits.DEFAULTS.withConnectionsOfAddress(1));
        assertThat(usual.enter("127.0.0.1")).isTrue();
        assertThat(usual.enter("127.0.0.1")).isTrue();
        assertThat(usual.enter("10.0.0.7")).isTrue();
        assertThat(usual.enter("10.0.0.7")).isFalse();
        assertThat(usual.enter("10.0.0.8")).isTrue();
        usual.leave("10.0.0.7");
        assertThat(usual.enter("10.0.0.7")).isTrue();
        usual.leave("10.0.0.7");
        usual.leave("10.0.0.8");
        usual.leave("127.0.0.1");
        assertThat(usual.addresses()).isZero();
        OpenConnections any = new OpenConnections(HttpLimits.DEFAULTS.withConnectionsOfAddress(0));
        assertThat(any.enter("10.0.0.7")).isTrue();
        assertThat(any.enter("10.0.0.7")).isTrue();
    }

    private ServerFixture fixture(HttpLimits limits) {
        return new ServerFixture(directory, limits, table -> {
            table.blocking(HttpMethod.GET, "/test/hello", Access.PUBLIC, _ -> Reply.text(200, "text/plain", "hello"));
            table.blocking(HttpMethod.POST, "/test/echo", Access.PUBLIC, call -> Reply.json(200, call.jsonObject()));
            table.events("/test/stream", Access.PUBLIC, (_, sink) -> sink.send(first()));
            table.socket("/test/socket", Access.PUBLIC, (_, sink) -> sink.send(first()));
        });
    }

    private static StreamEvent first() {
        return StreamEvent.of("snapshot", "e.1", "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static void drip(Socket socket) {
        try {
            write(socket, "a");
        } catch (IOException _) {
            // It has been sent away.
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isOpen(Socket socket) throws IOException {
        try {
            int next = 0;
            while (next >= 0) {
                next = socket.getInputStream().read();
            }
            return false;
        } catch (java.net.SocketTimeoutException _) {
            return true;
        }
    }

    /** Everything until the server closes the connection. */
    private static String rest(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        StringBuilder text = new StringBuilder();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                text.append((char) next);
                next = socket.getInputStream().read();
            }
        } catch (SocketException _) {
            // Closed with something of ours unread.
        }
        return text.toString();
    }
}
