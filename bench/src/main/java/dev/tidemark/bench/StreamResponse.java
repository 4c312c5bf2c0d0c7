package dev.tidemark.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads one HTTP/1.1 response whose body comes bit by bit: in chunks, or of a given length where it is a refusal. Not thread-safe. */
final class StreamResponse {
    private static final int LONGEST_HEAD = 32 << 10;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private enum Phase {
        HEAD,
        CHUNK_SIZE,
        CHUNK,
        AFTER_CHUNK,
        TRAILER,
        LENGTH,
        OVER
    }

    private Phase phase = Phase.HEAD;
    private ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private int headEnd;
    private int status;
    private long left;
    private boolean sized;

    /** 0 while the head is not whole. */
    int status() {
        return status;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Takes bytes and hands the body's on. */
    void feed(ByteBuffer received, Consumer<ByteBuffer> body) throws IOException {
        while (received.hasRemaining() && phase != Phase.OVER) {
            switch (phase) {
                case HEAD -> head(received.get());
                case CHUNK_SIZE -> size(received.get());
                case CHUNK, LENGTH -> pass(received, body);
                case AFTER_CHUNK -> {
                    if (received.get() == '\n') {
                        phase = Phase.CHUNK_SIZE;
                    }
                }
                case TRAILER -> {
                    if (received.get() == '\n') {
                        phase = Phase.OVER;
                    }
                }
                case OVER -> {}
            }
        }
    }

    private void head(byte next) throws IOException {
        head.write(next);
        headEnd = next == HEAD_END[headEnd] ? headEnd + 1 : next == '\r' ? 1 : 0;
        if (headEnd == HEAD_END.length) {
            interpret(head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
            head = new ByteArrayOutputStream(0);
        } else if (head.size() > LONGEST_HEAD) {
            throw new IOException("a response with an endless head");
        }
    }

    private void interpret(String text) throws IOException {
        if (!text.matches("(?s)http/1\\.1 \\d{3}.*")) {
            throw new IOException(
                    "not an HTTP/1.1 response: " + text.lines().findFirst().orElse(""));
        }
        status = Integer.parseInt(text.substring(9, 12));
        if (text.contains("\r\ntransfer-encoding: chunked\r\n")) {
            phase = Phase.CHUNK_SIZE;
            left = 0;
            return;
        }
        int at = text.indexOf("\r\ncontent-length:");
        if (at < 0) {
            throw new IOException("a response without chunks and without a length");
        }
        left = Long.parseLong(
                text.substring(at + 17, text.indexOf("\r\n", at + 2)).strip());
        phase = left == 0 ? Phase.OVER : Phase.LENGTH;
    }

    private void size(byte next) throws IOException {
        int digit = Character.digit(next, 16);
        if (digit >= 0 && !sized) {
            left = left * 16 + digit;
        } else if (next == '\n') {
            phase = left == 0 ? Phase.TRAILER : Phase.CHUNK;
            sized = false;
        } else if (next == '\r' || next == ';' || sized) {
            sized = true;
        } else {
            throw new IOException("a chunk of no size");
        }
    }

    private void pass(ByteBuffer received, Consumer<ByteBuffer> body) {
        int limit = received.limit();
        int count = (int) Math.min(left, received.remaining());
        received.limit(received.position() + count);
        body.accept(received);
        received.limit(limit);
        left -= count;
        if (left == 0) {
            phase = phase == Phase.LENGTH ? Phase.OVER : Phase.AFTER_CHUNK;
        }
    }
}
