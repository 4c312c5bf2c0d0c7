package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ServerFixture;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StreamedReplyTest {
    private static final int LARGE = 20 << 20;

    @TempDir
    Path directory;

    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch fullPipe = new CountDownLatch(1);
    private final CompletableFuture<IOException> given = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final CompletableFuture<Boolean> working = new CompletableFuture<>();
    private ServerFixture server;

    @BeforeEach
    void open() {
        server = new ServerFixture(directory, table -> {
            stream(table, "/test/large", target -> {
                byte[] block = new byte[1000];
                for (int at = 0; at < LARGE; at += block.length) {
                    block[0] = (byte) (at / block.length);
                    target.write(block);
                }
                return Map.of("Export-Complete", "true");
            });
            stream(table, "/test/empty", _ -> Map.of("Export-Complete", "true"));
            stream(table, "/test/early", target -> {
                target.write("kept back".getBytes(StandardCharsets.UTF_8));
                throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "the engine is away");
            });
            stream(table, "/test/late", target -> {
                target.write(new byte[200_000]);
                throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "the engine is away");
            });
            stream(table, "/test/endless", target -> {
                try {
                    while (true) {
                        target.write(new byte[8 << 10]);
                        written.addAndGet(8 << 10);
                        if (written.get() > 1 << 20) {
                            fullPipe.countDown();
                        }
                    }
                } catch (IOException e) {
                    given.complete(e);
                    throw e;
                }
            });
            stream(table, "/test/waiting", target -> {
                target.write(new byte[100_000]);
                working.complete(true);
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                    throw new IOException(e);
                }
                return Map.of();
            });
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sendsTheWholeBodyAndThenTheTrailers() throws IOException {
        try (Socket socket = request("/test/large")) {
            byte[] all = socket.getInputStream().readAllBytes();
            String end = new String(all, all.length - 100, 100, StandardCharsets.ISO_8859_1);
            assertThat(all.length).isGreaterThan(LARGE);
            assertThat(end).contains("\r\n0\r\n").containsIgnoringCase("export-complete: true\r\n");
        }
        HttpResponse<String> response = server.send("GET", "/test/large", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSizeGreaterThan(LARGE / 2);
        assertThat(server.send("GET", "/test/empty", "").body()).isEmpty();
        assertThat(server.send("HEAD", "/test/large", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailureBeforeTheFirstByteIsAProblem() {
        HttpResponse<String> response = server.send("GET", "/test/early", "");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(ServerFixture.json(response).get("detail").asText()).isEqualTo("the engine is away");
        assertThat(response.body()).doesNotContain("kept back");
    }

    @Test
    void aFailureLaterBreaksTheTransferOff() throws IOException {
        assertThatThrownBy(() -> server.send("GET", "/test/late", "")).isInstanceOf(UncheckedIOException.class);
        try (Socket socket = request("/test/late")) {
            byte[] all = readWhatComes(socket.getInputStream());
            assertThat(new String(all, StandardCharsets.ISO_8859_1)).doesNotContain("\r\n0\r\n", "xport-");
        }
    }

    @Test
    void aSlowReaderFillsNoMemoryAndALeavingOneEndsTheWriter() throws Exception {
        Socket socket = request("/test/endless");
        InputStream input = socket.getInputStream();
        assertThat(input.read()).isEqualTo('H');
        long before = -1;
        while (before != written.get()) {
            before = written.get();
            Thread probe = Thread.ofVirtual().unstarted(() -> {});
            probe.start();
            probe.join();
            server.send("GET", "/test/empty", "");
        }
        assertThat(written.get()).isLessThan(64 << 20);
        input.readNBytes(4 << 20);
        assertThat(fullPipe.await(20, TimeUnit.SECONDS)).isTrue();
        socket.setSoLinger(true, 0);
        socket.close();
        assertThat(given.get(20, TimeUnit.SECONDS)).hasMessageContaining("gone");
    }

    @Test
    void aReaderThatLeavesInterruptsWhoeverWorksForIt() throws Exception {
        Socket socket = request("/test/waiting");
        socket.getInputStream().readNBytes(50_000);
        assertThat(working.get(20, TimeUnit.SECONDS)).isTrue();
        socket.close();
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(server.send("GET", "/test/empty", "").statusCode()).isEqualTo(200);
    }

    private static void stream(RouteTable table, String path, StreamedBody body) {
        table.blocking(HttpMethod.GET, path, Access.PUBLIC, _ -> Reply.streamed(200, "text/plain", body));
    }

    private Socket request(String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.server.port());
        OutputStream output = socket.getOutputStream();
        output.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        output.flush();
        return socket;
    }

    private static byte[] readWhatComes(InputStream input) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                all.write(buffer, 0, read);
            }
        } catch (IOException reset) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }
}
