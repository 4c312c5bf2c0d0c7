package dev.tidemark.store;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.hc.core5.http.NoHttpResponseException;

/** The HTTP connections of one login to one engine, for everything but questions: see {@link EngineReader}. Blocking; thread-safe. */
final class EngineClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final Client client;

    EngineClient(EngineAddress address, EngineAddress.Login login, String database, int connections, Duration timeout) {
        this.client = new Client.Builder()
                .addEndpoint(address.url().toString())
                .setUsername(login.user())
                .setPassword(login.password().reveal())
                .setDefaultDatabase(database)
                .setMaxConnections(connections)
                .setConnectTimeout(CONNECT_TIMEOUT.toMillis())
                .setConnectionRequestTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(timeout.toMillis())
                .setSocketTcpNodelay(true)
                .compressServerResponse(false)
                .compressClientRequest(false)
                .useAsyncRequests(false)
                .retryOnFailures(ClientFaultCause.None)
                .setMaxRetries(0)
                .setClientName("tidemark")
                .useServerTimeZone(false)
                .useTimeZone("UTC")
                .build();
    }

    /** Runs a statement of our own that returns rows. */
    Rows rows(String sql) {
        return rows(sql, Map.of());
    }

    @SuppressWarnings("try") // closing a response declares Exception, but closes a stream only
    Rows rows(String sql, Map<String, Object> parameters) {
        QuerySettings settings = new QuerySettings()
                .setFormat(ClickHouseFormat.JSONCompact)
                .serverSetting("wait_end_of_query", "1")
                .serverSetting("output_format_json_quote_64bit_integers", "0");
        try (QueryResponse response = result(() -> client.query(sql, parameters, settings))) {
            return ResultReader.read(response.getInputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }

    /**
     * Runs a statement whose result is read while it is made. Returns when the reader has; the connection is given up with what
     * is left when the reader fails.
     */
    @SuppressWarnings("try") // as above
    void stream(
            String sql,
            Map<String, Object> parameters,
            Map<String, String> serverSettings,
            String queryId,
            ClickHouseFormat format,
            ResultStream reader) {
        QuerySettings settings = new QuerySettings()
                .setFormat(format)
                .serverSetting("wait_end_of_query", "0")
                .serverSetting("output_format_json_quote_64bit_integers", "0")
                .serverSetting("output_format_json_quote_denormals", "0");
        serverSettings.forEach(settings::serverSetting);
        settings.setQueryId(queryId);
        try (QueryResponse response = result(() -> client.query(sql, parameters, settings))) {
            reader.read(response.getInputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }

    /** Reads a result to its end. */
    @FunctionalInterface
    interface ResultStream {
        void read(InputStream input) throws IOException;
    }

    /** Runs a statement for its effect. */
    void run(String sql, Map<String, Object> parameters) {
        run(sql, parameters, Map.of(), "");
    }

    @SuppressWarnings("try") // as above
    void run(String sql, Map<String, Object> parameters, Map<String, String> serverSettings, String queryId) {
        QuerySettings settings = new QuerySettings().serverSetting("wait_end_of_query", "1");
        serverSettings.forEach(settings::serverSetting);
        if (!queryId.isEmpty()) {
            settings.setQueryId(queryId);
        }
        try (QueryResponse response = result(() -> client.query(sql, parameters, settings))) {
            response.getInputStream().readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }

    /**
     * Sends bytes that are already compressed; returns once the engine has them on disk, with the number of rows that it read,
     * in the table's views too. A stream that breaks off at its beginning reads as no rows, not as an error.
     */
    long insert(
            String table, List<String> columns, byte[] payload, String encoding, Map<String, String> serverSettings) {
        InsertSettings settings =
                new InsertSettings().appCompressedData(true, encoding).serverSetting("wait_end_of_query", "1");
        serverSettings.forEach(settings::serverSetting);
        try (InsertResponse response = result(() ->
                client.insert(table, columns, output -> output.write(payload), ClickHouseFormat.Native, settings))) {
            return response.getReadRows();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Waits for an answer. A kept connection that the engine has closed meanwhile gives none; then the request is sent once
     * more, which does no harm, since inserts carry a token. The client's own repetition would set its only endpoint aside
     * for a while and say so at each request.
     */
    private static <T> T result(Supplier<Future<T>> request) {
        try {
            return answer(request.get());
        } catch (RuntimeException failure) {
            if (Thread.currentThread().isInterrupted() || !isWithoutAnswer(failure)) {
                throw failure;
            }
            return answer(request.get());
        }
    }

    private static boolean isWithoutAnswer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoHttpResponseException) {
                return true;
            }
        }
        return false;
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", interrupted));
        }
    }
}
