package dev.tidemark.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Blocking calls to a server's public HTTP API. Thread-safe. */
final class TidemarkClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final String url;
    private final String key;

    /**
     * @param key a secret key; empty for a client that asks for health only
     */
    TidemarkClient(String url, String key) {
        this.url = url;
        this.key = key;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** A status with the body that came with it. */
    record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    Answer postEvents(String body) throws IOException, InterruptedException {
        return send(request("/api/v1/events")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Asks a question; the answer's {@code data}. Any status but 200 is a failure. */
    JsonNode ask(JsonNode question) throws IOException, InterruptedException {
        Answer answer = send(request("/api/v1/query")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(write(question)))
                .build());
        if (answer.status() != 200) {
            throw new IOException("the question " + question + " was answered with " + answer);
        }
        JsonNode json = answer.json();
        return json.has("data") ? json.get("data") : json;
    }

    /** Sends a request with a JSON body, empty for none, and returns what comes back. */
    Answer call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build());
    }

    boolean ready() throws InterruptedException {
        try {
            return send(request("/health/ready").GET().build()).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).header("Authorization", "Bearer " + key);
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private static String write(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
