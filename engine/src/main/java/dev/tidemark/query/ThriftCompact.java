package dev.tidemark.query;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes structures in Thrift's compact protocol, in which Parquet keeps its headers. Fields must come in ascending order. */
final class ThriftCompact {
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int last;

    ThriftCompact integer(int field, int value) {
        header(field, I32);
        varint(zigzag(value));
        return this;
    }

    ThriftCompact number(int field, long value) {
        header(field, I64);
        varint(zigzag(value));
        return this;
    }

    ThriftCompact text(int field, String value) {
        header(field, BINARY);
        bytes(value);
        return this;
    }

    ThriftCompact structure(int field) {
        header(field, STRUCT);
        return element();
    }

    /** A list of structures, each begun by {@link #element}. */
    ThriftCompact structures(int field, int size) {
        list(field, size, STRUCT);
        return this;
    }

    ThriftCompact integers(int field, int... values) {
        list(field, values.length, I32);
        for (int value : values) {
            varint(zigzag(value));
        }
        return this;
    }

    ThriftCompact texts(int field, String... values) {
        list(field, values.length, BINARY);
        for (String value : values) {
            bytes(value);
        }
        return this;
    }

    /** Begins a structure within a list. */
    ThriftCompact element() {
        outer.push(last);
        last = 0;
        return this;
    }

    /** Ends the innermost structure. */
    ThriftCompact end() {
        out.write(0);
        last = outer.isEmpty() ? 0 : outer.pop();
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void list(int field, int size, int type) {
        header(field, LIST);
        if (size < 15) {
            out.write(size << 4 | type);
        } else {
            out.write(0xF0 | type);
            varint(size);
        }
    }

    private void header(int field, int type) {
        int step = field - last;
        if (step > 0 && step <= 15) {
            out.write(step << 4 | type);
        } else {
            out.write(type);
            varint(zigzag(field));
        }
        last = field;
    }

    private void bytes(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }
}
