package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventStreamParserTest {
    private static final String STREAM = ": hello\n\nevent: snapshot\nid: e.1\ndata: {\"report\":\"ü\"}\n\n"
            + "event: heartbeat\ndata: {}\n\ndata:first\ndata: second\r\n\r\nid: e.2\nevent: delta\ndata: [1]\nretry: 5\n\nid: lost\n\n"
            + "event: end\ndata: {\"reason\":\"" + "long ".repeat(4000) + "\"}\n\nevent: unfinished\ndata: x\n";
    private static final List<String> EVENTS = List.of(
            "snapshot|e.1|{\"report\":\"ü\"}",
            "heartbeat||{}",
            "message||first\nsecond",
            "delta|e.2|[1]",
            "end||{\"reason\":\"" + "long ".repeat(4000) + "\"}");

    private final EventStreamParser parser = new EventStreamParser();
    private final List<String> events = new ArrayList<>();

    private void feed(byte[] bytes, int from, int to) {
        parser.feed(
                ByteBuffer.wrap(bytes, from, to - from),
                (name, id, data, start, end) -> events.add(
                        name + "|" + id + "|" + new String(data, start, end - start, StandardCharsets.UTF_8)));
    }

    @Test
    void findsTheEventsOfAWholeBody() {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        feed(bytes, 0, bytes.length);
        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void findsThemHoweverTheBytesArrive() {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(3);
        for (int most : new int[] {1, 2, 7, 100, 5000}) {
            events.clear();
            EventStreamParserTest fresh = new EventStreamParserTest();
            for (int at = 0; at < bytes.length; ) {
                int next = Math.min(bytes.length, at + 1 + random.nextInt(most));
                fresh.feed(bytes, at, next);
                at = next;
            }
            assertThat(fresh.events).as("in pieces of at most %d", most).isEqualTo(EVENTS);
        }
    }
}
