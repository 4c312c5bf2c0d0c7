package dev.tidemark.store;

import com.clickhouse.data.ClickHouseFormat;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.OutputStream;
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
    private static final Duration UPKEEP_TIMEOUT = Duration.ofHours(1);

    private final EngineAddress address;
    private final EngineClient writer;
    private final EngineReader reader;
    private final EngineClient control;
    private final EngineClient keeper;
    private final EngineUpkeep upkeep;
    private final EngineClient streamer;
    private final Map<String, String> streamSettings;
    private final Map<String, String> querySettings;
    private final Map<String, String> insertSelectSettings;

    private EngineSession(EngineAddress address, StoreLimits limits, StreamLimits streams) {
        this.address = address;
        this.writer = new EngineClient(
                address, address.writer(), address.database(), MOST_WRITER_CONNECTIONS, limits.insertTimeout());
        this.reader =
                new EngineReader(address, address.reader(), limits.queryTime().plus(ANSWER_MARGIN));
        this.streamer = new EngineClient(
                address,
                address.reader(),
                address.database(),
                streams.concurrent(),
                streams.time().plus(ANSWER_MARGIN));
        this.streamSettings = Map.of(
                "max_execution_time",
                Long.toString(Math.max(1, streams.time().toSeconds())),
                "timeout_overflow_mode",
                "throw",
                "max_memory_usage",
                Long.toString(streams.memory().bytes()),
                "max_result_rows",
                "0",
                "max_threads",
                Integer.toString(streams.threads()),
                "http_send_timeout",
                Long.toString(Math.max(1, streams.time().toSeconds())),
                "cancel_http_readonly_queries_on_client_close",
                "1");
        this.control = new EngineClient(address, address.writer(), address.database(), 4, CONTROL_TIMEOUT);
        this.keeper = new EngineClient(address, address.writer(), address.database(), 4, UPKEEP_TIMEOUT);
        this.upkeep = new EngineUpkeep(keeper);
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
        this.insertSelectSettings = Map.of(
                "max_execution_time",
                Long.toString(Math.max(1, limits.queryTime().toSeconds())),
                "timeout_overflow_mode",
                "throw",
                "max_memory_usage",
                Long.toString(limits.queryMemory().bytes()),
                "async_insert",
                "0");
    }

    /** Makes the database, brings the tables up to date, and connects. */
    static EngineSession open(EngineAddress address, StoreLimits limits, StreamLimits streams) {
        try {
            try (EngineClient setup = new EngineClient(address, address.writer(), "default", 1, MIGRATION_TIMEOUT)) {
                setup.run("CREATE DATABASE IF NOT EXISTS " + address.database(), Map.of());
            }
            try (EngineClient setup =
                    new EngineClient(address, address.writer(), address.database(), 1, MIGRATION_TIMEOUT)) {
                Migrations.apply(setup, Migrations.bundled());
            }
            return new EngineSession(address, limits, streams);
        } catch (TidemarkException ours) {
            throw ours;
        } catch (RuntimeException failure) {
            throw EngineFailures.ofSetup(failure);
        }
    }

    EngineAddress address() {
        return address;
    }

    EngineUpkeep upkeep() {
        return upkeep;
    }

    Rows query(Select select, Effort effort, String queryId) {
        try {
            return reader.rows(select.sql(), select.values(), settings(select.readingSteps(), effort), queryId);
        } catch (RuntimeException failure) {
            if (EngineFailures.mayStillRun(failure)) {
                kill(queryId);
            }
            throw EngineFailures.ofQuery(failure);
        }
    }

    /** Hands over the rows as the engine makes them. */
    void stream(String sql, Map<String, Object> parameters, RowSink sink, String queryId) {
        streamed(
                sql,
                parameters,
                queryId,
                ClickHouseFormat.JSONCompact,
                input -> ResultReader.stream(input, Target.of(sink)));
    }

    /** Writes the rows as a Parquet file. */
    void parquet(String sql, Map<String, Object> parameters, OutputStream target, String queryId) {
        streamed(
                sql,
                parameters,
                queryId,
                ClickHouseFormat.Parquet,
                input -> ParquetCopy.copy(input, Target.of(target)));
    }

    private void streamed(
            String sql,
            Map<String, Object> parameters,
            String queryId,
            ClickHouseFormat format,
            EngineClient.ResultStream reader) {
        try {
            streamer.stream(sql, parameters, streamSettings, queryId, format, reader);
        } catch (RuntimeException failure) {
            IOException ofTarget = Target.failure(failure);
            if (ofTarget != null || EngineFailures.mayStillRun(failure)) {
                kill(queryId);
            }
            throw ofTarget == null ? EngineFailures.ofQuery(failure) : new UncheckedIOException(ofTarget);
        }
    }

    private Map<String, String> settings(ReadingSteps steps, Effort effort) {
        Map<String, String> settings = new HashMap<>(querySettings);
        settings.putAll(steps.settings());
        if (effort.equals(Effort.USUAL)) {
            return settings;
        }
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

    void saveMembers(Select persons, String list, long atMost, String queryId) {
        Map<String, Object> values = new HashMap<>(persons.values());
        values.put("saved_tenant", persons.tenant().value());
        values.put("saved_list", list);
        try {
            writer.run(
                    "INSERT INTO cohort_members (tenant_id, list_id, person) SELECT {saved_tenant:String},"
                            + " {saved_list:String}, person FROM (" + persons.sql() + ") LIMIT " + atMost,
                    values,
                    insertSelectSettings,
                    queryId);
        } catch (RuntimeException failure) {
            if (EngineFailures.mayStillRun(failure)) {
                kill(queryId);
            }
            throw EngineFailures.ofQuery(failure);
        }
    }

    void removeMembers(TenantId tenant, String list) {
        try {
            writer.run(
                    "DELETE FROM cohort_members WHERE tenant_id = {tenant:String} AND list_id = {list:String}",
                    Map.of("tenant", tenant.value(), "list", list),
                    Map.of(),
                    "");
        } catch (RuntimeException failure) {
            throw EngineFailures.ofInsert(failure);
        }
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
        streamer.close();
        control.close();
        keeper.close();
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
        return switch (table) {
            case EVENTS -> BlockEncoder.EVENT_COLUMNS;
            case DEAD_LETTERS -> BlockEncoder.DEAD_LETTER_COLUMNS;
            case COHORT_MEMBERS -> BlockEncoder.COHORT_MEMBER_COLUMNS;
            case ROLLUP_MINUTE, ROLLUP_HOUR, PROFILES ->
                throw new TidemarkException(ErrorCode.INTERNAL, table + " is filled by the engine alone");
        };
    }
}
