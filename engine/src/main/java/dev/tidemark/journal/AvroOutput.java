package dev.tidemark.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the primitives of Avro's binary encoding into a growing array. Not thread-safe. */
final class AvroOutput {
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST_VARINT = 10;

    private byte[] bytes;
    private int size;

    AvroOutput(int capacity) {
        this.bytes = new byte[capacity];
    }

    void writeLong(long value) {
        reserve(LONGEST_VARINT);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void writeBoolean(boolean value) {
        reserve(1);
        bytes[size++] = (byte) (value ? 1 : 0);
    }

    void writeDouble(double value) {
        reserve(Double.BYTES);
        DOUBLE.set(bytes, size, value);
        size += Double.BYTES;
    }

    void writeText(String text) {
        int length = text.length();
        int begun = size;
        writeLong(length);
        reserve(length);
        for (int index = 0; index < length; index++) {
            char next = text.charAt(index);
            if (next >= 0x80) {
                size = begun;
                writeEncoded(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[size++] = (byte) next;
        }
    }

    /** Forgets what was written; keeps the array. */
    void clear() {
        size = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void writeEncoded(byte[] encoded) {
        writeLong(encoded.length);
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
