package dev.tidemark.store;

import com.clickhouse.client.api.ServerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one engine for rows, as one login, with as little between the statement and its result as there can be: questions of small
 * tenants take the engine a few milliseconds, and a general client added one to each. Blocking; thread-safe.
 */
final class EngineReader implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A result of up to this size is held in the engine's memory until it is complete; a larger one goes over its disk. */
    private static final int RESULT_BUFFER_BYTES = 8 << 20;

    private static final String CODE_HEADER = "X-ClickHouse-Exception-Code";
    private static final int OK = 200;

    private final HttpClient http;
    private final String address;
    private final String authorization;
    private final Duration timeout;

    /**
     * Connects nowhere yet.
     *
     * @param timeout after which a statement is given up
     */
    EngineReader(EngineAddress engine, EngineAddress.Login login, Duration timeout) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                // What is left to do is to copy a few bytes; to wake another thread for it takes longer.
                .executor(Runnable::run)
                .build();
        this.address = engine.url() + "/?database=" + engine.database()
                + "&default_format=JSONCompact&wait_end_of_query=1&buffer_size=" + RESULT_BUFFER_BYTES
                + "&output_format_json_quote_64bit_integers=0&output_format_json_quote_denormals=0";
        String credentials = login.user() + ":" + login.password().reveal();
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.timeout = timeout;
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
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri.toString()))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
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
    private Answer answer(HttpRequest request) throws IOException {
        try {
            return send(request);
        } catch (ConnectException | TimedOut | Interrupted failure) {
            throw failure;
        } catch (IOException noAnswer) {
            return send(request);
        }
    }

    /**
     * Waits for the whole body itself: the client would announce it on the common pool, which others may have filled with threads that
     * wait for this.
     */
    private Answer send(HttpRequest request) throws IOException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(
                request,
                head -> HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofByteArray(), body -> {
                    answer.complete(new Answer(head.statusCode(), head.headers(), body));
                    return body;
                }));
        response.exceptionally(failure -> {
            answer.completeExceptionally(failure);
            return null;
        });
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            response.cancel(true);
            throw new TimedOut();
        } catch (InterruptedException _) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new Interrupted();
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure.getCause();
            throw cause instanceof IOException broken ? broken : new IOException(cause);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // read once and let go
    private record Answer(int status, HttpHeaders headers, byte[] body) {}

    private static ServerException refusal(Answer answer, String queryId) {
        Optional<String> code = answer.headers.firstValue(CODE_HEADER);
        String says = new String(answer.body, StandardCharsets.UTF_8).strip();
        return new ServerException(
                code.map(String::strip)
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
        http.shutdownNow();
    }

    private static final class TimedOut extends IOException {
        private static final long serialVersionUID = 1L;

        TimedOut() {
            super("the engine did not answer in time");
        }
    }

    private static final class Interrupted extends IOException {
        private static final long serialVersionUID = 1L;

        Interrupted() {
            super("interrupted");
        }
    }
}
