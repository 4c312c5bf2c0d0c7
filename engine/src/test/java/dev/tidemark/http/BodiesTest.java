package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ServerFixture;
import dev.tidemark.base.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that come in pieces, echoed. */
@Timeout(60)
final class BodiesTest {
    private static final int MOST = 200_000;

    @TempDir
    Path directory;

    private final AtomicLong kept = new AtomicLong();
    private ServerFixture server;

    @BeforeEach
    void open() {
        server = new ServerFixture(
                directory,
                table -> table.direct(
                        HttpMethod.POST,
                        "/test/echo",
                        Access.PUBLIC,
                        context -> Bodies.read(context.request(), MOST, more -> kept.addAndGet(more) <= MOST * 2L)
                                .onSuccess(body -> context.response().end(Buffer.buffer(body)))
                                .onFailure(failure -> Replies.send(context, Replies.failure(context, failure)))));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aBodyIsWhateverItsPiecesAreTogether() throws IOException {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 100, 8_191, 8_192, 8_193, 27_000, 100_000, MOST}) {
            for (boolean announced : new boolean[] {true, false}) {
                byte[] body = new byte[size];
                random.nextBytes(body);
                kept.set(0);
                assertThat(post(body, announced, random))
                        .as("%s bytes, announced: %s", size, announced)
                        .endsWith(body);
                assertThat(kept).as("bytes for which room was asked").hasValue(size);
            }
        }
    }

    @Test
    void aBodyForWhichThereIsNoRoomIsRefused() throws IOException {
        kept.set(MOST * 2L);
        assertThat(new String(post(new byte[10], true, new Random(1)), StandardCharsets.UTF_8))
                .contains(ErrorCode.OVERLOADED.wireName());
    }

    /** The whole answer of a connection that ends after it. */
    private byte[] post(byte[] body, boolean announced, Random random) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            String length = announced ? "Content-Length: " + body.length : "Transfer-Encoding: chunked";
            write(out, "POST /test/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + length + "\r\n\r\n");
            for (int at = 0; at < body.length; ) {
                int end = Math.min(body.length, at + 1 + random.nextInt(20_000));
                byte[] piece = Arrays.copyOfRange(body, at, end);
                if (announced) {
                    out.write(piece);
                } else {
                    write(out, Integer.toHexString(piece.length) + "\r\n");
                    out.write(piece);
                    write(out, "\r\n");
                }
                at = end;
            }
            if (!announced) {
                write(out, "0\r\n\r\n");
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toByteArray();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
