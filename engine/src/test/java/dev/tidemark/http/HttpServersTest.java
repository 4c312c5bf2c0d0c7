package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ServerFixture;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServersTest {
    @TempDir
    Path directory;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private ServerFixture server;

    @BeforeEach
    void open() {
        server = new ServerFixture(directory, table -> {
            table.blocking(HttpMethod.GET, "/test/hello", Access.PUBLIC, _ -> Reply.text(200, "text/plain", "hello"));
            table.blocking(HttpMethod.POST, "/test/echo", Access.PUBLIC, call -> Reply.json(200, call.jsonObject()));
            table.blocking(HttpMethod.GET, "/test/broken", Access.PUBLIC, _ -> {
                throw new IllegalStateException("secret of the inside");
            });
            table.direct(HttpMethod.GET, "/test/broken-directly", Access.PUBLIC, _ -> {
                throw new IllegalStateException("secret of the inside");
            });
            table.blocking(HttpMethod.GET, "/test/slow", Access.PUBLIC, _ -> {
                entered.countDown();
                try {
                    return Reply.text(leave.await(20, TimeUnit.SECONDS) ? 200 : 500, "text/plain", "done");
                } catch (InterruptedException e) {
                    throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "interrupted", e);
                }
            });
        });
    }

    @AfterEach
    void close() {
        leave.countDown();
        server.close();
    }

    @Test
    void answersUnknownAddressesWithAProblem() {
        HttpResponse<String> response = server.send("GET", "/api/v1/nothing", "", "X-Correlation-ID", "abc-1");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("X-Correlation-ID")).contains("abc-1");
        assertThat(ServerFixture.json(response).get("correlation_id").asText()).isEqualTo("abc-1");
    }

    @Test
    void saysWhichMethodsAnAddressAnswers() {
        HttpResponse<String> response = server.send("PATCH", "/test/hello", "{}");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(ServerFixture.json(response).get("code").asText()).isEqualTo("method_not_allowed");
        HttpResponse<String> options = server.send("OPTIONS", "/test/echo", "");
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains("OPTIONS, POST");
        assertThat(options.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void answersHeadAsGetWithoutTheBody() {
        HttpResponse<String> response = server.send("HEAD", "/test/hello", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Content-Length")).contains("5");
    }

    @Test
    void tellsNothingOfTheInsideWhenAHandlerFails() {
        for (String path : new String[] {"/test/broken", "/test/broken-directly"}) {
            HttpResponse<String> response = server.send("GET", path, "");
            assertThat(response.statusCode()).as(path).isEqualTo(500);
            assertThat(response.body()).contains("\"code\":\"internal\"").doesNotContain("secret", "Exception");
        }
    }

    @Test
    void refusesBodiesThatAreTooLargeEncodedOrNoJson() {
        assertThat(server.send("POST", "/test/echo", "x".repeat((4 << 20) + 1)).statusCode())
                .isEqualTo(413);
        assertThat(server.send("POST", "/test/echo", "{}", "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(415);
        assertThat(server.send("POST", "/test/echo", "{\"a\":1,\"a\":2}").statusCode())
                .isEqualTo(400);
        assertThat(server.send("POST", "/test/echo", "{} {}").statusCode()).isEqualTo(400);
        assertThat(server.send("POST", "/test/echo", "[1]").statusCode()).isEqualTo(400);
        assertThat(server.send("POST", "/test/echo", "{\"a\":1}").body()).isEqualTo("{\"a\":1}");
    }

    @Test
    void stopsReadingABodyWithoutEndAtTheLimit() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST /test/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int count = 0; count < 65; count++) {
                out.write(chunk);
            }
            out.flush();
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void survivesRequestsThatAreNoHttp() throws Exception {
        for (String garbage : new String[] {
            "\u00fe\u00ff\u00fd\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(50_000) + "\r\n\r\n",
            "GET /" + "z".repeat(50_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /test/hello?x=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /test/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Length: minus\r\n\r\n",
        }) {
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                assertThat(head(socket.getInputStream()))
                        .as(garbage.substring(0, Math.min(60, garbage.length())))
                        .matches("(?s)(HTTP/1\\.[01] 4\\d\\d.*)?");
            }
        }
        assertThat(server.send("GET", "/test/hello", "").body()).isEqualTo("hello");
    }

    @Test
    void finishesRequestsUnderWayBeforeItCloses() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> slow = threads.submit(() -> server.send("GET", "/test/slow", ""));
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            Future<?> closing = threads.submit(() -> server.server.close());
            leave.countDown();
            assertThat(slow.get(20, TimeUnit.SECONDS).body()).isEqualTo("done");
            closing.get(20, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> server.send("GET", "/test/hello", ""))
                .isInstanceOf(java.io.UncheckedIOException.class);
    }

    @Test
    void saysInOneLineThatThePortIsTaken() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() -> HttpServers.start(
                            vertx,
                            Router.router(vertx),
                            "127.0.0.1",
                            server.server.port(),
                            1,
                            Duration.ofSeconds(1),
                            HttpLimits.DEFAULTS,
                            TimeSource.system(),
                            new UuidV7(TimeSource.system(), new Random(1))))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + server.server.port());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static String head(InputStream in) throws java.io.IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            int next = in.read();
            while (next >= 0 && next != '\n') {
                bytes.write(next);
                next = in.read();
            }
        } catch (java.net.SocketException _) {
            // The server may reset a connection whose request it did not read to the end.
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
