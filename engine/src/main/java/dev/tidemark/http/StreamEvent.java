package dev.tidemark.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, encoded once for all who get it. Thread-safe.
 *
 * <p>As a server-sent event its data is one line; over a WebSocket it is one text message {@code {"event","id","data"}}.
 */
public final class StreamEvent {
    private static final String END = "\n\n";

    private final String name;
    private final @Nullable String id;
    private final Buffer lines;
    private final int dataFrom;
    private volatile @Nullable String text;

    private StreamEvent(String name, @Nullable String id, Buffer lines, int dataFrom) {
        this.name = name;
        this.id = id;
        this.lines = lines;
        this.dataFrom = dataFrom;
    }

    /**
     * Makes an event.
     *
     * @param name lower-case letters
     * @param id where a reader may resume after it, of letters, digits, dots and hyphens; null when it may not
     * @param json UTF-8 without line breaks
     */
    public static StreamEvent of(String name, @Nullable String id, byte[] json) {
        String before = "event: " + name + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: ";
        Buffer lines = Buffer.buffer(before.length() + json.length + END.length())
                .appendString(before)
                .appendBytes(json)
                .appendString(END);
        return new StreamEvent(name, id, lines, before.length());
    }

    /** In the form of server-sent events, the same for every reader; not to be modified. */
    Buffer lines() {
        return lines;
    }

    /** The text of one message. */
    public String text() {
        String made = text;
        if (made == null) {
            String placed = id == null ? "" : "\"id\":\"" + id + "\",";
            String data = lines.getString(dataFrom, lines.length() - END.length(), StandardCharsets.UTF_8.name());
            made = "{\"event\":\"" + name + "\"," + placed + "\"data\":" + data + "}";
            text = made;
        }
        return made;
    }

    /** How much it weighs on the wire. */
    public int bytes() {
        return lines.length();
    }
}
