package dev.tidemark.live;

import dev.tidemark.http.EventSink;
import dev.tidemark.http.StreamEvent;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One reader of a stream. A reader who does not keep up misses changes and gets the newest state when there is room again. Guarded
 * by the lock of the stream, but for its beat.
 */
final class Viewer {
    private final EventSink sink;
    private final Supplier<Optional<String>> revoked;
    private boolean behind;
    private volatile boolean quiet;

    /**
     * A reader.
     *
     * @param revoked why the reader may no longer see the stream; empty while it may. Never blocks.
     */
    Viewer(EventSink sink, Supplier<Optional<String>> revoked) {
        this.sink = sink;
        this.revoked = revoked;
    }

    EventSink sink() {
        return sink;
    }

    Optional<String> revoked() {
        return revoked.get();
    }

    /** Sends a state that needs nothing before it. */
    void show(StreamEvent state) {
        quiet = false;
        behind = !sink.send(state);
    }

    /** Sends what follows on the last that was sent; a reader who is behind is left to catch up. */
    void follow(StreamEvent change) {
        quiet = false;
        behind = behind || !sink.send(change);
    }

    /** Sends a sign of life unless something else was sent since the last time that this was called. */
    void beat(StreamEvent sign) {
        if (quiet) {
            sink.send(sign);
        }
        quiet = true;
    }

    boolean isBehind() {
        return behind;
    }
}
