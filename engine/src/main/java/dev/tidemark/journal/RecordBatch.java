package dev.tidemark.journal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The stored form of entries that were appended together: the bytes of the partition before it (8), the number of entries
 * (4), then each entry's length (4) and bytes. Big-endian. Its key is the offset of its first entry.
 */
final class RecordBatch {
    private static final int COUNT_AT = Long.BYTES;
    private static final int ENTRIES_AT = COUNT_AT + Integer.BYTES;

    private RecordBatch() {}

    /** The bytes before it are filled in by {@link #place}. */
    static byte[] form(List<byte[]> entries) {
        int size = ENTRIES_AT;
        for (byte[] entry : entries) {
            size = Math.addExact(size, Integer.BYTES + entry.length);
        }
        ByteBuffer batch = ByteBuffer.allocate(size);
        batch.putLong(0L).putInt(entries.size());
        for (byte[] entry : entries) {
            batch.putInt(entry.length).put(entry);
        }
        return batch.array();
    }

    static void place(byte[] batch, long bytesBefore) {
        ByteBuffer.wrap(batch).putLong(0, bytesBefore);
    }

    static long bytesBefore(byte[] batch) {
        return ByteBuffer.wrap(batch).getLong(0);
    }

    static int count(byte[] batch) {
        return ByteBuffer.wrap(batch).getInt(COUNT_AT);
    }

    /** Adds the entries from an offset on to a list until it has the given size; returns the offset after the last. */
    static long collect(byte[] batch, long base, long from, int maxSize, List<JournalRecord> into) {
        ByteBuffer buffer = ByteBuffer.wrap(batch);
        int count = buffer.getInt(COUNT_AT);
        buffer.position(ENTRIES_AT);
        long offset = base;
        for (; offset < base + count && into.size() < maxSize; offset++) {
            int length = buffer.getInt();
            if (offset >= from) {
                byte[] entry = new byte[length];
                buffer.get(entry);
                into.add(new JournalRecord(offset, entry));
            } else {
                buffer.position(buffer.position() + length);
            }
        }
        return offset;
    }

    static byte[] key(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
    }

    static long offset(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }
}
