package dev.tidemark.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Gathers the bytes of one HTTP/1.1 response with a content length and reads from it the few facts that the load generator
 * needs. Reused for every response of a connection; not thread-safe.
 */
final class HttpAnswer {
    private static final byte[] ACCEPTED = "\"accepted\":".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_EXCERPT = 600;

    private byte[] bytes = new byte[16 * 1024];
    private int size;
    private int bodyStart = -1;
    private int end = -1;

    void reset() {
        size = 0;
        bodyStart = -1;
        end = -1;
    }

    /** Takes bytes; tells whether the response is now whole. */
    boolean add(ByteBuffer received) {
        int count = received.remaining();
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
        received.get(bytes, size, count);
        int scanned = Math.max(0, size - 3);
        size += count;
        if (bodyStart < 0) {
            findBody(scanned);
        }
        if (end >= 0 && size > end) {
            throw new IllegalStateException("the server sent more than one response to a request: " + excerpt());
        }
        return end >= 0 && size == end;
    }

    private void findBody(int from) {
        for (int i = from; i + 3 < size; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                bodyStart = i + 4;
                String length = header("content-length");
                if (length.isEmpty()) {
                    throw new IllegalStateException("a response without a content length: " + excerpt());
                }
                end = bodyStart + Integer.parseInt(length);
                return;
            }
        }
    }

    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    }

    /** A header's value; empty without it. The name is given in lower case. */
    String header(String name) {
        String head = new String(bytes, 0, bodyStart, StandardCharsets.ISO_8859_1);
        int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
        if (at < 0) {
            return "";
        }
        int start = at + 3 + name.length();
        return head.substring(start, head.indexOf("\r\n", start)).strip();
    }

    /** The number that the body gives as accepted; -1 when it gives none. */
    int accepted() {
        for (int i = bodyStart; i + ACCEPTED.length < end; i++) {
            if (bytes[i] == '"' && matches(i)) {
                int at = i + ACCEPTED.length;
                while (at < end && bytes[at] == ' ') {
                    at++;
                }
                int value = 0;
                int start = at;
                while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
                    value = value * 10 + (bytes[at++] - '0');
                }
                return at == start ? -1 : value;
            }
        }
        return -1;
    }

    private boolean matches(int at) {
        return Arrays.equals(bytes, at, at + ACCEPTED.length, ACCEPTED, 0, ACCEPTED.length);
    }

    /** The beginning of the response, to be shown in an error. */
    String excerpt() {
        return new String(bytes, 0, Math.min(size, LONGEST_EXCERPT), StandardCharsets.UTF_8);
    }
}
