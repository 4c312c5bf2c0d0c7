package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamEventTest {
    @Test
    void isTheSameEventInBothForms() {
        StreamEvent event = StreamEvent.of("delta", "e.7", "{\"patch\":\"größer\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(event.lines().toString(StandardCharsets.UTF_8))
                .isEqualTo("event: delta\nid: e.7\ndata: {\"patch\":\"größer\"}\n\n");
        assertThat(event.text()).isEqualTo("{\"event\":\"delta\",\"id\":\"e.7\",\"data\":{\"patch\":\"größer\"}}");
        assertThat(event.bytes()).isEqualTo(event.lines().length());
    }

    @Test
    void readersShareItsBytes() {
        StreamEvent event = StreamEvent.of("heartbeat", null, "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(event.lines()).isSameAs(event.lines());
        assertThat(event.lines().toString(StandardCharsets.UTF_8)).isEqualTo("event: heartbeat\ndata: {}\n\n");
        assertThat(event.text()).isSameAs(event.text()).isEqualTo("{\"event\":\"heartbeat\",\"data\":{}}");
    }
}
