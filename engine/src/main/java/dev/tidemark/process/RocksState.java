package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The state in a RocksDB of its own: column families for cursors, traits, the outbox and what was set aside, and one per
 * partition and generation of ids. Every commit is fsynced. Thread-safe.
 */
final class RocksState implements State {
    private static final byte[] INSTANCE = bytes("instance");
    private static final String TRAITS = "traits";
    private static final String OUTBOX = "outbox";
    private static final String QUARANTINE = "quarantine";
    private static final int KEYS_PER_READ = 2_000;
    private static final long BLOCK_CACHE_BYTES = 24L << 20;
    private static final long MEMTABLES_BYTES = 48L << 20;
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final long MAX_WAL_BYTES = 128L << 20;
    private static final long LOG_FILE_BYTES = 1L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Deque<AutoCloseable> natives = new ArrayDeque<>();
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions synced;
    private final WriteOptions relaxed;
    private final RocksDB database;
    private final ColumnFamilyHandle cursors;
    private final ColumnFamilyHandle traits;
    private final ColumnFamilyHandle outbox;
    private final ColumnFamilyHandle quarantine;
    private final IdGenerations generations;
    private final String instance;
    private boolean closed;

    private RocksState(Path directory, InstantSource clock) throws RocksDBException {
        LRUCache cache = keep(new LRUCache(BLOCK_CACHE_BYTES));
        BloomFilter filter = keep(new BloomFilter(10));
        familyOptions = keep(new ColumnFamilyOptions())
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(3)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(filter)
                        .setFormatVersion(5));
        DBOptions options = keep(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setDbWriteBufferSize(MEMTABLES_BYTES)
                .setMaxTotalWalSize(MAX_WAL_BYTES)
                .setMaxBackgroundJobs(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setStatsDumpPeriodSec(0);
        synced = keep(new WriteOptions()).setSync(true);
        relaxed = keep(new WriteOptions());
        List<String> names = names(directory);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        database = RocksDB.open(
                options,
                directory.toString(),
                names.stream()
                        .map(name -> new ColumnFamilyDescriptor(bytes(name), familyOptions))
                        .toList(),
                handles);
        natives.push(database);
        handles.forEach(natives::push);
        cursors = handles.get(0);
        traits = handles.get(1);
        outbox = handles.get(2);
        quarantine = handles.get(3);
        generations = new IdGenerations(database, familyOptions);
        for (int family = 4; family < handles.size(); family++) {
            generations.opened(names.get(family), handles.get(family));
        }
        byte[] stored = database.get(cursors, INSTANCE);
        if (stored == null) {
            stored = bytes(Long.toString(clock.millis(), 36));
            database.put(cursors, synced, INSTANCE, stored);
        }
        instance = new String(stored, StandardCharsets.UTF_8);
    }

    /** Opens or creates. Fails with {@code INVALID_CONFIGURATION} when another process has it, else {@code STORAGE_FAILED}. */
    static RocksState open(Path directory, InstantSource clock) {
        try {
            Files.createDirectories(directory);
            return new RocksState(directory, clock);
        } catch (IOException failure) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the directory of the processing state cannot be made", failure);
        } catch (RocksDBException failure) {
            String message = String.valueOf(failure.getMessage());
            if (message.contains("LOCK") && message.contains("lock ")) {
                throw new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the data directory is in use by another server: the processing state is locked",
                        failure);
            }
            throw failed("opened", failure);
        }
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public long cursor(int partition) {
        return reading(() -> {
            byte[] stored = database.get(cursors, OutboxItem.keyPrefix(partition));
            return stored == null ? -1L : ByteBuffer.wrap(stored).getLong();
        });
    }

    @Override
    public boolean[] known(int partition, List<byte[]> idKeys) {
        return reading(() -> {
            boolean[] known = new boolean[idKeys.size()];
            for (IdGenerations.Family family : generations.of(partition)) {
                List<Integer> asked = new ArrayList<>();
                List<byte[]> keys = new ArrayList<>();
                for (int index = 0; index < known.length; index++) {
                    if (!known[index] && family.mayContain(idKeys.get(index))) {
                        asked.add(index);
                        keys.add(idKeys.get(index));
                    }
                }
                List<byte @Nullable []> values = multiGet(family.handle(), keys);
                for (int at = 0; at < asked.size(); at++) {
                    known[asked.get(at)] = values.get(at) != null;
                }
            }
            return known;
        });
    }

