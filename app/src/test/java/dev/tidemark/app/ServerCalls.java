package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** Calls a server that a test runs, as its operator and as tenants that the operator makes. Thread-safe. */
final class ServerCalls implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TestedServer server;
    private final String operatorKey;

    /** Somebody whose events the server keeps. */
    record Tenant(String id, String secretKey, String writeKey) {}

    /**
     * Of a server that is running.
     *
     * @param data its data directory
     */
    ServerCalls(TestedServer server, Path data) throws IOException {
        this.server = server;
        this.operatorKey = JSON.readTree(Files.readString(data.resolve("run").resolve("server.json")))
                .path("operator_key")
                .asText();
    }

    Tenant tenant(String id) throws IOException, InterruptedException {
        HttpResponse<String> response = asOperator(
                "POST",
                "/api/v1/tenants",
                JSON.createObjectNode().put("tenant_id", id).toString());
        JsonNode made = JSON.readTree(response.body());
        return new Tenant(
                id, made.path("secret_key").asText(), made.path("write_key").asText());
    }

    HttpResponse<String> asOperator(String method, String path, String body) throws IOException, InterruptedException {
        return send(operatorKey, method, path, body);
    }

    HttpResponse<String> post(String key, String events) throws IOException, InterruptedException {
        return send(key, "POST", "/api/v1/events", events);
    }

    JsonNode get(String key, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(key, "GET", path, "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** Asks how many events of a type there are. */
    HttpResponse<String> ask(Tenant tenant, String type) throws IOException, InterruptedException {
        return send(tenant.secretKey(), "POST", "/api/v1/query", """
                {"type":"metric","measures":[{"name":"n","measure":"events","event":"%s"}],"range":{"last":"7d"}}""".formatted(type));
    }

    long count(Tenant tenant, String type) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(tenant, type);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("data").path("value").asLong();
    }

    HttpResponse<String> send(String key, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
