package dev.tidemark.journal;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One opened RocksDB of the journal: a column family per partition, the default one for what holds for all. Its last batch
 * is never trimmed, so that the end of a partition can always be told. Calls after {@link #close} are the caller's
 * mistake; otherwise thread-safe, with one writer.
 */
final class JournalDatabase implements AutoCloseable {
    private static final byte[] PARTITIONS_KEY = "partitions".getBytes(StandardCharsets.UTF_8);
    private static final long BLOCK_CACHE_BYTES = 8L << 20;
    private static final long MEMTABLES_BYTES = 40L << 20;
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final long MAX_WAL_BYTES = 96L << 20;
    private static final long LOG_FILE_BYTES = 1L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Deque<AutoCloseable> natives;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> partitions;
    private final WriteOptions synced;
    private final WriteOptions relaxed;

    private JournalDatabase(Deque<AutoCloseable> natives, RocksDB database, List<ColumnFamilyHandle> partitions) {
        this.natives = natives;
        this.database = database;
        this.partitions = partitions;
        this.synced = new WriteOptions().setSync(true);
        this.relaxed = new WriteOptions();
        natives.push(synced);
        natives.push(relaxed);
    }

    /** Where a partition begins and ends, in offsets and in bytes. */
    record Extent(long begin, long end, long beginBytes, long endBytes) {
        long bytes() {
            return endBytes - beginBytes;
        }
    }

    /** One value to be stored at an offset of a partition. */
    record Placed(int partition, long offset, byte[] batch) {}

    /** Opens or creates. The number of partitions counts only for a new journal. */
    static JournalDatabase open(Path directory, int partitionsWhenNew) throws RocksDBException {
        Deque<AutoCloseable> natives = new ArrayDeque<>();
        boolean opened = false;
        try {
            Files.createDirectories(directory);
            LRUCache cache = keep(natives, new LRUCache(BLOCK_CACHE_BYTES));
            ColumnFamilyOptions family = keep(natives, new ColumnFamilyOptions())
                    .setWriteBufferSize(MEMTABLE_BYTES)
                    .setMaxWriteBufferNumber(3)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(new BlockBasedTableConfig()
                            .setBlockCache(cache)
                            .setBlockSize(64L << 10)
                            .setFormatVersion(5));
            DBOptions options = keep(natives, new DBOptions())
                    .setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setDbWriteBufferSize(MEMTABLES_BYTES)
                    .setMaxTotalWalSize(MAX_WAL_BYTES)
                    .setMaxBackgroundJobs(2)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(2)
                    .setMaxLogFileSize(LOG_FILE_BYTES)
                    .setStatsDumpPeriodSec(0);
            List<ColumnFamilyDescriptor> descriptors = descriptors(directory, partitionsWhenNew, family);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB database = RocksDB.open(options, directory.toString(), descriptors, handles);
            natives.push(database);
            handles.forEach(natives::push);
            checkPartitions(database, handles.size() - 1);
            opened = true;
            return new JournalDatabase(natives, database, handles.subList(1, handles.size()));
        } catch (IOException failure) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the journal's directory cannot be made", failure);
        } catch (RocksDBException failure) {
            if (isLocked(failure)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the data directory is in use by another server: the journal is locked",
                        failure);
            }
            throw failure;
        } finally {
            if (!opened) {
                closeAll(natives);
            }
        }
    }

    int partitions() {
        return partitions.size();
    }

    Extent extent(int partition) throws RocksDBException {
        try (RocksIterator iterator = database.newIterator(partitions.get(partition))) {
            iterator.seekToFirst();
            iterator.status();
            if (!iterator.isValid()) {
                return new Extent(0, 0, 0, 0);
            }
            long begin = RecordBatch.offset(iterator.key());
            long beginBytes = RecordBatch.bytesBefore(iterator.value());
            iterator.seekToLast();
            iterator.status();
            byte[] last = iterator.value();
            long end = RecordBatch.offset(iterator.key()) + RecordBatch.count(last);
            return new Extent(begin, end, beginBytes, RecordBatch.bytesBefore(last) + last.length);
        }
    }

    /** Stores all of them or none, fsynced. After a failure the outcome is unknown and the database must be opened anew. */
    void write(List<Placed> batches) throws RocksDBException {
        try (WriteBatch group = new WriteBatch()) {
            for (Placed placed : batches) {
                group.put(partitions.get(placed.partition()), RecordBatch.key(placed.offset()), placed.batch());
            }
            database.write(synced, group);
        }
    }

    /** Entries of the half-open range of offsets, at most so many. */
    List<JournalRecord> read(int partition, long from, long end, int maxEntries) throws RocksDBException {
        List<JournalRecord> records = new ArrayList<>(Math.min(maxEntries, 1024));
        try (RocksIterator iterator = database.newIterator(partitions.get(partition))) {
            iterator.seekForPrev(RecordBatch.key(from));
            long next = from;
            while (iterator.isValid() && next < end && records.size() < maxEntries) {
                long base = RecordBatch.offset(iterator.key());
                next = RecordBatch.collect(iterator.value(), base, from, maxEntries, records);
                iterator.next();
            }
            iterator.status();
        }
        return records;
    }

    /** Drops whole batches before the one that holds the offset; returns where the partition begins now. */
    Extent trim(int partition, long before, Extent now) throws RocksDBException {
        ColumnFamilyHandle family = partitions.get(partition);
        long begin;
        long beginBytes;
        try (RocksIterator iterator = database.newIterator(family)) {
            iterator.seekForPrev(RecordBatch.key(Math.min(before, now.end() - 1)));
            if (!iterator.isValid()) {
                iterator.status();
                return now;
            }
            begin = RecordBatch.offset(iterator.key());
            beginBytes = RecordBatch.bytesBefore(iterator.value());
        }
        if (begin <= now.begin()) {
            return now;
        }
        byte[] first = RecordBatch.key(0);
        byte[] past = RecordBatch.key(begin);
        database.deleteFilesInRanges(family, List.of(first, past), false);
        database.deleteRange(family, relaxed, first, past);
        return new Extent(begin, now.end(), beginBytes, now.endBytes());
    }

    /** Flushes all partitions, since they share the write-ahead log, so that nothing dropped is left there or in a file. */
    void compact(int partition) throws RocksDBException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                CompactRangeOptions all = new CompactRangeOptions()
                        .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            database.flush(flush);
            database.flush(flush, partitions);
            database.compactRange(partitions.get(partition), null, null, all);
        }
    }

    static boolean isOutOfSpace(RocksDBException failure) {
        Status status = failure.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace
                || String.valueOf(failure.getMessage()).contains("No space left");
    }

    @Override
    public void close() {
        closeAll(natives);
    }

    private static boolean isLocked(RocksDBException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("LOCK") && message.contains("lock ");
    }

    private static List<ColumnFamilyDescriptor> descriptors(
            Path directory, int partitionsWhenNew, ColumnFamilyOptions family) throws RocksDBException {
        List<byte[]> names;
        try (Options options = new Options()) {
            names = RocksDB.listColumnFamilies(options, directory.toString());
        }
        int count = names.size() > 1 ? names.size() - 1 : partitionsWhenNew;
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family));
        for (int partition = 0; partition < count; partition++) {
            byte[] name = ("partition-" + partition).getBytes(StandardCharsets.UTF_8);
            descriptors.add(new ColumnFamilyDescriptor(name, family));
        }
        return descriptors;
    }

    private static void checkPartitions(RocksDB database, int opened) throws RocksDBException {
        byte[] stored = database.get(PARTITIONS_KEY);
        if (stored == null) {
            try (WriteOptions synced = new WriteOptions().setSync(true)) {
                byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(opened).array();
                database.put(synced, PARTITIONS_KEY, value);
            }
        } else if (ByteBuffer.wrap(stored).getInt() != opened) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the journal is incomplete: it was made with "
                            + ByteBuffer.wrap(stored).getInt() + " partitions and has " + opened);
        }
    }

    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> natives, T resource) {
        natives.push(resource);
        return resource;
    }

    /** In the reverse order of their making. */
    private static void closeAll(Deque<AutoCloseable> natives) {
        RuntimeException first = null;
        for (@Nullable AutoCloseable resource = natives.poll(); resource != null; resource = natives.poll()) {
            try {
                resource.close();
            } catch (Exception failure) {
                first = first == null
                        ? new TidemarkException(ErrorCode.STORAGE_FAILED, "close failed", failure)
                        : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