    @Override
    public List<byte @Nullable []> traits(List<byte[]> userKeys) {
        return reading(() -> multiGet(traits, userKeys));
    }

    @Override
    public void commit(Change change) {
        if (!reading(
                () -> generations.hasAll(change.partition(), change.idKeys().keySet()))) {
            changing(
                    () -> generations.ensure(change.partition(), change.idKeys().keySet()));
        }
        reading(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                byte[] nothing = new byte[0];
                for (Map.Entry<Generation, List<byte[]>> ids : change.idKeys().entrySet()) {
                    IdGenerations.Family family = generations.get(change.partition(), ids.getKey());
                    for (byte[] key : ids.getValue()) {
                        batch.put(family.handle(), key, nothing);
                        if (family.filter() != null) {
                            family.filter().add(key);
                        }
                    }
                }
                for (Map.Entry<byte[], byte[]> user : change.traits().entrySet()) {
                    batch.put(traits, user.getKey(), user.getValue());
                }
                for (OutboxItem item : change.outbox()) {
                    batch.put(outbox, item.key(), item.value());
                }
                byte[] cursor =
                        ByteBuffer.allocate(Long.BYTES).putLong(change.cursor()).array();
                batch.put(cursors, OutboxItem.keyPrefix(change.partition()), cursor);
                database.write(synced, batch);
            }
            return true;
        });
    }

    @Override
    public List<OutboxItem> outbox(int partition) {
        return reading(() -> {
            List<OutboxItem> items = new ArrayList<>();
            byte[] prefix = OutboxItem.keyPrefix(partition);
            try (RocksIterator iterator = database.newIterator(outbox)) {
                iterator.seek(prefix);
                while (iterator.isValid() && Arrays.mismatch(prefix, iterator.key()) == prefix.length) {
                    items.add(OutboxItem.of(iterator.key(), iterator.value()));
                    iterator.next();
                }
                iterator.status();
            }
            return items;
        });
    }

    @Override
    public void delivered(OutboxItem item) {
        reading(() -> {
            database.delete(outbox, relaxed, item.key());
            return true;
        });
    }

    @Override
    public void quarantine(OutboxItem item) {
        reading(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(quarantine, item.key(), item.value());
                batch.delete(outbox, item.key());
                database.write(synced, batch);
            }
            return true;
        });
    }

    @Override
    public void forgetIds(int partition, long endMillis) {
        if (!reading(() -> generations.hasEndedBy(partition, endMillis))) {
            return;
        }
        changing(() -> generations.drop(partition, endMillis));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            generations.close();
            for (AutoCloseable resource = natives.poll(); resource != null; resource = natives.poll()) {
                resource.close();
            }
        } catch (Exception failure) {
            throw failed("closed", failure);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private List<byte @Nullable []> multiGet(ColumnFamilyHandle family, List<byte[]> keys) throws RocksDBException {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += KEYS_PER_READ) {
            List<byte[]> portion = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_READ));
            values.addAll(database.multiGetAsList(Collections.nCopies(portion.size(), family), portion));
        }
        return values;
    }

    private interface Read<T> {
        T apply() throws RocksDBException;
    }

    private interface FamilyChange {
        void apply() throws RocksDBException;
    }

    /** With the column families held still. */
    private <T> T reading(Read<T> read) {
        return locked(lock.readLock(), read);
    }

    /** While nobody else is inside. */
    private void changing(FamilyChange change) {
        locked(lock.writeLock(), () -> {
            change.apply();
            return true;
        });
    }

    private <T> T locked(Lock held, Read<T> action) {
        held.lock();
        try {
            if (closed) {
                throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the processing state is closed");
            }
            return action.apply();
        } catch (RocksDBException failure) {
            throw failed("used", failure);
        } finally {
            held.unlock();
        }
    }

    /** The fixed families first, in the order in which they are looked up, then those of the generations. */
    private static List<String> names(Path directory) throws RocksDBException {
        List<String> names = new ArrayList<>(
                List.of(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8), TRAITS, OUTBOX, QUARANTINE));
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

    private <T extends AutoCloseable> T keep(T resource) {
        natives.push(resource);
        return resource;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static TidemarkException failed(String verb, Exception failure) {
        return new TidemarkException(ErrorCode.STORAGE_FAILED, "the processing state could not be " + verb, failure);
    }
}
