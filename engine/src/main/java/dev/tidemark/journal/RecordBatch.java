package dev.tidemark.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The stored form of entries that were appended together: the bytes of the partition before it (8), the number of entries
 * (4), the length of what follows before it was compressed (4), then one LZ4 block of each entry's length (4) and bytes.
 * Where LZ4 gains nothing they stand as they are, which shows by the equal length. Big-endian. Its key is the offset of its
 * first entry.
 *
 * <p>Compressed here, and not in the database's files, because every byte is written three times: to the log, to a file, and
 * to the next level.
 */
final class RecordBatch {
    private static final int COUNT_AT = Long.BYTES;
    private static final int LENGTH_AT = COUNT_AT + Integer.BYTES;
    private static final int ENTRIES_AT = LENGTH_AT + Integer.BYTES;
    private static final int LEAST_COMPRESSED = 256;
    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();

    private RecordBatch() {}

    /** The bytes before it are filled in by {@link #place}. */
    static byte[] form(List<byte[]> entries) {
        int size = 0;
        for (byte[] entry : entries) {
            size = Math.addExact(size, Integer.BYTES + entry.length);
        }
        ByteBuffer plain = ByteBuffer.allocate(size);
        for (byte[] entry : entries) {
            plain.putInt(entry.length).put(entry);
        }
        byte[] batch = compressed(plain.array());
        ByteBuffer.wrap(batch).putLong(0L).putInt(entries.size()).putInt(size);
        return batch;
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
        int count = count(batch);
        ByteBuffer buffer = plain(batch);
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

    private static byte[] compressed(byte[] plain) {
        if (plain.length >= LEAST_COMPRESSED) {
            byte[] batch = new byte[ENTRIES_AT + COMPRESSOR.maxCompressedLength(plain.length)];
            int length = COMPRESSOR.compress(plain, 0, plain.length, batch, ENTRIES_AT);
            if (length < plain.length) {
                return Arrays.copyOf(batch, ENTRIES_AT + length);
            }
        }
        byte[] batch = new byte[ENTRIES_AT + plain.length];
        System.arraycopy(plain, 0, batch, ENTRIES_AT, plain.length);
        return batch;
    }

    private static ByteBuffer plain(byte[] batch) {
        int length = ByteBuffer.wrap(batch).getInt(LENGTH_AT);
        if (length == batch.length - ENTRIES_AT) {
            return ByteBuffer.wrap(batch, ENTRIES_AT, length);
        }
        byte[] plain = new byte[length];
        DECOMPRESSOR.decompress(batch, ENTRIES_AT, batch.length - ENTRIES_AT, plain, 0, length);
        return ByteBuffer.wrap(plain);
    }
}
