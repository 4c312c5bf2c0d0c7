package dev.tidemark.store;

import com.clickhouse.client.api.ServerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks one engine for rows, as one login, with as little between the statement and its result as there can be: questions of small
 * tenants take the engine a few milliseconds, and a general client added one to each. Blocking; thread-safe.
 */
final class EngineReader implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A result of up to this size is held in the engine's memory until it is complete; a larger one goes over its disk. */
    private static final int RESULT_BUFFER_BYTES = 8 << 20;

    /** The tables have none, and to look for one takes a third of a millisecond for each select of a statement. */
    private static final String NO_PROJECTIONS = "&optimize_use_projections=0&optimize_use_implicit_projections=0";

    private static final String CODE_HEADER = "X-ClickHouse-Exception-Code";
    private static final int OK = 200;

    /** Far above what {@link StoreLimits} lets ask at a time, so that nobody waits for a connection here. */
    private static final int MOST_CONNECTIONS = 512;

    /** The engine closes a connection that is idle for 30 s; one that has been idle for less than this is not tried before it is used. */
    private static final TimeValue SURELY_OPEN = TimeValue.ofSeconds(20);

    private final CloseableHttpClient http;
    private final String address;
    private final String authorization;

    /**
     * Connects nowhere yet.
     *
     * @param timeout without a byte from the engine after which a statement is given up; it sends nothing before its result is complete
     */
    EngineReader(EngineAddress engine, EngineAddress.Login login, Duration timeout) {
        Timeout patience = Timeout.of(timeout);
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setDefaultSocketConfig(SocketConfig.custom()
                                .setTcpNoDelay(true)
                                .setSoTimeout(patience)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                                .setSocketTimeout(patience)
                                .setValidateAfterInactivity(SURELY_OPEN)
                                .build())
                        .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(patience).build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        this.address = engine.url() + "/?database=" + engine.database()
                + "&default_format=JSONCompact&wait_end_of_query=1&buffer_size=" + RESULT_BUFFER_BYTES
                + "&output_format_json_quote_64bit_integers=0&output_format_json_quote_denormals=0" + NO_PROJECTIONS;
        String credentials = login.user() + ":" + login.password().reveal();
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Runs a statement that returns rows. Fails with {@code ServerException} when the engine says why, else with
     * {@code UncheckedIOException}; then the statement may still run.
     */
    Rows rows(String sql, Map<String, Object> parameters, Map<String, String> settings, String queryId) {
        StringBuilder uri = new StringBuilder(address);
        settings.forEach((name, value) -> append(uri, name, value));
        parameters.forEach((name, value) -> append(uri, "param_" + name, ParameterText.of(value)));
        append(uri, "query_id", queryId);
        HttpPost request = new HttpPost(URI.create(uri.toString()));
        request.setHeader("Authorization", authorization);
        request.setEntity(new ByteArrayEntity(sql.getBytes(StandardCharsets.UTF_8), null));
        try {
            Answer response = answer(request);
            if (response.status != OK) {
                throw refusal(response, queryId);
            }
            return ResultReader.read(new ByteArrayInputStream(response.body));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A kept connection that the engine has closed meanwhile gives no answer; then a request, which only reads, is sent once more. */
    private Answer answer(HttpPost request) throws IOException {
        try {
            return http.execute(request, EngineReader::whole);
        } catch (ConnectException | SocketTimeoutException failure) {
            throw failure;
        } catch (IOException noAnswer) {
            if (Thread.currentThread().isInterrupted()) {
                throw noAnswer;
            }
            return http.execute(request, EngineReader::whole);
        }
    }

    private static Answer whole(ClassicHttpResponse response) throws IOException {
        Header code = response.getFirstHeader(CODE_HEADER);
        return new Answer(
                response.getCode(),
                Optional.ofNullable(code == null ? null : code.getValue()),
                EntityUtils.toByteArray(response.getEntity()));
    }

    @SuppressWarnings("ArrayRecordComponent") // read once and let go
    private record Answer(int status, Optional<String> code, byte[] body) {}

    private static ServerException refusal(Answer answer, String queryId) {
        String says = new String(answer.body, StandardCharsets.UTF_8).strip();
        return new ServerException(
                answer.code
                        .map(String::strip)
                        .filter(text -> text.matches("\\d{1,9}"))
                        .map(Integer::parseInt)
                        .orElse(0),
                says,
                answer.status,
                queryId);
    }

    private static void append(StringBuilder uri, String name, String value) {
        uri.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
