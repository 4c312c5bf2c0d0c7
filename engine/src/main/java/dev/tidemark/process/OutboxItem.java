package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Block;
import dev.tidemark.store.Table;
import dev.tidemark.store.TouchedTimes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One block on its way to the store.
 *
 * @param first offset of the first entry that was read for its batch
 * @param next the offset after the last
 * @param index among the blocks of the batch
 * @param oldestReceivedAtMillis of its rows
 */
record OutboxItem(
        int partition,
        long first,
        long next,
        int index,
        long oldestReceivedAtMillis,
        List<Touch> touches,
        Block block) {
    /** Version 1 knew the first and the last time of a touch only. */
    private static final int VERSION = 2;

    /** Sorts by partition, then by offset, then by index. */
    byte[] key() {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + Integer.BYTES)
                .putInt(partition)
                .putLong(first)
                .putInt(index)
                .array();
    }

    static byte[] keyPrefix(int partition) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(partition).array();
    }

    byte[] value() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(block.payload().length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(next);
            out.writeLong(oldestReceivedAtMillis);
            out.writeInt(touches.size());
            for (Touch touch : touches) {
                out.writeUTF(touch.tenant().value());
                out.writeLong(touch.offset());
                writeTimes(out, touch.times());
            }
            out.writeUTF(block.token());
            out.writeUTF(block.table().name());
            out.writeInt(block.rows());
            out.writeInt(block.payload().length);
            out.write(block.payload());
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an outbox item could not be written", failure);
        }
        return bytes.toByteArray();
    }

    static OutboxItem of(byte[] key, byte[] value) {
        ByteBuffer keyBuffer = ByteBuffer.wrap(key);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int version = in.readByte();
            if (version < 1 || version > VERSION) {
                throw new IOException("unknown version");
            }
            long next = in.readLong();
            long oldest = in.readLong();
            int count = in.readInt();
            List<Touch> touches = new ArrayList<>();
            for (int touch = 0; touch < count; touch++) {
                touches.add(new Touch(new TenantId(in.readUTF()), in.readLong(), readTimes(in, version)));
            }
            String token = in.readUTF();
            Table table = Table.valueOf(in.readUTF());
            int rows = in.readInt();
            byte[] payload = new byte[in.readInt()];
            in.readFully(payload);
            return new OutboxItem(
                    keyBuffer.getInt(),
                    keyBuffer.getLong(),
                    next,
                    keyBuffer.getInt(),
                    oldest,
                    touches,
                    new Block(token, table, rows, payload));
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "an outbox item could not be read", failure);
        }
    }

    private static void writeTimes(DataOutputStream out, TouchedTimes times) throws IOException {
        out.writeUTF(times.unit().name());
        out.writeInt(times.numbers().size());
        for (long number : times.numbers()) {
            out.writeLong(number);
        }
    }

    private static TouchedTimes readTimes(DataInputStream in, int version) throws IOException {
        if (version == 1) {
            return TouchedTimes.between(in.readLong(), in.readLong());
        }
        TouchedTimes.Unit unit = TouchedTimes.Unit.valueOf(in.readUTF());
        int count = in.readInt();
        List<Long> numbers = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            numbers.add(in.readLong());
        }
        return new TouchedTimes(unit, numbers);
    }
}
