package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.io.OutputStream;
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

    /** The same for members of a list of persons. Who stands in a list twice is one member of it. */
    Block encodeCohortMembers(String token, TenantId tenant, String list, List<Long> persons);

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

    /**
     * Hands the rows of one statement of one tenant to a sink while the engine makes them, in any number and in constant memory. Either
     * every row was handed over when it returns, or it fails: as {@link #query} does, under the limits of streams, after any
     * number of rows; or with {@code UncheckedIOException} when the sink does, whereupon the statement is ended.
     */
    void stream(TenantId tenant, Select select, RowSink sink);

    /**
     * The same as a Parquet file, written to a target that is left open. The columns have the types of the statement's. After a
     * failure the target holds no valid file, if anything.
     */
    void parquet(TenantId tenant, Select select, OutputStream target);

    /**
     * Adds the persons of a statement to a list of its tenant, within the store and without their passing through here.
     *
     * <p>Fails as {@link #query} does, or with {@code DISK_FULL}; then some of them may be in the list.
     *
     * @param persons has the column {@code person}
     * @param atMost how many are added; whoever comes later is left out
     */
    void addCohortMembers(TenantId tenant, String list, Select persons, long atMost);

    /** Empties a list, which need not exist. Fails as {@link #insert} does; then it may be done or not. */
    void removeCohortMembers(TenantId tenant, String list);

    /** Whether the engine answers now. Bounded by a second. */
    boolean healthy();

    @Override
    void close();
}
