package dev.tidemark.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, encoded once for all who get it. Thread-safe.
 *
 * <p>As a server-sent event its data is one line; over a WebSocket it is one text message {@code {"event","id","data"}}.
 */
public final class StreamEvent {
    private final byte[] lines;
    private final byte[] message;

    private StreamEvent(byte[] lines, byte[] message) {
        this.lines = lines;
        this.message = message;
    }

    /**
     * Makes an event.
     *
     * @param name lower-case letters
     * @param id where a reader may resume after it, of letters, digits, dots and hyphens; null when it may not
     * @param json UTF-8 without line breaks
     */
    public static StreamEvent of(String name, @Nullable String id, byte[] json) {
        String place = id == null ? "" : "id: " + id + "\n";
        String placed = id == null ? "" : "\"id\":\"" + id + "\",";
        return new StreamEvent(
                joined("event: " + name + "\n" + place + "data: ", json, "\n\n"),
                joined("{\"event\":\"" + name + "\"," + placed + "\"data\":", json, "}"));
    }

    /** In the form of server-sent events; not to be modified. */
    byte[] lines() {
        return lines;
    }

    /** The text of one message. */
    public String text() {
        return new String(message, StandardCharsets.UTF_8);
    }

    /** How much it weighs on the wire. */
    public int bytes() {
        return lines.length;
    }

    private static byte[] joined(String before, byte[] json, String after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + before.length() + after.length());
        out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(json);
        out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
