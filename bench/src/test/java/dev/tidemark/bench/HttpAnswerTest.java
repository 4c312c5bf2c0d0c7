package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HttpAnswerTest {
    private static final String BODY =
            "{\"results\":[{\"index\":0,\"status\":\"accepted\"}],\"status\":\"accepted\",\"accepted\": 50,\"rejected\":0}";
    private static final String RESPONSE =
            "HTTP/1.1 202 Accepted\r\nretry-after: 3\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

    private final HttpAnswer answer = new HttpAnswer();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void isWholeAtItsLastByteWhereverItIsCut() {
        for (int cut = 1; cut < RESPONSE.length(); cut++) {
            answer.reset();
            assertThat(answer.add(bytes(RESPONSE.substring(0, cut)))).isFalse();
            assertThat(answer.add(bytes(RESPONSE.substring(cut)))).isTrue();
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.accepted()).isEqualTo(50);
            assertThat(answer.header("retry-after")).isEqualTo("3");
            assertThat(answer.header("absent")).isEmpty();
        }
    }

    @Test
    void growsWithALargeBody() {
        String large = " ".repeat(100_000) + BODY;
        assertThat(answer.add(bytes("HTTP/1.1 202 Accepted\r\nContent-Length: " + large.length() + "\r\n\r\n" + large)))
                .isTrue();
        assertThat(answer.accepted()).isEqualTo(50);
    }

    @Test
    void knowsWhenTheBodyCountsNothing() {
        assertThat(answer.add(bytes("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}")))
                .isTrue();
        assertThat(answer.accepted()).isEqualTo(-1);
    }

    @Test
    void refusesAResponseThatItCannotDelimit() {
        assertThatThrownBy(() -> answer.add(bytes("HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n")))
                .hasMessageContaining("content length");
    }

    @Test
    void refusesMoreThanOneResponse() {
        assertThatThrownBy(() -> answer.add(bytes(RESPONSE + "HTTP"))).hasMessageContaining("more than one");
    }
}
