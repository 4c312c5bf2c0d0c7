package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
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
import org.rocksdb.WriteOptions;

/** One opened RocksDB of the processing state, with its column families. Nothing may use it once it is closed. */
final class StateDatabase implements AutoCloseable {
    private static final String TRAITS = "traits";
    private static final String OUTBOX = "outbox";
    private static final String QUARANTINE = "quarantine";
    private static final String ERASED = "erased";
    private static final String TALLIES = "tallies";
    private static final int FIXED_FAMILIES = 6;
    private static final long BLOCK_CACHE_BYTES = 24L << 20;
    private static final long MEMTABLES_BYTES = 48L << 20;
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final long MAX_WAL_BYTES = 128L << 20;
    private static final long LOG_FILE_BYTES = 1L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Deque<AutoCloseable> natives;
    private final RocksDB rocks;
    private final List<ColumnFamilyHandle> families;
    private final IdGenerations generations;
    private final WriteOptions synced;
    private final WriteOptions relaxed;

    private StateDatabase(
            Deque<AutoCloseable> natives, RocksDB rocks, List<ColumnFamilyHandle> families, IdGenerations generations) {
        this.natives = natives;
        this.rocks = rocks;
        this.families = families;
        this.generations = generations;
        this.synced = new WriteOptions().setSync(true);
        this.relaxed = new WriteOptions();
        natives.push(synced);
        natives.push(relaxed);
    }

    static StateDatabase open(Path directory) throws RocksDBException {
        Deque<AutoCloseable> natives = new ArrayDeque<>();
        boolean opened = false;
        try {
            LRUCache cache = keep(natives, new LRUCache(BLOCK_CACHE_BYTES));
            BloomFilter filter = keep(natives, new BloomFilter(10));
            ColumnFamilyOptions familyOptions = keep(natives, new ColumnFamilyOptions())
                    .setWriteBufferSize(MEMTABLE_BYTES)
                    .setMaxWriteBufferNumber(3)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(new BlockBasedTableConfig()
                            .setBlockCache(cache)
                            .setCacheIndexAndFilterBlocks(true)
                            .setFilterPolicy(filter)
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
            List<String> names = names(directory);
            List<ColumnFamilyDescriptor> descriptors = names.stream()
                    .map(name -> new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), familyOptions))
                    .toList();
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB rocks = keep(natives, RocksDB.open(options, directory.toString(), descriptors, handles));
            handles.forEach(natives::push);
            IdGenerations generations = keep(natives, new IdGenerations(rocks, familyOptions));
            for (int family = FIXED_FAMILIES; family < handles.size(); family++) {
                ColumnFamilyHandle handle = handles.get(family);
                generations.opened(names.get(family), handle);
            }
            opened = true;
            return new StateDatabase(natives, rocks, handles, generations);
        } finally {
            if (!opened) {
                closeAll(natives);
            }
        }
    }

    RocksDB rocks() {
        return rocks;
    }

    ColumnFamilyHandle cursors() {
        return families.get(0);
    }

    ColumnFamilyHandle traits() {
        return families.get(1);
    }

    ColumnFamilyHandle outbox() {
        return families.get(2);
    }

    ColumnFamilyHandle quarantine() {
        return families.get(3);
    }

    ColumnFamilyHandle erased() {
        return families.get(4);
    }

    ColumnFamilyHandle tallies() {
        return families.get(5);
    }

    /**
     * Flushes all families, since they share the write-ahead log, and rewrites those that hold what is about persons. The manifest may
     * name a key as the border of a former file until the database is opened next.
     */
    void compact() throws RocksDBException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                CompactRangeOptions all = new CompactRangeOptions()
                        .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            rocks.flush(flush, families.subList(0, FIXED_FAMILIES));
            rocks.flush(flush, generations.handles());
            rocks.compactRange(traits(), null, null, all);
            rocks.compactRange(outbox(), null, null, all);
        }
    }

    IdGenerations generations() {
        return generations;
    }

    /** Of a write that is on disk when it returns. */
    WriteOptions synced() {
        return synced;
    }

    /** Of a write that a crash may undo. */
    WriteOptions relaxed() {
        return relaxed;
    }

    @Override
    public void close() {
        closeAll(natives);
    }

    /** The fixed families first, in the order in which they are looked up, then those of the generations. */
    private static List<String> names(Path directory) throws RocksDBException {
        List<String> names = new ArrayList<>(List.of(
                new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8),
                TRAITS,
                OUTBOX,
                QUARANTINE,
                ERASED,
                TALLIES));
        try (Options options = new Options()) {
            for (byte[] found : RocksDB.listColumnFamilies(options, directory.toString())) {
                String name = new String(found, StandardCharsets.UTF_8);
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> natives, T resource) {
        natives.push(resource);
        return resource;
    }

    /** In the reverse order of their making. */
    private static void closeAll(Deque<AutoCloseable> natives) {
        try {
            for (AutoCloseable resource = natives.poll(); resource != null; resource = natives.poll()) {
                resource.close();
            }
        } catch (Exception failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the processing state could not be closed", failure);
        }
    }
}
