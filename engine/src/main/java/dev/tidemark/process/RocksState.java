package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The state in a RocksDB of its own: column families for cursors, traits, the outbox and what was set aside, and one per
 * partition and generation of ids. Every commit is fsynced. After a failure the database is opened anew by the next call,
 * which fails too for as long as that does not work. Thread-safe.
 */
final class RocksState implements State {
    private static final byte[] INSTANCE = bytes("instance");
    private static final int KEYS_PER_READ = 2_000;

    private final Path directory;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String instance;
    private @Nullable StateDatabase database;
    private volatile boolean failed;
    private boolean closed;

    private RocksState(Path directory, StateDatabase database, InstantSource clock) throws RocksDBException {
        this.directory = directory;
        this.database = database;
        byte[] stored = database.rocks().get(database.cursors(), INSTANCE);
        if (stored == null) {
            stored = bytes(Long.toString(clock.millis(), 36));
            database.rocks().put(database.cursors(), database.synced(), INSTANCE, stored);
        }
        instance = new String(stored, StandardCharsets.UTF_8);
    }

    /** Opens or creates. Fails with {@code INVALID_CONFIGURATION} when another process has it, else {@code STORAGE_FAILED}. */
    static RocksState open(Path directory, InstantSource clock) {
        try {
            Files.createDirectories(directory);
            StateDatabase database = StateDatabase.open(directory);
            try {
                return new RocksState(directory, database, clock);
            } catch (RocksDBException failure) {
                database.close();
                throw failure;
            }
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
        return using(opened -> {
            byte[] stored = opened.rocks().get(opened.cursors(), OutboxItem.keyPrefix(partition));
            return stored == null ? -1L : ByteBuffer.wrap(stored).getLong();
        });
    }

    @Override
    public boolean[] known(int partition, List<byte[]> idKeys) {
        return using(opened -> {
            boolean[] known = new boolean[idKeys.size()];
            for (IdGenerations.Family family : opened.generations().of(partition)) {
                List<Integer> asked = new ArrayList<>();
                List<byte[]> keys = new ArrayList<>();
                for (int index = 0; index < known.length; index++) {
                    if (!known[index] && family.mayContain(idKeys.get(index))) {
                        asked.add(index);
                        keys.add(idKeys.get(index));
                    }
                }
                List<byte @Nullable []> values = multiGet(opened.rocks(), family.handle(), keys);
                for (int at = 0; at < asked.size(); at++) {
                    known[asked.get(at)] = values.get(at) != null;
                }
            }
            return known;
        });
    }

    @Override
    public List<byte @Nullable []> traits(List<byte[]> userKeys) {
        return using(opened -> multiGet(opened.rocks(), opened.traits(), userKeys));
    }

    @Override
    public void commit(Change change) {
        Set<Generation> wanted = change.idKeys().keySet();
        if (!using(opened -> opened.generations().hasAll(change.partition(), wanted))) {
            alone(opened -> opened.generations().ensure(change.partition(), wanted));
        }
        writing(opened -> {
            try (WriteBatch batch = new WriteBatch()) {
                byte[] nothing = new byte[0];
                for (Map.Entry<Generation, List<byte[]>> ids : change.idKeys().entrySet()) {
                    IdGenerations.Family family = opened.generations().get(change.partition(), ids.getKey());
                    for (byte[] key : inOrder(ids.getValue())) {
                        batch.put(family.handle(), key, nothing);
                        if (family.filter() != null) {
                            family.filter().add(key);
                        }
                    }
                }
                for (Map.Entry<byte[], byte[]> user : change.traits().entrySet()) {
                    batch.put(opened.traits(), user.getKey(), user.getValue());
                }
                for (Map.Entry<byte[], byte[]> tally : change.tallies().entrySet()) {
                    batch.put(opened.tallies(), tally.getKey(), tally.getValue());
                }
                for (OutboxItem item : change.outbox()) {
                    batch.put(opened.outbox(), item.key(), item.value());
                }
                byte[] cursor =
                        ByteBuffer.allocate(Long.BYTES).putLong(change.cursor()).array();
                batch.put(opened.cursors(), OutboxItem.keyPrefix(change.partition()), cursor);
                opened.rocks().write(opened.synced(), batch);
            }
        });
    }

    /** As the memory table holds them: what is next to each other is then put there with the processor's cache warm. */
    private static List<byte[]> inOrder(List<byte[]> keys) {
        List<byte[]> sorted = new ArrayList<>(keys);
        sorted.sort(Arrays::compareUnsigned);
        return sorted;
    }

    @Override
    public Map<byte[], byte[]> tallies(int partition) {
        return using(opened -> {
            Map<byte[], byte[]> tallies = new IdentityHashMap<>();
            byte[] prefix = OutboxItem.keyPrefix(partition);
            try (RocksIterator iterator = opened.rocks().newIterator(opened.tallies())) {
                iterator.seek(prefix);
                while (iterator.isValid() && startsWith(iterator.key(), prefix)) {
                    tallies.put(iterator.key(), iterator.value());
                    iterator.next();
                }
                iterator.status();
            }
            return tallies;
        });
    }

    @Override
    public void forgetTallies(List<byte[]> keys) {
        writing(opened -> {
            for (byte[] key : keys) {
                opened.rocks().delete(opened.tallies(), opened.relaxed(), key);
            }
        });
    }

    @Override
    public List<OutboxItem> outbox(int partition) {
        return using(opened -> items(opened, opened.outbox(), OutboxItem.keyPrefix(partition)));
    }

    /** Everything that was set aside, in order. */
    List<OutboxItem> quarantined() {
        return using(opened -> items(opened, opened.quarantine(), new byte[0]));
    }

    /** Puts an item that was set aside back to where it was. */
    void release(OutboxItem item) {
        writing(opened -> {
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(opened.outbox(), item.key(), item.value());
                batch.delete(opened.quarantine(), item.key());
                opened.rocks().write(opened.synced(), batch);
            }
        });
    }

