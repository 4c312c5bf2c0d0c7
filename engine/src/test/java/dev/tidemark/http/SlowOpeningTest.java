package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ServerFixture;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose first event takes its time. */
@Timeout(60)
final class SlowOpeningTest {
    private static final StreamEvent FIRST = StreamEvent.of("snapshot", "e.1", "{}".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    private final CountDownLatch release = new CountDownLatch(1);
    private ServerFixture server;

    @BeforeEach
    void open() {
        server = new ServerFixture(directory, table -> {
            table.events("/test/slow", Access.PUBLIC, (_, sink) -> {
                await();
                sink.end(FIRST);
            });
            table.events("/test/failing", Access.PUBLIC, (_, _) -> {
                await();
                throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "the engine is away");
            });
            table.events("/test/refusing", Access.PUBLIC, (_, _) -> {
                throw new TidemarkException(ErrorCode.OVERLOADED, "too many streams are open");
            });
        });
    }

    @AfterEach
    void close() {
        release.countDown();
        server.close();
    }

    private void await() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aReaderWhoWaitsHearsThatItsStreamLives() throws IOException {
        try (Reader slow = new Reader("/test/slow");
                Reader failing = new Reader("/test/failing")) {
            assertThat(slow.next("HTTP/1.1")).startsWith("HTTP/1.1 200");
            assertThat(slow.next("event:")).isEqualTo("event: heartbeat");
            assertThat(failing.next("event:")).isEqualTo("event: heartbeat");
            release.countDown();
            assertThat(slow.next("event: snapshot")).isNotEmpty();
            assertThat(slow.next("data:")).isEqualTo("data: {}");
            assertThat(failing.next("event: error")).isNotEmpty();
            assertThat(failing.next("data:")).contains("the engine is away");
            assertThat(failing.next("0")).as("the end of the body").isEqualTo("0");
        }
    }

    @Test
    void aRefusalBeforeAnySignIsAPlainReply() throws IOException {
        try (Reader refusing = new Reader("/test/refusing")) {
            assertThat(refusing.next("HTTP/1.1")).startsWith("HTTP/1.1 503");
        }
    }

    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Reader(String path) throws IOException {
            socket = new Socket("127.0.0.1", server.server.port());
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next line that starts so; empty when there is none any more. */
        String next(String start) throws IOException {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
            return "";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
