package dev.tidemark.app.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Reads lines of bytes, ended by LF or CRLF, and keeps a running digest of everything read. Holds at most {@link #MAX_BYTES} of
 * a line; the rest of a longer one is read and dropped. Not thread-safe.
 */
final class LineReader implements AutoCloseable {
    static final int MAX_BYTES = 1 << 20;

    private final InputStream in;
    private final MessageDigest digest = Hashes.sha256();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int end;
    private long number;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line; empty at the end. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        boolean any = false;
        boolean whole = true;
        while (position < end || fill()) {
            any = true;
            int start = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            boolean ended = position < end;
            int room = MAX_BYTES - bytes.size();
            int length = position - start;
            bytes.write(buffer, start, Math.min(room, length));
            whole &= length <= room;
            position += ended ? 1 : 0;
            digest.update(buffer, start, position - start);
            if (ended) {
                return Optional.of(line(bytes, true, whole));
            }
        }
        return any ? Optional.of(line(bytes, false, whole)) : Optional.empty();
    }

    /** Of everything up to the end of the last line returned, still open. */
    MessageDigest digest() {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of the JDK can be cloned", e);
        }
    }

    private Line line(ByteArrayOutputStream bytes, boolean terminated, boolean whole) {
        byte[] all = bytes.toByteArray();
        int length = all.length;
        if (terminated && length > 0 && all[length - 1] == '\r') {
            length--;
        }
        number++;
        return new Line(number, java.util.Arrays.copyOf(all, length), terminated, whole);
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * One line without its end.
     *
     * @param number from 1
     * @param terminated whether a line end followed; false only for the last one
     * @param whole whether all of it is here
     */
    record Line(long number, byte[] bytes, boolean terminated, boolean whole) {
        String text() {
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
