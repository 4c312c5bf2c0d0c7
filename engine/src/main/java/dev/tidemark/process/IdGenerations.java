package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.process.State.Generation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The column families that hold ids, each of one partition and one generation, named {@code ids-PARTITION-START-END}. Whole
 * families are dropped, which costs nothing per id. Not thread-safe: the state locks around it.
 */
final class IdGenerations implements AutoCloseable {
    private static final Comparator<Generation> NEWEST_FIRST = Comparator.comparingLong(Generation::startMillis)
            .thenComparingLong(Generation::endMillis)
            .reversed();

    private final RocksDB database;
    private final ColumnFamilyOptions options;
    private final Map<Integer, NavigableMap<Generation, Family>> families = new HashMap<>();
    private final List<ColumnFamilyHandle> created = new ArrayList<>();

    /**
     * One generation's ids.
     *
     * @param filter over all of them; absent when some were there before the database was opened
     */
    record Family(ColumnFamilyHandle handle, @Nullable IdFilter filter) {
        boolean mayContain(byte[] key) {
            return filter == null || filter.mayContain(key);
        }
    }

    IdGenerations(RocksDB database, ColumnFamilyOptions options) {
        this.database = database;
        this.options = options;
    }

    /** Takes in a family that was there when the database was opened, whose handle its opener closes. */
    void opened(String name, ColumnFamilyHandle family) {
        String[] parts = name.split("-", -1);
        if (parts.length != 4 || !parts[0].equals("ids")) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the processing state holds something unknown: " + name);
        }
        Generation generation = new Generation(Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        of(Integer.parseInt(parts[1]), generation, new Family(family, null));
    }

    Collection<Family> of(int partition) {
        NavigableMap<Generation, Family> generations = families.get(partition);
        return generations == null ? List.of() : generations.values();
    }

    Family get(int partition, Generation generation) {
        NavigableMap<Generation, Family> generations = families.get(partition);
        Family family = generations == null ? null : generations.get(generation);
        if (family == null) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a generation of ids is missing");
        }
        return family;
    }

    boolean hasAll(int partition, Set<Generation> wanted) {
        NavigableMap<Generation, Family> generations = families.get(partition);
        return wanted.isEmpty() || generations != null && generations.keySet().containsAll(wanted);
    }

    void ensure(int partition, Set<Generation> wanted) throws RocksDBException {
        for (Generation generation : wanted) {
            if (!hasAll(partition, Set.of(generation))) {
                String name = "ids-" + partition + "-" + generation.startMillis() + "-" + generation.endMillis();
                ColumnFamilyHandle family = database.createColumnFamily(
                        new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), options));
                created.add(family);
                of(partition, generation, new Family(family, new IdFilter()));
            }
        }
    }

    List<ColumnFamilyHandle> handles() {
        return families.values().stream()
                .flatMap(generations -> generations.values().stream())
                .map(Family::handle)
                .toList();
    }

    boolean hasEndedBy(int partition, long endMillis) {
        NavigableMap<Generation, Family> generations = families.get(partition);
        return generations != null && generations.keySet().stream().anyMatch(g -> g.endMillis() <= endMillis);
    }

    void drop(int partition, long endMillis) throws RocksDBException {
        NavigableMap<Generation, Family> generations = families.get(partition);
        if (generations == null) {
            return;
        }
        for (Generation generation : List.copyOf(generations.keySet())) {
            if (generation.endMillis() <= endMillis) {
                ColumnFamilyHandle family = get(partition, generation).handle();
                database.dropColumnFamily(family);
                generations.remove(generation);
                created.remove(family);
                family.close();
            }
        }
    }

    @Override
    public void close() {
        created.forEach(ColumnFamilyHandle::close);
        created.clear();
        families.clear();
    }

    private void of(int partition, Generation generation, Family family) {
        families.computeIfAbsent(partition, _ -> new TreeMap<>(NEWEST_FIRST)).put(generation, family);
    }
}
