package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.util.List;

/** The analytical store. Blocking; thread-safe. */
public interface EventStore extends AutoCloseable {

    /**
     * Encodes events into one insert block. Pure: equal input gives equal bytes. All events must fall into one month of UTC
     * event time, because an insert is atomic only within a store partition.
     */
    Block encodeEvents(String token, List<StoredEvent> events);

    /** The same for dead letters, of any time. */
    Block encodeDeadLetters(String token, List<StoredDeadLetter> deadLetters);

    /**
     * Makes a block durable and visible, in its table and in every rollup. Idempotent by the block's token, so a block whose
     * outcome is unknown is simply sent again.
     *
     * <p>Fails with {@code ENGINE_UNAVAILABLE} or {@code DISK_FULL} (retryable; whether the block is in is unknown), or
     * {@code STORAGE_FAILED} when the engine refuses the block itself.
     */
    void insert(Block block);

    /**
     * Answers one statement for one tenant. The tenant must be the one that the statement was built for.
     *
     * <p>Fails with {@code ENGINE_UNAVAILABLE}, {@code OVERLOADED} (too many queries wait), {@code QUERY_TOO_EXPENSIVE} (time,
     * memory or row limits), or {@code INTERNAL} when the engine rejects the SQL.
     */
    Rows query(TenantId tenant, Select select);

    /** The same with a limit to what it takes of the engine, where the store can set one. */
    default Rows query(TenantId tenant, Select select, Effort effort) {
        return query(tenant, select);
    }

    /** Whether the engine answers now. Bounded by a second. */
    boolean healthy();

    @Override
    void close();
}
