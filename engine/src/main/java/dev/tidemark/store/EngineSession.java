package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to one engine whose tables are up to date. Thread-safe. */
final class EngineSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSession.class);
    private static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MIGRATION_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(5);
    private static final int MOST_WRITER_CONNECTIONS = 64;

    private final EngineAddress address;
    private final EngineClient writer;
    private final EngineClient reader;
    private final EngineClient control;
    private final Map<String, String> querySettings;

    private EngineSession(EngineAddress address, StoreLimits limits) {
        this.address = address;
        this.writer = new EngineClient(
                address, address.writer(), address.database(), MOST_WRITER_CONNECTIONS, limits.insertTimeout());
        this.reader = new EngineClient(
                address,
                address.reader(),
                address.database(),
                limits.concurrentQueries(),
                limits.queryTime().plus(ANSWER_MARGIN));
        this.control = new EngineClient(address, address.writer(), address.database(), 4, CONTROL_TIMEOUT);
        this.querySettings = Map.of(
                "max_execution_time",
                Long.toString(Math.max(1, limits.queryTime().toSeconds())),
                "timeout_overflow_mode",
                "throw",
                "max_memory_usage",
                Long.toString(limits.queryMemory().bytes()),
                "max_result_rows",
                Long.toString(limits.resultRows()),
                "result_overflow_mode",
                "throw",
                "cancel_http_readonly_queries_on_client_close",
                "1");
    }

    /** Makes the database, brings the tables up to date, and connects. */
    static EngineSession open(EngineAddress address, StoreLimits limits) {
        try {
            try (EngineClient setup = new EngineClient(address, address.writer(), "default", 1, MIGRATION_TIMEOUT)) {
                setup.run("CREATE DATABASE IF NOT EXISTS " + address.database(), Map.of());
            }
            try (EngineClient setup =
                    new EngineClient(address, address.writer(), address.database(), 1, MIGRATION_TIMEOUT)) {
                Migrations.apply(setup, Migrations.bundled());
            }
            return new EngineSession(address, limits);
        } catch (TidemarkException ours) {
            throw ours;
        } catch (RuntimeException failure) {
            throw EngineFailures.ofSetup(failure);
        }
    }

    EngineAddress address() {
        return address;
    }

    Rows query(String sql, Map<String, Object> parameters, Effort effort, String queryId) {
        try {
            return reader.rows(sql, parameters, settings(effort), queryId);
        } catch (RuntimeException failure) {
            if (EngineFailures.mayStillRun(failure)) {
                kill(queryId);
            }
            throw EngineFailures.ofQuery(failure);
        }
    }

    private Map<String, String> settings(Effort effort) {
        if (effort.equals(Effort.USUAL)) {
            return querySettings;
        }
        Map<String, String> settings = new HashMap<>(querySettings);
        if (effort.threads() > 0) {
            settings.put("max_threads", Integer.toString(effort.threads()));
        }
        settings.put("priority", Integer.toString(effort.priority()));
        return settings;
    }

    void insert(Block block) {
        long rows;
        try {
            rows = writer.insert(
                    block.table().sqlName(),
                    columns(block.table()),
                    block.payload(),
                    BlockEncoder.ENCODING,
                    ClickHouseStore.insertSettings(block));
        } catch (RuntimeException failure) {
            throw EngineFailures.ofInsert(failure);
        }
        if (rows < block.rows()) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "the analytical engine read " + rows + " of the " + block.rows() + " rows of a block");
        }
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
        control.close();
    }

    private void kill(String queryId) {
        boolean interrupted = Thread.interrupted();
        try {
            control.run("KILL QUERY WHERE query_id = {id:String} ASYNC", Map.of("id", queryId));
        } catch (UncheckedIOException | com.clickhouse.client.api.ClickHouseException unreachable) {
            LOG.atDebug().addKeyValue("query", queryId).log("A question that was given up could not be ended");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> columns(Table table) {
        return table == Table.DEAD_LETTERS ? BlockEncoder.DEAD_LETTER_COLUMNS : BlockEncoder.EVENT_COLUMNS;
    }
}
