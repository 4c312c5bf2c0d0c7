package dev.tidemark.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts the body of a {@code text/event-stream} into events, however its bytes arrive. Not thread-safe. */
final class EventStreamParser {
    private static final int KEPT_BYTES = 4 << 10;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int size;
    /** Where the next line begins, and how far it was searched for its end. */
    private int line;

    private int searched;
    private String name = "";
    private String id = "";
    private int dataFrom = -1;
    private int dataTo;

    /** Takes events in order. The data are the given part of the array, valid during the call only. */
    @FunctionalInterface
    interface Handler {
        /** @param id empty where the event has none */
        void event(String name, String id, byte[] data, int from, int to);
    }

    void feed(ByteBuffer received, Handler handler) {
        append(received);
        while (true) {
            while (searched < size && bytes[searched] != '\n') {
                searched++;
            }
            if (searched == size) {
                break;
            }
            int end = searched > line && bytes[searched - 1] == '\r' ? searched - 1 : searched;
            int next = searched + 1;
            line(line, end, handler);
            line = next;
            searched = next;
        }
        compact();
    }

    private void append(ByteBuffer received) {
        int count = received.remaining();
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
        received.get(bytes, size, count);
        size += count;
    }

    private void line(int from, int to, Handler handler) {
        if (from == to) {
            if (dataFrom >= 0) {
                handler.event(name.isEmpty() ? "message" : name, id, bytes, dataFrom, dataTo);
            }
            name = "";
            id = "";
            dataFrom = -1;
            return;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        int value = colon + 1 < to && bytes[colon + 1] == ' ' ? colon + 2 : Math.min(colon + 1, to);
        switch (text(from, colon)) {
            case "event" -> name = text(value, to);
            case "id" -> id = text(value, to);
            case "data" -> data(value, to);
            default -> {}
        }
    }

    /** A further line of data is moved behind the first, with a line break between them, over what separated them. */
    private void data(int from, int to) {
        if (dataFrom < 0) {
            dataFrom = from;
            dataTo = to;
            return;
        }
        bytes[dataTo] = '\n';
        System.arraycopy(bytes, from, bytes, dataTo + 1, to - from);
        dataTo += 1 + to - from;
    }

    /** Forgets what was handled. An event that is under way keeps its place from its data on. */
    private void compact() {
        int needed = dataFrom >= 0 ? dataFrom : line;
        if (needed == size) {
            size = 0;
            if (bytes.length > KEPT_BYTES) {
                bytes = NOTHING;
            }
        } else if (needed > 0) {
            System.arraycopy(bytes, needed, bytes, 0, size - needed);
            size -= needed;
        }
        line -= needed;
        searched -= needed;
        if (dataFrom >= 0) {
            dataFrom = 0;
            dataTo -= needed;
        }
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
