package dev.tidemark.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What processing remembers between restarts. Reads and changes of one partition come from one thread, except {@link
 * #known}, {@link #delivered} and {@link #quarantine}, which any may call. Everything fails with {@code STORAGE_FAILED} or
 * {@code SHUTTING_DOWN}.
 */
interface State extends AutoCloseable {

    /** Different for every state that was ever created; part of every token, so that no two states share one. */
    String instance();

    /** The next offset to be read; -1 for a partition that was never read. */
    long cursor(int partition);

    /** For each id key, whether it was committed and its generation is still there. */
    boolean[] known(int partition, List<byte[]> idKeys);

    /** For each user key, its traits. */
    List<byte @Nullable []> traits(List<byte[]> userKeys);

    /** How many events of a partition were committed, by the keys of {@link Tallies.Day}. */
    Map<byte[], byte[]> tallies(int partition);

    /** Forgets tallies. May be forgotten itself by a crash. */
    void forgetTallies(List<byte[]> keys);

    /** Makes all of a change durable, or none. */
    void commit(Change change);

    /** What was committed and neither delivered nor set aside, in order. */
    List<OutboxItem> outbox(int partition);

    /** Forgets an item that is in the store. May be forgotten itself by a crash. */
    void delivered(OutboxItem item);

    /** Sets an item aside, durably. */
    void quarantine(OutboxItem item);

    /** Whether any item was ever set aside. */
    boolean hasQuarantined();

    /** Forgets the id generations of a partition that end at or before a time. */
    void forgetIds(int partition, long endMillis);

    /** What is never to be stored again, of all partitions. */
    List<Erasure> erasures();

    /** Notes one durably, instead of the former of its key. */
    void erase(Erasure erasure);

    /** Forgets one that is no longer needed. */
    void forget(Erasure erasure);

    /** Forgets the traits of users, durably. */
    void forgetTraits(List<byte[]> userKeys);

    /** Removes what was forgotten from the disk too. May take seconds. */
    void compact();

    @Override
    void close();

    /** Half-open range of receipt times whose ids are kept, and forgotten, together. */
    record Generation(long startMillis, long endMillis) {}

    /** Everything that one batch changes. */
    record Change(
            int partition,
            long cursor,
            Map<Generation, List<byte[]>> idKeys,
            Map<byte[], byte[]> traits,
            Map<byte[], byte[]> tallies,
            List<OutboxItem> outbox) {}
}
