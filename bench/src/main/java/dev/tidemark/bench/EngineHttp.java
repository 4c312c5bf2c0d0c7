package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Statements sent straight to a server's engine over HTTP, past the server. Thread-safe. */
final class EngineHttp implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> AS_THE_SERVER_ASKS = Map.of(
            "default_format",
            "JSONCompact",
            "wait_end_of_query",
            "1",
            "buffer_size",
            Integer.toString(8 << 20),
            "output_format_json_quote_64bit_integers",
            "0",
            "output_format_json_quote_denormals",
            "0");
    private static final String READER = "tidemark_reader";
    private static final String WRITER = "tidemark_writer";
    private static final Duration LONGEST = Duration.ofMinutes(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final int port;
    private final String password;

    EngineHttp(int port, String password) {
        this.port = port;
        this.password = password;
    }

    /**
     * Runs a question as the login that the server asks with, under the same settings and limits.
     *
     * @param parameters values of the {@code {name:Type}} placeholders
     */
    String ask(String sql, Map<String, String> parameters) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>(AS_THE_SERVER_ASKS);
        parameters.forEach((name, value) -> options.put("param_" + name, value));
        return send(READER, sql, options);
    }

    /** Runs a statement for its effect, as the login that may write. */
    String run(String sql, Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>(settings);
        options.put("wait_end_of_query", "1");
        return send(WRITER, sql, options).strip();
    }

    static JsonNode read(String answer) throws IOException {
        return JSON.readTree(answer);
    }

    private String send(String user, String sql, Map<String, String> options) throws IOException, InterruptedException {
        StringBuilder address = new StringBuilder("http://127.0.0.1:" + port + "/?database=tidemark");
        options.forEach((name, value) ->
                address.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(address.toString()))
                .timeout(LONGEST)
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password)
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new EngineRefusal(
                    response.headers()
                            .firstValueAsLong("X-ClickHouse-Exception-Code")
                            .orElse(0),
                    "the engine answered " + response.statusCode() + ": "
                            + response.body().strip() + "\nto: " + shortened(sql));
        }
        return response.body();
    }

    private static String shortened(String sql) {
        return sql.length() > 2_000 ? sql.substring(0, 2_000) + "…" : sql;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
