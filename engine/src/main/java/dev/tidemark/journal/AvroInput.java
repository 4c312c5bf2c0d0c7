package dev.tidemark.journal;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the primitives of Avro's binary encoding from an array. Avro's own decoder makes three objects a text; this one makes at most the text. Not thread-safe. */
final class AvroInput {
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MOST_VARINT_BITS = 63;

    private final TextCache texts;
    private byte[] bytes = new byte[0];
    private int position;

    AvroInput(TextCache texts) {
        this.texts = texts;
    }

    void reset(byte[] source) {
        bytes = source;
        position = 0;
    }

    boolean isAtEnd() {
        return position == bytes.length;
    }

    long readLong() throws IOException {
        long coded = 0;
        for (int shift = 0; shift <= MOST_VARINT_BITS; shift += 7) {
            byte next = nextByte();
            coded |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return (coded >>> 1) ^ -(coded & 1);
            }
        }
        throw new IOException("a number is too long");
    }

    int readInt() throws IOException {
        return Math.toIntExact(readLong());
    }

    boolean readBoolean() throws IOException {
        return nextByte() == 1;
    }

    double readDouble() throws IOException {
        int from = take(Double.BYTES);
        return (double) DOUBLE.get(bytes, from);
    }

    /** A text that is not expected to come again. */
    String readText() throws IOException {
        int length = readInt();
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /** A text that probably came before. */
    String readRepeatedText() throws IOException {
        int length = readInt();
        return texts.text(bytes, take(length), length);
    }

    /** The number of items in the next block of a map; 0 at its end. */
    long readBlock() throws IOException {
        long count = readLong();
        if (count < 0) {
            readLong();
            return -count;
        }
        return count;
    }

    private byte nextByte() throws EOFException {
        return bytes[take(1)];
    }

    private int take(int length) throws EOFException {
        if (length < 0 || length > bytes.length - position) {
            throw new EOFException("an entry ends too early");
        }
        int from = position;
        position += length;
        return from;
    }
}
