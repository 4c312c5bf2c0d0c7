package dev.tidemark.process;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A state in memory, which survives its own close. Thread-safe. */
final class MemoryState implements State {
    private final Map<Integer, Long> cursors = new HashMap<>();
    private final Map<Integer, Map<Generation, Set<ByteBuffer>>> ids = new HashMap<>();
    private final Map<ByteBuffer, byte[]> traits = new HashMap<>();
    private final Map<ByteBuffer, byte[]> tallies = new HashMap<>();
    private final TreeMap<ByteBuffer, byte[]> outbox = new TreeMap<>();
    private final Map<ByteBuffer, Erasure> erasures = new HashMap<>();
    private final List<OutboxItem> quarantine = new ArrayList<>();

    @Override
    public String instance() {
        return "memory";
    }

    @Override
    public synchronized long cursor(int partition) {
        return cursors.getOrDefault(partition, -1L);
    }

    @Override
    public synchronized boolean[] known(int partition, List<byte[]> idKeys) {
        boolean[] known = new boolean[idKeys.size()];
        for (Set<ByteBuffer> generation : ids.getOrDefault(partition, Map.of()).values()) {
            for (int index = 0; index < known.length; index++) {
                known[index] |= generation.contains(ByteBuffer.wrap(idKeys.get(index)));
            }
        }
        return known;
    }

    @Override
    public synchronized List<byte @Nullable []> traits(List<byte[]> userKeys) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (byte[] key : userKeys) {
            values.add(traits.get(ByteBuffer.wrap(key)));
        }
        return values;
    }

    @Override
    public synchronized void commit(Change change) {
        cursors.put(change.partition(), change.cursor());
        Map<Generation, Set<ByteBuffer>> generations = ids.computeIfAbsent(change.partition(), _ -> new HashMap<>());
        change.idKeys().forEach((generation, keys) -> {
            Set<ByteBuffer> known = generations.computeIfAbsent(generation, _ -> new HashSet<>());
            keys.forEach(key -> known.add(ByteBuffer.wrap(key)));
        });
        change.traits().forEach((key, value) -> traits.put(ByteBuffer.wrap(key), value));
        change.tallies().forEach((key, value) -> tallies.put(ByteBuffer.wrap(key), value));
        change.outbox().forEach(item -> outbox.put(ByteBuffer.wrap(item.key()), item.value()));
    }

    @Override
    public synchronized Map<byte[], byte[]> tallies(int partition) {
        Map<byte[], byte[]> of = new HashMap<>();
        tallies.forEach((key, value) -> {
            if (key.getInt(0) == partition) {
                of.put(key.array(), value);
            }
        });
        return of;
    }

    @Override
    public synchronized void forgetTallies(List<byte[]> keys) {
        keys.forEach(key -> tallies.remove(ByteBuffer.wrap(key)));
    }

    @Override
    public synchronized List<OutboxItem> outbox(int partition) {
        List<OutboxItem> items = new ArrayList<>();
        outbox.forEach((key, value) -> {
            OutboxItem item = OutboxItem.of(key.array(), value);
            if (item.partition() == partition) {
                items.add(item);
            }
        });
        return items;
    }

    @Override
    public synchronized void delivered(OutboxItem item) {
        outbox.remove(ByteBuffer.wrap(item.key()));
    }

    @Override
    public synchronized void quarantine(OutboxItem item) {
        outbox.remove(ByteBuffer.wrap(item.key()));
        quarantine.add(item);
    }

    @Override
    public synchronized List<Erasure> erasures() {
        return List.copyOf(erasures.values());
    }

    @Override
    public synchronized void erase(Erasure erasure) {
        erasures.put(ByteBuffer.wrap(erasure.key()), erasure);
    }

    @Override
    public synchronized void forget(Erasure erasure) {
        erasures.remove(ByteBuffer.wrap(erasure.key()));
    }

    @Override
    public synchronized void forgetTraits(List<byte[]> userKeys) {
        userKeys.forEach(key -> traits.remove(ByteBuffer.wrap(key)));
    }

    @Override
    public void compact() {}

    @Override
    public synchronized boolean hasQuarantined() {
        return !quarantine.isEmpty();
    }

    @Override
    public synchronized void forgetIds(int partition, long endMillis) {
        ids.getOrDefault(partition, new HashMap<>())
                .keySet()
                .removeIf(generation -> generation.endMillis() <= endMillis);
    }

    @Override
    public void close() {}
}
