package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StreamResponseTest {
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nevent\r\n1A;name=value\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";

    private final StreamResponse response = new StreamResponse();
    private final StringBuilder body = new StringBuilder();

    private void feed(String text) throws IOException {
        response.feed(
                ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)),
                part -> body.append(StandardCharsets.ISO_8859_1.decode(part)));
    }

    @Test
    void takesChunksApartInWhateverPiecesTheyCome() throws IOException {
        for (int size : new int[] {1, 2, 3, 1000}) {
            StreamResponseTest each = new StreamResponseTest();
            for (int at = 0; at < CHUNKED.length(); at += size) {
                assertThat(each.response.isOver()).isFalse();
                each.feed(CHUNKED.substring(at, Math.min(CHUNKED.length(), at + size)));
            }
            assertThat(each.response.status()).isEqualTo(200);
            assertThat(each.body).hasToString("eventabcdefghijklmnopqrstuvwxyz");
            assertThat(each.response.isOver()).isTrue();
        }
    }

    @Test
    void readsARefusalOfAGivenLength() throws IOException {
        feed("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nfu");
        assertThat(response.isOver()).isFalse();
        feed("ll");
        assertThat(response.status()).isEqualTo(503);
        assertThat(body).hasToString("full");
        assertThat(response.isOver()).isTrue();
    }

    @Test
    void failsOnWhatIsNoResponse() {
        assertThatThrownBy(() -> feed("SSH-2.0-OpenSSH\r\n\r\n")).hasMessageContaining("ssh-2.0");
    }

    @Test
    void failsOnAChunkWithoutASize() {
        assertThatThrownBy(() -> feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz"))
                .isInstanceOf(IOException.class);
    }
}
