package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in a ClickHouse, be it the supervised child or a server of the operator's. Everything goes over HTTP; the tables
 * are brought up to date before the first statement. Thread-safe.
 */
public final class ClickHouseStore implements EventStore, Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(ClickHouseStore.class);
    private static final Duration PING_TIMEOUT = Duration.ofMillis(800);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_INSERTS = 64;

    private final Supplier<EngineAddress> address;
    private final StoreLimits limits;
    private final StreamLimits streams;
    private final TimeSource time;
    private final Semaphore queryPlaces;
    private final Semaphore streamPlaces;
    private final Semaphore insertPlaces = new Semaphore(MOST_INSERTS, true);
    private final ReentrantLock connecting = new ReentrantLock();
    /** The tokens of blocks that may have arrived in part. */
    private final Set<String> inDoubt = ConcurrentHashMap.newKeySet();

    private final AtomicLong queryNumber = new AtomicLong();
    private final String queryPrefix;
    private final Timer queryTimer;
    private final Timer insertTimer;
    private final Timer streamTimer;
    private final Timer heldTimer;
    private volatile @Nullable EngineSession session;
    private volatile boolean closed;

    /**
     * Connects nowhere yet: see {@link #prepare}.
     *
     * @param address asked again at each call, because a supervised engine may move to another port
     */
    public ClickHouseStore(Supplier<EngineAddress> address, StoreLimits limits, TimeSource time, MeterRegistry meters) {
        this(address, limits, StreamLimits.defaults(), time, meters);
    }

    ClickHouseStore(
            Supplier<EngineAddress> address,
            StoreLimits limits,
            StreamLimits streams,
            TimeSource time,
            MeterRegistry meters) {
        this.address = address;
        this.limits = limits;
        this.streams = streams;
        this.streamPlaces = new Semaphore(streams.concurrent(), true);
        this.time = time;
        this.queryPlaces = new Semaphore(limits.concurrentQueries(), true);
        this.queryPrefix = "tidemark-" + ProcessHandle.current().pid() + "-" + Long.toHexString(time.millis()) + "-";
        this.queryTimer = Timer.builder("tidemark.store.query").register(meters);
        this.streamTimer = Timer.builder("tidemark.store.stream").register(meters);
        this.heldTimer = Timer.builder("tidemark.store.inserts.held").register(meters);
        this.insertTimer = Timer.builder("tidemark.store.insert")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
    }

    /**
     * Makes the database and brings its tables up to date. Later calls do it where this has not succeeded yet.
     *
     * <p>Fails with {@code ENGINE_UNAVAILABLE} when the engine does not answer, and {@code INVALID_CONFIGURATION} when its
     * tables are not those of this program, which only the operator can mend.
     */
    public void prepare() {
        session();
    }

    @Override
    public Block encodeEvents(String token, List<StoredEvent> events) {
        return BlockEncoder.events(token, events);
    }

    @Override
    public Block encodeDeadLetters(String token, List<StoredDeadLetter> deadLetters) {
        return BlockEncoder.deadLetters(token, deadLetters);
    }

    @Override
    public Block encodeCohortMembers(String token, TenantId tenant, String list, List<Long> persons) {
        return BlockEncoder.cohortMembers(token, tenant, list, persons);
    }

    @Override
    public void insert(Block block) {
        acquire(insertPlaces, limits.insertTimeout(), "inserts");
        long begun = time.nanos();
        try {
            inDoubt.add(block.token());
            session().insert(block);
            inDoubt.remove(block.token());
        } catch (TidemarkException failure) {
            if (failure.code() == ErrorCode.STORAGE_FAILED) {
                inDoubt.remove(block.token());
            }
            throw failure;
        } finally {
            insertPlaces.release();
            insertTimer.record(time.nanos() - begun, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public Rows query(TenantId tenant, Select select) {
        return query(tenant, select, Effort.USUAL);
    }

    @Override
    public Rows query(TenantId tenant, Select select, Effort effort) {
        return asked(tenant, select, () -> session().query(select, effort, nextQueryId()));
    }

    @Override
    public void addCohortMembers(TenantId tenant, String list, Select persons, long atMost) {
        asked(tenant, persons, () -> {
            session().saveMembers(persons, list, atMost, nextQueryId());
            return list;
        });
    }

    @Override
    public void removeCohortMembers(TenantId tenant, String list) {
        acquire(insertPlaces, limits.insertTimeout(), "inserts");
        try {
            session().removeMembers(tenant, list);
        } finally {
            insertPlaces.release();
        }
    }

    @Override
    public void mark(TenantId tenant, List<LetterMark> marks, long atMillis) {
        if (!marks.isEmpty()) {
            keeping(() -> session().upkeep().mark(tenant, marks, atMillis));
        }
    }

    @Override
    public void delete(Deletion deletion) {
        keeping(() -> session().upkeep().delete(deletion));
    }

    @Override
    public void forgetStatements() {
        keeping(() -> session().upkeep().forgetStatements());
    }

    @Override
    public void removeEvents(Deletion events, int month) {
        alone(() -> session().upkeep().rebuildRollups(events, month));
        keeping(() -> session().upkeep().removeEvents(events, month));
    }

    @Override
    public void retain(Retention retention, Table table) {
        keeping(() -> session().upkeep().retain(retention, table));
    }

    /**
     * How many bytes of the engine's disk each tenant has, by estimate: each table's bytes are shared out by the number of rows, since
     * parts hold rows of many tenants. The sum over all tenants is what the tables have, but for what was inserted between the
     * statements; whose rows are larger than others' has more than is said. Blocks; fails like {@link #query}.
     */
    public Map<TenantId, Long> sizes() {
        return session().upkeep().sizes();
    }

    /** With every insert done or not begun, and none of them in doubt. */
    private void alone(Runnable statement) {
        acquire(insertPlaces, MOST_INSERTS, limits.insertTimeout(), "inserts");
        try {
            if (!inDoubt.isEmpty()) {
                throw new TidemarkException(ErrorCode.OVERLOADED, "it is not known yet whether a block has arrived");
            }
            long begun = time.nanos();
            statement.run();
            heldTimer.record(time.nanos() - begun, TimeUnit.NANOSECONDS);
        } finally {
            insertPlaces.release(MOST_INSERTS);
        }
    }

    private void keeping(Runnable statement) {
        acquire(insertPlaces, limits.insertTimeout(), "inserts");
        try {
            statement.run();
        } finally {
            insertPlaces.release();
        }
    }

    private <T> T asked(TenantId tenant, Select select, Supplier<T> statement) {
        requireTenant(tenant, select);
        if (queryPlaces.getQueueLength() >= limits.waitingQueries()) {
            throw overloaded("questions");
        }
        acquire(queryPlaces, limits.queryWait(), "questions");
        long begun = time.nanos();
        try {
            return statement.get();
        } finally {
            queryPlaces.release();
            queryTimer.record(time.nanos() - begun, TimeUnit.NANOSECONDS);
        }
    }

    private String nextQueryId() {
        return queryPrefix + queryNumber.incrementAndGet();
    }

    @Override
    public void stream(TenantId tenant, Select select, RowSink sink) {
        requireTenant(tenant, select);
        streaming(id -> session().stream(select.sql(), select.values(), sink, id));
    }

    @Override
    public void parquet(TenantId tenant, Select select, OutputStream target) {
        requireTenant(tenant, select);
        streaming(id -> session().parquet(select.sql(), select.values(), target, id));
    }

    private void streaming(Consumer<String> statement) {
        acquire(streamPlaces, streams.placeWait(), "exports");
        long begun = time.nanos();
        try {
            statement.accept(nextQueryId());
        } finally {
            streamPlaces.release();
            streamTimer.record(time.nanos() - begun, TimeUnit.NANOSECONDS);
        }
    }

    private static void requireTenant(TenantId tenant, Select select) {
        if (!tenant.equals(select.tenant())) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the statement was built for another tenant");
        }
    }

    @Override
    public boolean healthy() {
        return !closed && EnginePing.answers(address.get().url(), PING_TIMEOUT);
    }

    /** Waits for inserts and questions under way. */
    @Override
    public void close() {
        closed = true;
        try {
            boolean drained = insertPlaces.tryAcquire(MOST_INSERTS, CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    && queryPlaces.tryAcquire(
                            limits.concurrentQueries(), limits.queryTime().toMillis(), TimeUnit.MILLISECONDS);
            if (!drained) {
                LOG.atWarn().log("The engine is let go while statements are under way");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        EngineSession current = session;
        if (current != null) {
            current.close();
        }
    }

    private void acquire(Semaphore places, Duration atMost, String what) {
        acquire(places, 1, atMost, what);
    }

    private void acquire(Semaphore places, int count, Duration atMost, String what) {
        if (closed) {
            throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is shutting down");
        }
        try {
            if (!places.tryAcquire(count, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw overloaded(what);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(
                    ErrorCode.SHUTTING_DOWN, "interrupted while waiting for the engine", interrupted);
        }
    }

    private static TidemarkException overloaded(String what) {
        return new TidemarkException(ErrorCode.OVERLOADED, "too many " + what + " wait for the analytical engine");
    }

    private EngineSession session() {
        EngineAddress now = address.get();
        EngineSession current = session;
        if (current != null && current.address().equals(now)) {
            return current;
        }
        connecting.lock();
        try {
            current = session;
            if (current != null && current.address().equals(now)) {
                return current;
            }
            EngineSession next = EngineSession.open(now, limits, streams);
            session = next;
            if (current != null) {
                current.close();
            }
            return next;
        } finally {
            connecting.unlock();
        }
    }

    /** The settings of an insert: one block, in the table and its views once, on disk. */
    static Map<String, String> insertSettings(Block block) {
        String rows = Integer.toString(Math.max(1, block.rows()));
        Map<String, String> settings = new TreeMap<>();
        settings.put("async_insert", "0");
        settings.put("insert_deduplicate", "1");
        settings.put("insert_deduplication_token", block.token());
        settings.put("deduplicate_blocks_in_dependent_materialized_views", "1");
        settings.put("max_insert_block_size", rows);
        settings.put("min_insert_block_size_rows", rows);
        settings.put("min_insert_block_size_bytes", "0");
        settings.put("max_partitions_per_insert_block", block.table() == Table.EVENTS ? "1" : "0");
        settings.put("optimize_on_insert", "1");
        return settings;
    }
}