    private static List<OutboxItem> items(StateDatabase opened, ColumnFamilyHandle family, byte[] prefix)
            throws RocksDBException {
        List<OutboxItem> items = new ArrayList<>();
        try (RocksIterator iterator = opened.rocks().newIterator(family)) {
            iterator.seek(prefix);
            while (iterator.isValid() && startsWith(iterator.key(), prefix)) {
                items.add(OutboxItem.of(iterator.key(), iterator.value()));
                iterator.next();
            }
            iterator.status();
        }
        return items;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void delivered(OutboxItem item) {
        writing(opened -> opened.rocks().delete(opened.outbox(), opened.relaxed(), item.key()));
    }

    @Override
    public void quarantine(OutboxItem item) {
        writing(opened -> {
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(opened.quarantine(), item.key(), item.value());
                batch.delete(opened.outbox(), item.key());
                opened.rocks().write(opened.synced(), batch);
            }
        });
    }

    @Override
    public boolean hasQuarantined() {
        return using(opened -> {
            try (RocksIterator iterator = opened.rocks().newIterator(opened.quarantine())) {
                iterator.seekToFirst();
                boolean found = iterator.isValid();
                iterator.status();
                return found;
            }
        });
    }

    @Override
    public void forgetIds(int partition, long endMillis) {
        if (using(opened -> opened.generations().hasEndedBy(partition, endMillis))) {
            alone(opened -> opened.generations().drop(partition, endMillis));
        }
    }

    @Override
    public List<Erasure> erasures() {
        return using(opened -> {
            List<Erasure> erasures = new ArrayList<>();
            try (RocksIterator iterator = opened.rocks().newIterator(opened.erased())) {
                for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                    erasures.add(Erasure.of(iterator.key(), iterator.value()));
                }
                iterator.status();
            } catch (IOException failure) {
                throw failed("read", failure);
            }
            return erasures;
        });
    }

    @Override
    public void erase(Erasure erasure) {
        writing(opened -> opened.rocks().put(opened.erased(), opened.synced(), erasure.key(), erasure.value()));
    }

    @Override
    public void forget(Erasure erasure) {
        writing(opened -> opened.rocks().delete(opened.erased(), opened.relaxed(), erasure.key()));
    }

    @Override
    public void forgetTraits(List<byte[]> userKeys) {
        writing(opened -> {
            try (WriteBatch batch = new WriteBatch()) {
                for (byte[] key : userKeys) {
                    batch.delete(opened.traits(), key);
                }
                opened.rocks().write(opened.synced(), batch);
            }
        });
    }

    @Override
    public void compact() {
        writing(StateDatabase::compact);
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            if (database != null) {
                database.close();
                database = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static List<byte @Nullable []> multiGet(RocksDB rocks, ColumnFamilyHandle family, List<byte[]> keys)
            throws RocksDBException {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += KEYS_PER_READ) {
            List<byte[]> portion = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_READ));
            values.addAll(rocks.multiGetAsList(Collections.nCopies(portion.size(), family), portion));
        }
        return values;
    }

    private interface Use<T> {
        T of(StateDatabase database) throws RocksDBException;
    }

    private interface FamilyUse {
        void of(StateDatabase database) throws RocksDBException;
    }

    /** With the column families held still. */
    private <T> T using(Use<T> use) {
        return locked(lock.readLock(), use);
    }

    private void writing(FamilyUse change) {
        boolean _ = using(opened -> {
            change.of(opened);
            return true;
        });
    }

    /** While nobody else is inside. */
    private void alone(FamilyUse change) {
        boolean _ = locked(lock.writeLock(), opened -> {
            change.of(opened);
            return true;
        });
    }

    private <T> T locked(Lock held, Use<T> use) {
        if (failed) {
            reopen();
        }
        held.lock();
        try {
            if (closed) {
                throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the processing state is closed");
            }
            if (database == null) {
                throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the processing state is not open");
            }
            return use.of(database);
        } catch (RocksDBException failure) {
            failed = true;
            throw failed("used", failure);
        } finally {
            held.unlock();
        }
    }

    /** RocksDB refuses all writes after an error of the disk, until it is opened anew. */
    private void reopen() {
        lock.writeLock().lock();
        try {
            if (closed || !failed) {
                return;
            }
            if (database != null) {
                StateDatabase broken = database;
                database = null;
                broken.close();
            }
            database = StateDatabase.open(directory);
            failed = false;
        } catch (RocksDBException failure) {
            throw failed("opened anew", failure);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static TidemarkException failed(String verb, Exception failure) {
        return new TidemarkException(ErrorCode.STORAGE_FAILED, "the processing state could not be " + verb, failure);
    }
}
