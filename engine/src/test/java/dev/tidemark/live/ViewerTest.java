package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.http.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewerTest {
    private static final StreamEvent SNAPSHOT =
            StreamEvent.of("snapshot", "e.1", "{\"report\":{}}".getBytes(StandardCharsets.UTF_8));

    private final ReadSink sink = new ReadSink();
    private final Viewer viewer = new Viewer(sink, Optional::empty);

    @Test
    void onlyAQuietReaderGetsSignsOfLife() {
        viewer.show(SNAPSHOT);
        viewer.beat(Frames.heartBeat());
        assertThat(sink.events).containsExactly("snapshot");
        viewer.beat(Frames.heartBeat());
        viewer.beat(Frames.heartBeat());
        assertThat(sink.events).containsExactly("snapshot", "heartbeat", "heartbeat");
        viewer.follow(Frames.late(7));
        viewer.beat(Frames.heartBeat());
        assertThat(sink.events).containsExactly("snapshot", "heartbeat", "heartbeat", "stale");
    }

    @Test
    void aReaderWhoIsBehindGetsSignsOfLifeToo() {
        viewer.show(SNAPSHOT);
        sink.reads = false;
        viewer.follow(Frames.late(7));
        assertThat(viewer.isBehind()).isTrue();
        viewer.beat(Frames.heartBeat());
        sink.reads = true;
        viewer.beat(Frames.heartBeat());
        assertThat(sink.events).containsExactly("snapshot", "heartbeat");
    }
}
